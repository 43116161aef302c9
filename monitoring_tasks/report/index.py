"""The index: each model with a strip of verdicts and one line per day, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from monitoring_tasks.domain.day_lines import DayLine
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.report.rendering import page_path, templates, write_whole

INDEX_DAYS = 400
"""Days of a model that the index lists."""
INDEX_LINES = 5_000
"""Days of all models together that it lists, so that a browser can show it: of a
hundred models fifty days each, of a thousand five."""
STRIP_DAYS = 90
"""Days of the strip; the table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One line of the index.

    Attributes:
        model: Registered model name.
        day: The day it is about.
        mode: Why the day was judged.
        verdict: None when the day was never decided.
        severity: How much it matters; empty when nobody must act.
        cause: Where the trouble comes from; empty when there is none.
        action: What was done, in a sentence; empty when nothing was.
        link: Address of the page, relative to the index; empty when there is none.
    """

    model: str
    day: date
    mode: Mode
    verdict: Verdict | None
    severity: str = ""
    cause: str = ""
    action: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIndex:
    """The days of one model.

    Attributes:
        model: Registered model name.
        entries: One a day judged, newest first.
        strip: One a day up to the newest, oldest first; None for a day not judged.
        missing: How many of the days have no page.
    """

    model: str
    entries: tuple[IndexEntry, ...]
    strip: tuple[tuple[date, IndexEntry | None], ...]
    missing: int


def render_index(entries: Sequence[IndexEntry]) -> str:
    """Return the index as HTML, grouped by model."""
    return templates().get_template("index.html.j2").render(models=grouped(entries))


def grouped(entries: Iterable[IndexEntry]) -> list[ModelIndex]:
    """Return entries grouped by model, by name; within a model the newest day first."""
    ordered = sorted(entries, key=lambda entry: (entry.model, -entry.day.toordinal()))
    return [
        _of_model(model, tuple(days))
        for model, days in groupby(ordered, key=lambda entry: entry.model)
    ]


def _of_model(model: str, entries: tuple[IndexEntry, ...]) -> ModelIndex:
    by_day = {entry.day: entry for entry in entries}
    newest = entries[0].day
    span = min((newest - entries[-1].day).days + 1, STRIP_DAYS)
    days = [newest - timedelta(days=back) for back in reversed(range(span))]
    return ModelIndex(
        model=model,
        entries=entries,
        strip=tuple((day, by_day.get(day)) for day in days),
        missing=sum(not entry.link for entry in entries),
    )


def write_index(days: Iterable[DayLine], reports: Path) -> Path:
    """Write `<reports>/index.html`.

    Args:
        days: Days of every model, in any order.
        reports: Folder of the pages; a day without a page there gets no link.
    """
    entries = [_entry(line, reports) for line in days]
    return write_whole(reports / "index.html", render_index(entries))


def _entry(line: DayLine, reports: Path) -> IndexEntry:
    page = page_path(reports, line.model, line.day)
    return IndexEntry(
        model=line.model,
        day=line.day,
        mode=line.mode,
        verdict=line.verdict,
        severity=line.severity or "",
        cause=line.cause or "",
        action=line.action,
        link=page.relative_to(reports).as_posix() if page.is_file() else "",
    )
