"""Pages that a person asks for: of one day, or of many."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.operations.views.days import evaluation_of, newest_day
from monitoring_tasks.report.step import report_days
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpan:
    """The days whose pages are asked for.

    Attributes:
        first: First day.
        last: Last day, included.
        pages: How many of the days were evaluated.
    """

    first: date
    last: date
    pages: int


def report_span(
    workspace: Workspace, model: str, *, first: date | None, last: date | None
) -> ReportSpan:
    """Return the days from `first` to `last`; all evaluated ones where left out.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        first: First day; None for the first evaluated one.
        last: Last day, included; None for the last evaluated one.

    Raises:
        NoDataError: If no day of the model was evaluated yet.
    """
    newest = newest_day(workspace, model)
    days = workspace.results.days(model) or (newest, newest)
    start, end = first or days[0], last or days[1]
    # One page a day, however often the day was judged.
    pages = len(workspace.results.current(model, start, end))
    return ReportSpan(first=start, last=end, pages=pages)


def write_reports(
    workspace: Workspace,
    model: str,
    span: ReportSpan,
    *,
    only_missing: bool = False,
    progress: Callable[[date], None] | None = None,
) -> list[Path]:
    """Write the pages of a span, and the index of all days.

    Args:
        workspace: The workspace.
        model: Registered model name.
        span: The days.
        only_missing: Whether pages that are there stay as they are.
        progress: Called with each day once its page is written.
    """
    return report_days(
        workspace,
        model,
        span.first,
        span.last,
        only_missing=only_missing,
        progress=progress,
    )


def write_report(workspace: Workspace, model: str, day: date | None) -> Path:
    """Write the page of a day, the newest one where it is None.

    Args:
        workspace: The workspace.
        model: Registered model name.
        day: The day; None for the newest.

    Returns:
        Path of the page.

    Raises:
        NoDataError: If the day was not evaluated yet.
    """
    chosen = day or newest_day(workspace, model)
    unit = evaluation_of(workspace, model, chosen).unit
    return learn_and_report(Day(workspace, unit))
