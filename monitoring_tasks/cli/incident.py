"""Incidents: `incident list`, `incident show`, and what people say of them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli import incident_closing, incident_moves, incident_words
from monitoring_tasks.cli.alarm_lines import marks_of
from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import (
    LISTED,
    HomeOption,
    JsonOption,
    LimitOption,
    PageOption,
    models,
    page_of,
)
from monitoring_tasks.cli.output import console, print_json, print_more, reported
from monitoring_tasks.cli.terminal import assembled
from monitoring_tasks.domain.incidents import IncidentState

group = typer.Typer(
    name="incident",
    help="What needs somebody: who works on it, what was done, what became of it.",
    no_args_is_help=True,
)


def list_incidents(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    state: Annotated[
        list[IncidentState] | None,
        typer.Option("--state", help="Only those that stand there; may be repeated."),
    ] = None,
    limit: LimitOption = LISTED,
    page: PageOption = 1,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List incidents, newest first, with what happened to each; a page at a time.

    Examples: daywatch incident list flight_delay --json
              daywatch incident list --page 2
    """
    wanted = page_of(limit, page)
    with reported(home):
        from monitoring_tasks.operations.views.incidents import incidents_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            listed = incidents_view(workspace, model, states=state or (), page=wanted)
    if limit and len(listed) == limit:
        print_more(page)
    if as_json:
        print_json(listed)
        return
    if not listed:
        console.print("no incidents")
    for incident in listed:
        _print_incident(incident)


def show_incident(
    incident: IncidentArgument,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show an incident: who does what, its time line, and who was told of it.

    Example: daywatch incident show flight_delay-model-2013-09-02
    """
    with reported(home):
        from monitoring_tasks.operations.views.incidents import incident_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            shown = incident_view(workspace, incident)
    if as_json:
        print_json(shown)
        return
    _print_incident(shown)
    _print_roles(shown["roles"])
    for part in shown["parts"]:
        console.print(f"  part: {part}")
    for rollback in shown["rollbacks"]:
        console.print(
            f"  {rollback['id']}: {rollback['state']}, to version {rollback['to']}"
        )
    for message in shown["messages"]:
        when = message["sent_at"]
        done = f"{when:%Y-%m-%d %H:%M}" if when else message["fault"] or "not sent yet"
        console.print(
            f"  to {message['channel']}: {message['occasion']}, {message['state']} "
            f"({done})"
        )
    console.print(f"  revision {shown['revision']}")


def export_incident(
    incident: IncidentArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="File; standard output if left out.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the record of an incident as one JSON document.

    Time line with its chain, messages, how long things took, who does what. What it
    rests on goes with it in `daywatch governance bundle`.

    Example: daywatch incident export flight_delay-model-2013-09-02 --out incident.json
    """
    with reported(home):
        from monitoring_tasks.operations import incident_export
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            if out is None:
                print_json(incident_export.incident_record(workspace, incident))
                return
            written = incident_export.export_incident(workspace, incident, out)
    if as_json:
        print_json({"path": str(written)})
    else:
        console.print(f"written to {written}")


def _print_incident(incident: dict[str, Any]) -> None:
    console.print(
        assembled(
            (incident["id"], "bold"),
            f" {incident['severity']} {incident['state']}, since "
            f"{incident['onset_day']}: {incident['title']}",
        )
    )
    if marks := marks_of(incident):
        console.print(f"  {marks}")
    people = {
        "commander": incident["commander"],
        "scribe": incident["scribe"],
        "works on it": incident["assignee"],
    }
    if named := ", ".join(f"{role}: {who}" for role, who in people.items() if who):
        console.print(f"  {named}")
    if incident["override"]:
        console.print(_overruled(incident["override"]))
    for event in incident["events"]:
        line = f"  {event['at']:%Y-%m-%d %H:%M} {event['actor']}: {event['text']}"
        console.print(line)


def _print_roles(roles: dict[str, Any]) -> None:
    """Print who answers for the model, and for what is to be done about it."""
    if roles["owners"]:
        console.print(f"  owners: {', '.join(roles['owners'])}")
    # What Daywatch proposes by itself names nobody whom one could call.
    for activity, who in roles["duties"].items() if roles["declared"] else ():
        does, answers = (", ".join(who[key]) or "nobody" for key in who)
        name = activity.replace("_", " ")
        console.print(f"  {name}: {does} does it, {answers} answers for it")


def _overruled(override: dict[str, Any]) -> str:
    """Return what a person said of an incident, beside what Daywatch said."""
    return (
        f"  {override['severity']}, {override['cause']} according to "
        f"{override['actor']}; Daywatch itself says {override['machine_severity']}, "
        f"{override['machine_cause']}"
    )


COMMANDS = {
    "list": list_incidents,
    "show": show_incident,
    "export": export_incident,
    **{
        command.__name__.replace("_", "-"): command
        for part in (incident_moves, incident_words, incident_closing)
        for command in part.COMMANDS
    },
}
