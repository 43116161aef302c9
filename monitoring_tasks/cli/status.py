"""The command that shows every model in a line: `status`."""

from typing import Any

import typer

from monitoring_tasks.cli.alarm_lines import fleet_lines
from monitoring_tasks.cli.by_labels import by_labels, stands
from monitoring_tasks.cli.options import HomeOption, JsonOption, models
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_fault,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.terminal import assembled, joined


def status(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Show every model of the workspace in a line: last day, verdict, incidents.

    A contract that cannot be read, or a registry that does not answer, is said after
    the models, of which all is shown that the store knows.

    Example: daywatch status --json
    """
    with reported(home):
        from monitoring_tasks.operations.alarm_budget import fleet_view
        from monitoring_tasks.operations.views.status import status_views
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            lines = status_views(workspace, models())
            fleet = fleet_view(workspace, models())
    if as_json:
        print_json(
            [line | {"alarms": fleet["models"][line["model"]]} for line in lines]
        )
    else:
        _print_status(lines, fleet)
    _exit_on_faults([line["fault"] for line in lines if line["fault"]])


def _print_status(lines: list[dict[str, Any]], fleet: dict[str, Any]) -> None:
    rows = [
        [
            line["model"],
            line["day"] or "-",
            stands(line),
            line["version"] or "-",
            line["alias"] or "-",
            str(line["active_incidents"]),
        ]
        for line in lines
    ]
    columns = ("model", "last day", "verdict", "served", "alias", "active incidents")
    print_table("Daywatch", columns, rows)
    for line in lines:
        for text in by_labels(line):
            console.print(text)
        if line["slos"]:
            stand = [assembled(f"{n} ", styled(s)) for n, s in line["slos"].items()]
            statuses = joined(", ", stand)
            console.print(assembled(f"{line['model']} over many days: ", statuses))
    for text in fleet_lines(fleet):
        console.print(text)


def _exit_on_faults(faults: list[dict[str, Any]]) -> None:
    """Print what could not be asked, each once, and exit with the graver code."""
    for text, is_passing in {
        fault["text"]: fault["try_again"] for fault in faults
    }.items():
        print_fault("try again:" if is_passing else "error:", text)
    if faults:
        is_passing = all(fault["try_again"] for fault in faults)
        raise typer.Exit(ExitCode.TRY_AGAIN if is_passing else ExitCode.FAULT)


COMMANDS = (status,)
