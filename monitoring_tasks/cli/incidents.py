"""The command that lists incidents: `incidents`."""

from typing import Annotated, Any

import typer

from monitoring_tasks.cli.alarm_lines import marks_of
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.cli.terminal import assembled


def incidents(
    model: Annotated[
        str | None, typer.Argument(help="One model; all if left out.")
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List incidents, newest first, with what happened to each.

    Example: daywatch incidents flight_delay --json
    """
    with reported(home):
        from monitoring_tasks.operations.views.incidents import incidents_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            listed = incidents_view(workspace, model)
    if as_json:
        print_json(listed)
        return
    if not listed:
        console.print("no incidents")
    for incident in listed:
        console.print(
            assembled(
                (incident["id"], "bold"),
                f" {incident['severity']} {incident['state']}, since "
                f"{incident['onset_day']}: {incident['title']}",
            )
        )
        if marks := marks_of(incident):
            console.print(f"  {marks}")
        if incident["override"]:
            console.print(_overruled(incident["override"]))
        for event in incident["events"]:
            line = f"  {event['at']:%Y-%m-%d %H:%M} {event['actor']}: {event['text']}"
            console.print(line)


def _overruled(override: dict[str, Any]) -> str:
    """Return what a person said of an incident, beside what Daywatch found."""
    return (
        f"  {override['severity']}, {override['cause']} according to "
        f"{override['actor']}; Daywatch itself says {override['machine_severity']}, "
        f"{override['machine_cause']}"
    )


COMMANDS = (incidents,)
