"""The command that tries the judgement: `drill`."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.text import Text

from monitoring_tasks.cli.options import (
    HomeOption,
    JsonOption,
    ModelArgument,
    parse_day,
)
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.tables import Cell
from monitoring_tasks.cli.terminal import Part, assembled, joined

RESULTS = {
    "right": ("right", "green"),
    "wrong": ("wrong", "bold red"),
    "skipped": ("skipped", "dim"),
}


def drill(  # noqa: PLR0913 (a command's options)
    model: ModelArgument,
    *,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="What goes wrong; repeatable.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every known fault.")] = False,
    day: Annotated[
        date | None,
        typer.Option(
            parser=parse_day, metavar="DAY", help="Drill on no later day than this."
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Healthy days to drill on.")] = 5,
    size: Annotated[
        float | None, typer.Option(help="Size of the fault, in its own unit.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Put known faults into healthy days; see whether the judgement is right.

    Takes place in a throw-away workspace; the real one only gets the log. Exits with
    1 if an answer was wrong, or if no fault could be tried.

    Examples: daywatch drill flight_delay --all
              daywatch drill flight_delay --fault unit_change --size 1000
    """
    _require_choice(fault or [], every=every, size=size)
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations.drills.drilling import drill
        from monitoring_tasks.operations.drills.fault_catalogue import choose

        names = [known_fault.name for known_fault in choose(fault or [])]
        with day_bar("drilling", len(names) * days, hidden=as_json) as advance:
            summary = drill(
                model,
                faults=names,
                day=day.isoformat() if day else None,
                days=days,
                size=size,
                progress=advance,
            )
    if as_json:
        print_json(summary)
    else:
        _print(summary)
    # A drill that tried nothing has not shown that the judgement works.
    if summary["wrong"] or not summary["right"]:
        raise typer.Exit(ExitCode.FAULT)


def _require_choice(faults: list[str], *, every: bool, size: float | None) -> None:
    if every == bool(faults):
        raise typer.BadParameter("choose faults with --fault NAME, or use --all")
    if size is not None and len(faults) != 1:
        raise typer.BadParameter("--size is in a fault's own unit: name one --fault")


def _print(summary: dict[str, Any]) -> None:
    rows = [_row(record) for record in summary["drills"]]
    title = f"{summary['model']}, version {summary['version']}: drills"
    columns = ("fault", "size", "result", "found", "answer was", "expected")
    print_table(title, columns, rows, unbroken=columns[:4])
    for record in summary["drills"]:
        if record["result"] != "right":
            why = f"{record['fault']}: {record['why']}"
            console.print(why)
    console.print(
        f"{summary['right']} right, {summary['wrong']} wrong, {summary['skipped']} "
        f"skipped, on {len(summary['days'])} healthy days from {summary['days'][0]} to "
        f"{summary['days'][-1]}",
    )
    console.print(f"log: {summary['log']}", soft_wrap=True)


def _row(record: dict[str, Any]) -> list[Cell]:
    expected = record["expected"]
    return [
        record["fault"],
        f"{record['size']:g}",
        assembled(RESULTS[record["result"]]),
        f"day {days}" if (days := record.get("days_to_find")) else "-",
        _answer(record),
        _lines(
            " or ".join(expected["verdicts"]),
            " or ".join(expected["causes"]),
            " or ".join(expected["remedies"]),
        ),
    ]


def _answer(record: dict[str, Any]) -> Cell:
    """Return the answer of the first day that called for action, or of the last."""
    faulty = [day_seen for day_seen in record["seen"] if day_seen["is_faulty"]]
    if not faulty:
        return "-"
    acted = [day_seen for day_seen in faulty if day_seen["remedy"] != "none"]
    day_seen = acted[0] if acted else faulty[-1]
    verdict = joined(
        " ", filter(None, [styled(day_seen["verdict"]), day_seen["severity"]])
    )
    return _lines(verdict, day_seen["cause"] or "none", day_seen["remedy"])


def _lines(verdict: Part, cause: str, remedy: str) -> Text:
    return joined("\n", [verdict, cause, remedy])


COMMANDS = (drill,)
