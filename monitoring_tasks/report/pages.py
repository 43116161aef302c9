"""The page of a day and the index of all days: one self-contained file each."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from jinja2 import Environment, PackageLoader, StrictUndefined

from monitoring_tasks.domain.evaluations import Mode
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.report import figures, tables, words
from monitoring_tasks.report.facts import Facts, verdict_of
from monitoring_tasks.report.first_step import first_step
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.schema import EvaluationRow

INDEX_DAYS = 400


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


def render_day(facts: Facts) -> str:
    """Write the page of a day; equal facts give equal text."""
    loud, quiet = tables.split_findings(facts)
    unjudged, without_value = tables.unjudged(facts)
    return (
        _templates()
        .get_template("day.html.j2")
        .render(
            facts=facts,
            header=facts.header,
            verdict=verdict_of(facts.header),
            first_step=first_step(facts),
            performance=figures.performance_figure(facts),
            forecast=figures.forecast_figure(facts),
            limit_warnings=tables.limit_warnings(facts),
            trust_lines=tables.trust_lines(facts),
            arrival=figures.arrival_figure(facts),
            checks=tables.sorted_checks(facts.data) if facts.data else [],
            gates=tables.gate_counts(facts.data) if facts.data else [],
            drift=figures.drift_figure(facts),
            drift_lines=tables.drift_lines(facts),
            distributions=figures.distribution_figures(facts),
            loud=loud,
            quiet=quiet[: tables.MOST_QUIET],
            quiet_count=len(quiet),
            unjudged=unjudged,
            without_value=without_value,
            service=figures.service_figure(facts),
        )
    )


def render_index(entries: Sequence[IndexEntry]) -> str:
    """Write the index, one line an entry, in the order given."""
    return _templates().get_template("index.html.j2").render(entries=entries)


def write_day(facts: Facts, reports: Path) -> Path:
    """Write the page to `<reports>/<model>/<day>.html`, whole or not at all."""
    target = _page(reports, facts.unit.model, facts.unit.day)
    return _write(target, render_day(facts))


def write_index(database: Database, reports: Path) -> Path:
    """Write `<reports>/index.html` from the store's headers, newest day first.

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
    entries.sort(key=lambda entry: entry.model)
    entries.sort(key=lambda entry: entry.day, reverse=True)
    return _write(reports / "index.html", render_index(entries))


def _last_days(database: Database) -> list[tuple[str, date]]:
    row = EvaluationRow
    query = sa.select(row.model, sa.func.max(row.day)).group_by(row.model)
    with database.transaction() as connection:
        return [(model, day) for model, day in connection.execute(query)]


def _entry(row: dict[str, Any], reports: Path) -> IndexEntry:
    page = _page(reports, row["model"], row["day"])
    return IndexEntry(
        model=row["model"],
        day=row["day"],
        mode=Mode(row["mode"]),
        verdict=verdict_of(row),
        severity=row["severity"] or "",
        cause=row["cause"] or "",
        action=(row["action"] or {}).get("text", ""),
        link=page.relative_to(reports).as_posix() if page.is_file() else "",
    )


def _page(reports: Path, model: str, day: date) -> Path:
    return reports / model / f"{day.isoformat()}.html"


def _write(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)
    return target


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("monitoring_tasks.report"),
        autoescape=True,
        finalize=words.brief,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "number": words.number,
        "percent": words.percent,
        "interval": words.interval,
        "instant": words.instant,
        "plain": words.plain,
    }
    templates.globals |= {
        "shown": words.shown,
        "limit": words.limit,
        "SYMBOLS": words.SYMBOLS,
        "MEANINGS": words.MEANINGS,
        "NOT_DECIDED": words.NOT_DECIDED,
        "SLO_LOOKS": words.SLO_LOOKS,
        "TRUST_LOOKS": words.TRUST_LOOKS,
    }
    return templates
