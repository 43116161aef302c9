"""The index: each model with a strip of verdicts and a line a day, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.report.facts import verdict_of
from monitoring_tasks.report.rendering import page_path, templates, write_whole
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.schema import EvaluationRow

INDEX_DAYS = 400
STRIP_DAYS = 90
"""Days of the strip; the table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One line of the index.

    Attributes:
        model: Registered model name.
        day: The day it is about.
        mode: Why the day was looked at.
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
        entries: One a day looked at, newest first.
        strip: One a day up to the newest, oldest first; None for a day nobody
            looked at.
        missing: How many of the days have no page.
    """

    model: str
    entries: tuple[IndexEntry, ...]
    strip: tuple[tuple[date, IndexEntry | None], ...]
    missing: int


def render_index(entries: Sequence[IndexEntry]) -> str:
    """Write the index, grouped by model."""
    return templates().get_template("index.html.j2").render(models=grouped(entries))


def grouped(entries: Iterable[IndexEntry]) -> list[ModelIndex]:
    """Group entries by model, by name; within a model the newest day first."""
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


def write_index(database: Database, reports: Path) -> Path:
    """Write `<reports>/index.html` from the store's headers.

    Args:
        database: The store; only read.
        reports: Folder of the pages; a day without a page there gets no link. Of
            each model the last `INDEX_DAYS` days are listed.
    """
    results = Results(database)
    entries = [
        _entry(row, reports)
        for model, last in _last_days(database)
        for row in results.current(model, last - timedelta(days=INDEX_DAYS - 1), last)
    ]
    return write_whole(reports / "index.html", render_index(entries))


def _last_days(database: Database) -> list[tuple[str, date]]:
    row = EvaluationRow
    query = sa.select(row.model, sa.func.max(row.day)).group_by(row.model)
    with database.transaction() as connection:
        return [(model, day) for model, day in connection.execute(query)]


def _entry(row: Evaluation, reports: Path) -> IndexEntry:
    page = page_path(reports, row.model, row.day)
    return IndexEntry(
        model=row.model,
        day=row.day,
        mode=row.mode,
        verdict=verdict_of(row),
        severity=row.severity or "",
        cause=row.cause or "",
        action=row.action.text if row.action else "",
        link=page.relative_to(reports).as_posix() if page.is_file() else "",
    )
