"""The command that writes pages: `report`."""

from typing import Annotated

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    OptionalDay,
    require_order,
)
from monitoring_tasks.cli.output import console, print_json, reported

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
        from monitoring_tasks.operations.reports import (
            report_span,
            write_report,
            write_reports,
        )
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            if is_range:
                span = report_span(workspace, model, first=first, last=last)
                with day_bar("writing", span.pages, hidden=as_json) as advance:
                    written = write_reports(
                        workspace, model, span, only_missing=missing, progress=advance
                    )
            else:
                written = [write_report(workspace, model, day)]
            index = workspace.settings.reports / "index.html"
    newest_page = str(written[-1]) if written else None
    if as_json:
        print_json({"report": newest_page, "reports": [str(path) for path in written]})
    elif is_range:
        console.print(f"{len(written)} reports written; index: {index}", soft_wrap=True)
    else:
        console.print(f"report: {newest_page}", soft_wrap=True)


COMMANDS = (report,)
