"""Whatever the data hold: the page is written, in bounded time and size."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from monitoring_tasks.domain.counts import CategoricalCounts
from monitoring_tasks.domain.findings import Check, Finding, Kind, Measurement, Verdict
from monitoring_tasks.report.distributions import (
    MOST_COLUMNS,
    Distribution,
    distributions,
)
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.pages import render_day
from monitoring_tasks.report.tables import MOST_CHECKS, MOST_LINES, MOST_LOUD
from tests.report.sample import BAD_DAY
from tests.report.test_pages import Page

MANY = 10_000
Gather = Callable[[date], Facts]


def of_segments(verdict: Verdict, value: float | None) -> list[Finding]:
    """Judge ten thousand segments."""
    return [
        Finding(
            measurement=Measurement(
                kind=Kind.REALIZED,
                metric="roc_auc",
                version="4",
                segment=f"shop={i}",
                value=value,
            ),
            verdict=verdict,
            reason="so",
        )
        for i in range(MANY)
    ]


def test_page_of_ten_thousand_segments_is_written(facts_of: Gather) -> None:
    """The gravest are shown, the others counted; the chart shows one of them."""
    facts = facts_of(BAD_DAY)
    loud = of_segments(Verdict.BREACH, 0.5)
    page = render_day(replace(facts, findings=loud))
    text = Page(page).text
    assert text.count("✖ breach realized") == MOST_LOUD
    assert f"{MANY - MOST_LOUD:,} more are in the store" in text
    assert len(page) < 1_500_000


def test_numbers_without_a_value_are_counted_not_listed(facts_of: Gather) -> None:
    """Ten thousand groups that are too small are one line, not ten thousand."""
    numbers = [f.measurement for f in of_segments(Verdict.NO_DATA, None)]
    page = render_day(replace(facts_of(BAD_DAY), measurements=numbers, findings=[]))
    text = Page(page).text
    assert f"without a value: {MANY}" in text
    assert text.count("no reason was written down") <= MOST_LINES + 20
    assert f"{MANY - MOST_LINES:,} more are in the store" in text


def test_checks_and_columns_are_bounded(facts_of: Gather) -> None:
    """A wide table has thousands of checks and of columns."""
    facts = facts_of(BAD_DAY)
    assert facts.batch is not None
    assert facts.reference is not None
    failed = [
        Check(gate="values", name=f"range {i}", status="failed", severity="info")
        for i in range(MANY)
    ]
    columns = {
        f"column {i}": CategoricalCounts(rows=10, counts={"a": 10}) for i in range(300)
    }
    whole = replace(facts.reference.profile, columns=columns)
    changed = replace(
        facts,
        batch=replace(facts.batch, checks=tuple(failed)),
        reference=replace(facts.reference, profile=whole),
        profile=whole,
    )
    page = render_day(changed)
    text = Page(page).text
    assert page.count("values</td>") <= MOST_CHECKS + 10
    assert f"{MANY - MOST_CHECKS:,} more are in the store" in text
    assert f"{300 - MOST_COLUMNS} more are in the store" in text


def test_names_of_a_chart_are_short_and_stay_apart(facts_of: Gather) -> None:
    """Texts of a megabyte that begin alike are bars of their own."""
    facts = facts_of(BAD_DAY)
    assert facts.reference is not None
    texts = {"x" * 10**6 + end: 10 for end in "abc"}
    counts = CategoricalCounts(rows=30, counts=texts)
    whole = replace(facts.reference.profile, columns={"free text": counts})
    drawn = distributions(
        replace(facts, profile=whole, reference=replace(facts.reference, profile=whole))
    )
    assert not isinstance(drawn, str)
    (one,) = drawn
    assert isinstance(one, Distribution)
    names = [row["name"] for row in one.rows]
    assert len(set(names)) == 3
    assert max(map(len, names)) < 60
