from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.report import figures
from monitoring_tasks.report.facts import Facts, TimelineDay

BAD_DAY, EMPTY_DAY = date(2013, 8, 20), date(2013, 8, 29)
Gather = Callable[[date], Facts]


@pytest.fixture(scope="module")
def blank(facts_of: Gather) -> Facts:
    """A day without any number, nor any day before it."""
    facts = facts_of(EMPTY_DAY)
    header = replace(facts.header, rows=0)
    return replace(
        facts, timeline={EMPTY_DAY: TimelineDay(header=header)}, first_day=EMPTY_DAY
    )


@pytest.mark.parametrize("draw", [figures.performance_figure, figures.drift_figure])
def test_figure_has_a_reason_when_there_is_nothing_to_draw(
    blank: Facts, draw: Callable[[Facts], figures.Figure]
) -> None:
    """There is no empty chart."""
    figure = draw(blank)
    assert figure.svg is None
    assert figure.reason


def test_drift_figure_names_the_columns_over_their_limit(facts_of: Gather) -> None:
    """Who cannot see the heat map hears which columns are over on the day."""
    label = figures.drift_figure(facts_of(BAD_DAY)).label
    assert "over the limit on the day: <script>" in label
    assert label.endswith("carrier, dep_hour, distance, temperature, wind_speed")


def test_drift_figure_counts_the_columns_it_leaves_out(blank: Facts) -> None:
    """Of 30 columns the 24 that came furthest are drawn, the rest counted."""
    findings = {}
    for i in range(30):
        number = Measurement(
            kind=Kind.DRIFT,
            metric="jensen_shannon",
            column=f"column_{i}",
            version="3",
            value=0.01 * i,
        )
        key = (number.kind, number.metric, number.column, number.segment)
        findings[key] = Finding(
            measurement=number, verdict=Verdict.OK, reason="", limit=Limit(high=0.1)
        )
    look = TimelineDay(header=blank.header, findings=findings)
    figure = figures.drift_figure(replace(blank, timeline={EMPTY_DAY: look}))
    assert figure.remark == "6 more columns moved less or cost less"
    assert figure.svg is not None
    assert ">column_29<" in figure.svg
    assert ">column_5<" not in figure.svg


def test_service_figure_needs_a_day_somebody_looked_at(blank: Facts) -> None:
    """A day without rows is a day of zero rows; a day nobody looked at is none."""
    figure = figures.service_figure(replace(blank, timeline={}))
    assert figure.svg is None
    assert figure.reason == "no day has a count of its rows"


def test_service_figure_says_what_is_not_logged(facts_of: Gather) -> None:
    """A declared column without values differs from one that is not declared."""
    facts = facts_of(BAD_DAY)
    bare = {
        day: TimelineDay(header=look.header) for day, look in facts.timeline.items()
    }
    remark = figures.service_figure(replace(facts, timeline=bare)).remark
    assert "latency: never logged" in remark
    assert "failed rows: the contract declares no column" in remark
