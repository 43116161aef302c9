from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from monitoring_tasks.decide.drifted import as_evidence
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.report import series, tables
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.pages import render_day
from tests.report.sample import with_decision
from tests.report.test_pages import Page

BAD_DAY = date(2013, 8, 20)
Gather = Callable[[date], Facts]


def effect(column: str, loss: float | None, **parts: object) -> ColumnEffect:
    """Return what the move of a column of version 4 would cost, .01 either way."""
    blank = ColumnEffect(version="4", column=column, metric="roc_auc", rows=812)
    if loss is None:
        return replace(
            blank, reason="only 12 effective rows support it, 100 are needed"
        )
    return replace(blank, loss=loss, lower=loss - 0.01, upper=loss + 0.01, **parts)


@pytest.fixture
def facts(facts_of: Gather) -> Facts:
    """A day whose nearest column is the only one that costs something."""
    known = facts_of(BAD_DAY)
    effects = [
        effect("distance", 0.04),
        effect("carrier", 0.0),
        effect("dep_hour", None),
    ]
    look = known.timeline[BAD_DAY]
    looks = {
        **known.timeline,
        BAD_DAY: with_decision(look, evidence=as_evidence(effects)),
    }
    return replace(known, timeline=looks)


def test_heat_map_starts_with_what_costs_something(facts: Facts) -> None:
    """`carrier` came furthest over its limit, and is harmless: it comes last."""
    rows = series.drift_rows(facts)
    assert not isinstance(rows, str)
    ranked = {row["column"]: row["rank"] for row in rows}
    assert ranked["distance"] == 0
    assert ranked["carrier"] == len(ranked) - 1


def test_lines_say_what_is_known_and_what_is_not(facts: Facts) -> None:
    """A loss, no loss, a reason; and a column nobody asked about."""
    lines = {
        line.finding.measurement.column: line for line in tables.drift_lines(facts)
    }
    assert next(iter(lines)) == "distance"
    assert list(lines)[-1] == "carrier"
    assert "12 effective rows" in lines["dep_hour"].text
    assert lines["temperature"].text == "not estimated"
    assert (lines["carrier"].ratio or 0) > (lines["distance"].ratio or 0) > 1


def test_page_shows_losses_in_words(facts: Facts) -> None:
    """Who reads the page sees cost, harmlessness and ignorance apart."""
    text = Page(render_day(facts)).text
    start = text.index("What each drifted column would cost")
    table = text[start : text.index("The day beside its reference", start)]
    assert "0.040 roc auc 0.030 to 0.050 ▲ it costs 812" in table
    assert "✓ no effect predicted" in table
    assert "only 12 effective rows support it, 100 are needed" in table
    assert table.index("▲ it costs") < table.index("✓ no effect predicted")


def test_page_of_a_day_without_drift_has_no_table(facts_of: Gather) -> None:
    """A quarantined day: nothing was judged, nothing is ranked."""
    page = render_day(facts_of(date(2013, 8, 5)))
    assert "What each drifted column would cost" not in page


def test_limits_below_the_noise_stand_in_the_summary(facts: Facts) -> None:
    """What the decision was told of its limits."""
    look = facts.timeline[BAD_DAY]
    limits = {"limits": {"below_noise": ["f1 is noisy"]}}
    told = replace(facts, timeline={BAD_DAY: with_decision(look, evidence=limits)})
    assert "Limits ▲ f1 is noisy" in Page(render_day(told)).text
