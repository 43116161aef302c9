"""The command that writes pages: `report`."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.looking import OptionalDay
from monitoring_tasks.cli.output import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    console,
    print_json,
    reported,
    require_order,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from monitoring_tasks.workspace.workspace import Workspace

Missing = Annotated[
    bool, typer.Option("--missing", help="Write only the pages that are not there yet.")
]


def report(
    model: ModelArgument,
    *,
    day: OptionalDay = None,
    first: FirstOption = None,
    last: LastOption = None,
    missing: Missing = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the HTML report of a day, or of many, and the index of all days.

    Examples: daywatch report flight_delay --day 2013-09-03
              daywatch report flight_delay --from 2013-08-01 --to 2013-08-31
              daywatch report flight_delay --missing
    """
    is_range = missing or first is not None or last is not None
    if is_range and day is not None:
        msg = "--day names one day; leave it out beside --from, --to or --missing"
        raise typer.BadParameter(msg)
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations.views.days import newest_day
        from monitoring_tasks.report.step import report_days
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            newest = newest_day(workspace, model)
            if is_range:
                span = workspace.results.days(model) or (newest, newest)
                start, end = first or span[0], last or span[1]
                number = len(workspace.results.current(model, start, end))
                with day_bar("writing", number, hidden=as_json) as advance:
                    written = report_days(
                        workspace,
                        model,
                        start,
                        end,
                        only_missing=missing,
                        progress=advance,
                    )
            else:
                written = [_write_one(workspace, model, day or newest)]
            index = workspace.settings.reports / "index.html"
    newest_page = str(written[-1]) if written else None
    if as_json:
        print_json({"report": newest_page, "reports": [str(path) for path in written]})
    elif is_range:
        console.print(f"{len(written)} reports written; index: {index}", soft_wrap=True)
    else:
        console.print(f"report: {newest_page}", soft_wrap=True)


def _write_one(workspace: "Workspace", model: str, day: "date") -> "Path":
    from monitoring_tasks.daily import learn_and_report
    from monitoring_tasks.domain.units import Unit
    from monitoring_tasks.operations.views.days import day_view
    from monitoring_tasks.workspace.day import Day

    unit = Unit.from_key(day_view(workspace, model, day)["key"])
    return learn_and_report(Day(workspace, unit))


COMMANDS = (report,)
