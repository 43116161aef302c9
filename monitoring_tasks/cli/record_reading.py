"""Reading records of serious incidents: `governance record show`, `list`, `verify`."""

from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    reported,
)
from monitoring_tasks.cli.record_text import print_record, time_left

IncidentArgument = Annotated[
    str, typer.Argument(help="Its id, from `daywatch incident list`.")
]


def show(
    incident: IncidentArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Show the record: facts, answers, each clock with its quote; exit 3 if overdue.

    Example: daywatch governance record show ID
    """
    with reported(home):
        from monitoring_tasks.operations.governance.record_views import record_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            view = record_view(workspace, incident)
    if as_json:
        print_json(view)
    else:
        print_record(view)
    if any(clock["state"] == "overdue" for clock in view["clocks"]):
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)


def list_records(
    model: Annotated[str | None, typer.Argument(help="One model.")] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List the records by the time that is left; exit 3 if something is overdue.

    Example: daywatch governance record list
    """
    with reported(home):
        from monitoring_tasks.operations.governance.record_views import records_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            records = records_view(workspace, model)
    if as_json:
        print_json(records)
    elif not records:
        console.print("no regulatory records: nobody has opened one")
    else:
        print_table("regulatory records; no legal advice", COLUMNS, _rows(records))
    if any(record["overdue"] for record in records):
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)


COLUMNS = ("incident", "applies?", "next clock", "due (last day)", "left")


def _rows(records: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            record["incident"],
            record["applicability"],
            record["next_clock"] or "-",
            record["due_day"] or "-",
            time_left(record["hours_left"]),
        ]
        for record in records
    ]


def verify_records(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Check that no event of any record was changed, left out or cut off; else exit 1.

    Example: daywatch governance record verify
    """
    with reported(home):
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            broken = workspace.regulatory_events.verify()
            count = len(workspace.regulatory_events.events())
    if as_json:
        print_json({"ok": broken is None, "events": count, "broken": broken})
    else:
        console.print(broken or f"{count} events, each chained to the one before")
    if broken:
        raise typer.Exit(ExitCode.FAULT)
