"""The page of a day: one self-contained file, with links to its neighbours."""

import re
from datetime import date
from pathlib import Path

from monitoring_tasks.report import figures, tables
from monitoring_tasks.report.facts import Facts, verdict_of
from monitoring_tasks.report.first_step import first_step
from monitoring_tasks.report.rendering import page_path, templates, write_whole

_DAYS = re.compile(r'<nav class="days".*?</nav>', flags=re.DOTALL)
"""The links to other days; a name in a text is escaped and never looks like it."""


def render_day(
    facts: Facts, *, before: date | None = None, after: date | None = None
) -> str:
    """Return the page of a day as HTML; equal facts give equal text.

    Args:
        facts: What is known of the day.
        before: The nearest earlier day that has a page.
        after: The nearest later one.
    """
    loud, quiet = tables.split_findings(facts)
    trusted = tables.trust_lines(facts)
    unjudged, without_value = tables.unjudged(facts)
    return (
        templates()
        .get_template("day.html.j2")
        .render(
            facts=facts,
            before=before,
            after=after,
            header=facts.header,
            verdict=verdict_of(facts.header),
            first_step=first_step(facts),
            performance=figures.performance_figure(facts),
            forecast=figures.forecast_figure(facts),
            limit_warnings=tables.limit_warnings(facts),
            trust_lines=trusted[: tables.MOST_LINES],
            trust_count=len(trusted),
            arrival=figures.arrival_figure(facts),
            checks=tables.sorted_checks(facts.batch) if facts.batch else [],
            gates=tables.gate_counts(facts.batch) if facts.batch else [],
            drift=figures.drift_figure(facts),
            drift_lines=tables.drift_lines(facts),
            distributions=figures.distribution_figures(facts),
            columns_count=len(facts.reference.profile.columns)
            if facts.reference
            else 0,
            loud=loud[: tables.MOST_LOUD],
            loud_count=len(loud),
            quiet=quiet[: tables.MOST_QUIET],
            quiet_count=len(quiet),
            unjudged=unjudged,
            without_value=without_value[: tables.MOST_LINES],
            without_value_count=len(without_value),
            most_checks=tables.MOST_CHECKS,
            service=figures.service_figure(facts),
        )
    )


def write_day(facts: Facts, reports: Path) -> Path:
    """Write the page to `<reports>/<model>/<day>.html`, whole or not at all.

    The pages of the nearest days before and after get a link to it.

    Args:
        facts: What is known of the day.
        reports: Folder of the pages.
    """
    model, day = facts.unit.model, facts.unit.day
    before, after = neighbours(reports, model, day)
    page = render_day(facts, before=before, after=after)
    written = write_whole(page_path(reports, model, day), page)
    for other in filter(None, (before, after)):
        _link_anew(reports, model, other)
    return written


def neighbours(reports: Path, model: str, day: date) -> tuple[date | None, date | None]:
    """Return the nearest days before and after with a page; None where none has.

    Args:
        reports: Folder of the pages.
        model: Registered model name.
        day: The day; it may have no page itself.
    """
    days = [other for other in pages_of(reports, model) if other != day]
    before = max((other for other in days if other < day), default=None)
    return before, min((other for other in days if other > day), default=None)


def pages_of(reports: Path, model: str) -> list[date]:
    """Return the days of a model that have a page, in order.

    Args:
        reports: Folder of the pages.
        model: Registered model name.
    """
    days = []
    for path in sorted((reports / model).glob("[0-9]*.html")):
        try:
            days.append(date.fromisoformat(path.stem))
        except ValueError:
            continue  # somebody else's file
    return days


def _link_anew(reports: Path, model: str, day: date) -> None:
    """Write the links to other days anew into a page that exists."""
    before, after = neighbours(reports, model, day)
    path = page_path(reports, model, day)
    links = templates().get_template("days.html.j2").render(before=before, after=after)
    text = path.read_text(encoding="utf-8")
    # A function, since a backslash in a replacing text would be an escape.
    changed = _DAYS.sub(lambda _: links, text, count=1)
    if changed != text:
        write_whole(path, changed)
