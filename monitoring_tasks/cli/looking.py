"""The command that shows days of a model, or one rollback: `show`."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    OptionalDay,
    models,
    require_order,
)
from monitoring_tasks.cli.output import (
    console,
    interval,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.rollbacks import ROLLBACK, show_rollback
from monitoring_tasks.cli.segment_table import print_segments
from monitoring_tasks.cli.terminal import joined

ENDLESS = frozenset({"sequence", "forecast", "comparison", "labels"})
"""Kinds of numbers of no fixed number of days; their sentence says how many."""


def show(
    model_or_rollback: Annotated[
        str,
        typer.Argument(
            help="Registered model name, or the id of a rollback.",
            autocompletion=models,
        ),
    ],
    *,
    day: OptionalDay = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="A line a day for the last N days.")
    ] = None,
    first: FirstOption = None,
    last: LastOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show the last days of a model, one day whole with --day, or one rollback.

    Examples: daywatch show flight_delay --days 14
              daywatch show flight_delay --from 2013-08-01 --to 2013-08-31
              daywatch show flight_delay --day 2013-09-03 --json
              daywatch show rollback-1a2b3c4d5e6f
    """
    if ROLLBACK.fullmatch(model_or_rollback):
        show_rollback(model_or_rollback, as_json=as_json, home=home)
        return
    model = model_or_rollback
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.operations.views.days import (
            day_view,
            days_view,
            newest_day,
        )
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            newest = newest_day(workspace, model)
            if day is not None:
                _show_day(day_view(workspace, model, day), as_json=as_json)
                return
            end = last or newest
            start = first or end - timedelta(days=(days or 14) - 1)
            lines = days_view(workspace, model, start, end)
    if as_json:
        print_json(lines)
    else:
        print_days(model, lines)


def print_days(model: str, lines: list[dict[str, Any]]) -> None:
    """Print one line per day, and under the table what was done.

    Args:
        model: Registered model name, the title of the table.
        lines: See `operations.views.days.days_view`.
    """
    metric = lines[0]["metric"] if lines else ""
    rows = [
        [
            line["day"],
            str(line["rows"]),
            styled(line["data"]),
            interval(line["estimated"]),
            interval(line["realized"]),
            "\n".join(line["drifted"][:2]) or "-",
            line["version"] or "-",
            joined("\n", [styled(line["verdict"]), *_why(line)]),
        ]
        for line in lines
    ]
    columns = (
        "day", "rows", "data", f"estimated\n{metric}\n1 day",
        f"realized\n{metric}\n1 day", "drift", "ver", "verdict",
    )  # fmt: skip
    print_table(model, columns, rows, unbroken=columns[:-1])
    if any(line["estimated"] and line["realized"] for line in lines):
        console.print("where a day has both, realized decides: it rests on labels")
    for line in lines:
        action = line["action"] or {}
        if action.get("kind", "none") != "none":
            text = str(action["text"]).removeprefix(f"{line['day']}: ")
            console.print(f"{line['day']}: {text}")


def _why(line: dict[str, Any]) -> list[str]:
    """Return severity and cause, and the horizon of what decided, beyond one day."""
    days = (line["decided_by"] or {"horizon": 1})["horizon"]
    over = f"{days} days" if days > 1 else ""
    why = " ".join(filter(None, [line["severity"], line["cause"]]))
    return [text for text in (why, over) if text]


def _show_day(view: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(view)
        return
    from monitoring_tasks.cli.judging import print_day

    print_day(view)
    rows = [
        [f["kind"], f["metric"], f["column"] or f["segment"], _over(f),
         f["version"], styled(f["verdict"]), f["judgement"]]
        for f in view["findings"]
    ]  # fmt: skip
    columns = ("kind", "metric", "about", "over", "ver", "verdict", "why")
    print_table("findings", columns, rows)
    weak = (view["evidence"] or {}).get("weak_segments")
    if weak:
        print_segments(weak)


def _over(finding: dict[str, Any]) -> str:
    """Return over how many days a number was taken; some gather days without end."""
    if finding["kind"] in ENDLESS:
        return "-"
    days = finding["horizon"]
    return "1 day" if days == 1 else f"{days} days"


COMMANDS = (show,)
