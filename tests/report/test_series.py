from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.report import performance, series
from monitoring_tasks.report.facts import Facts, TimelineDay

BAD_DAY, EMPTY_DAY = date(2013, 8, 20), date(2013, 8, 29)
QUARANTINED, NOT_LOOKED_AT = date(2013, 8, 5), date(2013, 7, 20)
Gather = Callable[[date], Facts]


def of_day(rows: series.Rows | str, day: date, key: str = "day") -> dict[str, Any]:
    """Return the first row of a day."""
    assert not isinstance(rows, str)
    return next(row for row in rows if row[key] == series.stamp(day))


def without_numbers(facts: Facts) -> Facts:
    """Take every number from the time line."""
    looks = {
        day: TimelineDay(header=look.header) for day, look in facts.timeline.items()
    }
    return replace(facts, timeline=looks)


def test_performance_has_a_row_for_every_day(facts_of: Gather) -> None:
    """Days without numbers are gaps, not left out: the line must break there."""
    facts = facts_of(EMPTY_DAY)
    rows = performance.performance_rows(facts)
    assert len(rows) == len(facts.days) == 60
    for day in (QUARANTINED, NOT_LOOKED_AT, EMPTY_DAY):
        gap = of_day(rows, day)
        assert gap["estimated"] is gap["realized"] is gap["low"] is None


def test_performance_holds_intervals_and_limits(facts_of: Gather) -> None:
    """Numbers come with their interval and the limit of the realized one."""
    row = of_day(performance.performance_rows(facts_of(BAD_DAY)), BAD_DAY)
    assert row["realized_lower"] < row["realized"] < row["realized_upper"] < row["low"]
    assert row["high"] is None


def test_performance_marks_days_without_enough_labels(facts_of: Gather) -> None:
    """A day is mature from the share of labels the contract names."""
    rows = performance.performance_rows(facts_of(EMPTY_DAY))
    assert of_day(rows, BAD_DAY)["mature"] is True
    assert of_day(rows, date(2013, 8, 27))["mature"] is False


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param(performance.performance_rows, "no day has", id="performance"),
        pytest.param(series.drift_rows, "no column was compared", id="drift"),
    ],
)
def test_rows_are_a_reason_when_nothing_was_measured(
    facts_of: Gather, rows: Callable[[Facts], series.Rows | str], reason: str
) -> None:
    """There is no empty chart: there is a reason."""
    found = rows(without_numbers(facts_of(BAD_DAY)))
    assert isinstance(found, str)
    assert reason in found


def test_verdicts_show_every_day(facts_of: Gather) -> None:
    """A day without a verdict is a ring, never a gap that looks like health."""
    rows = series.verdict_rows(facts_of(EMPTY_DAY))
    assert of_day(rows, BAD_DAY)["symbol"] == "✖"
    assert of_day(rows, date(2013, 7, 1))["symbol"] == "✓"
    assert of_day(rows, NOT_LOOKED_AT)["symbol"] == "○"
    assert of_day(rows, EMPTY_DAY)["symbol"] == "○"


def test_events_are_versions_incidents_and_moves(facts_of: Gather) -> None:
    """Each kind has a lane; a move that was only meant is not shown."""
    events = series.event_rows(facts_of(EMPTY_DAY))
    assert [(event["lane"], event["text"]) for event in events] == [
        ("version", "v3"),
        ("version", "v4"),
        ("version", "v3"),
        ("incident", "P1 model"),
        ("alias move", "v4 → v3"),
    ]
    assert events[3]["day"] == series.stamp(date(2013, 8, 18))
    assert events[3]["end"] == series.stamp(BAD_DAY)


def test_moves_after_the_next_morning_are_off_the_line(facts_of: Gather) -> None:
    """A page about an earlier day does not show a later move."""
    assert series.event_rows(facts_of(date(2013, 8, 15)))[-1]["lane"] == "version"


def test_drift_ranks_the_furthest_column_first(facts_of: Gather) -> None:
    """Rank 0 is the column that came furthest beyond its limit on any day."""
    rows = series.drift_rows(facts_of(BAD_DAY))
    top = [row for row in rows if isinstance(row, dict) and row["rank"] == 0]
    assert {row["column"] for row in top} == {"carrier"}


def judged(*, value: float | None, high: float | None) -> Finding:
    """Judge a distance against a limit."""
    number = Measurement(
        kind=Kind.DRIFT, metric="jensen_shannon", version="1", column="a", value=value
    )
    limit = None if high is None else Limit(high=high)
    return Finding(measurement=number, verdict=Verdict.OK, reason="", limit=limit)


@pytest.mark.parametrize(
    ("value", "high", "step", "mark"),
    [
        pytest.param(0.05, 0.1, "up to half the limit", "", id="half"),
        pytest.param(0.1, 0.1, "up to the limit", "", id="at the limit"),
        pytest.param(0.11, 0.1, "up to twice the limit", "▲", id="beyond"),
        pytest.param(0.21, 0.1, "more than twice the limit", "▲", id="far beyond"),
        pytest.param(0.01, 0.0, "more than twice the limit", "▲", id="limit of zero"),
        pytest.param(0.0, 0.0, "up to half the limit", "", id="zero of zero"),
        pytest.param(None, 0.1, "no value", "∅", id="no value"),
        pytest.param(0.2, None, "no value", "∅", id="no limit"),
    ],
)
def test_drift_is_shown_in_steps_of_its_limit(
    facts_of: Gather,
    *,
    value: float | None,
    high: float | None,
    step: str,
    mark: str,
) -> None:
    """A missing value or limit has a step of its own; beyond the limit is marked."""
    facts = facts_of(BAD_DAY)
    finding = judged(value=value, high=high)
    key = (Kind.DRIFT, "jensen_shannon", "a", "all")
    look = TimelineDay(header=facts.header, findings={key: finding})
    rows = series.drift_rows(replace(facts, timeline={BAD_DAY: look}))
    row = of_day(rows, BAD_DAY, "middle")
    assert (row["step"], row["mark"]) == (step, mark)


@pytest.mark.parametrize(
    ("value", "step"),
    [
        pytest.param(0.99, "up to half the limit", id="kept"),
        pytest.param(0.7, "more than twice the limit", id="lost"),
        pytest.param(None, "no value", id="unknown"),
    ],
)
def test_drift_counts_a_kept_order_from_one_downwards(
    facts_of: Gather, value: float | None, step: str
) -> None:
    """Its limit is a lower one: the loss is held against the loss that is allowed."""
    facts = facts_of(BAD_DAY)
    finding = judged(value=value, high=None)
    number = replace(finding.measurement, metric="attribution_ndcg", column="")
    kept = replace(finding, measurement=number, limit=Limit(low=0.9))
    key = (Kind.DRIFT, "attribution_ndcg", "", "all")
    look = TimelineDay(header=facts.header, findings={key: kept})
    rows = series.drift_rows(replace(facts, timeline={BAD_DAY: look}))
    row = of_day(rows, BAD_DAY, "middle")
    assert (row["column"], row["step"]) == ("all (attribution_ndcg)", step)


def test_drift_leaves_out_distances_the_contract_does_not_judge(
    facts_of: Gather,
) -> None:
    """A column is one row of the heat map, by the distance of the policy."""
    facts = facts_of(BAD_DAY)
    finding = judged(value=0.2, high=0.1)
    other = replace(finding, measurement=replace(finding.measurement, metric="psi"))
    key = (Kind.DRIFT, "psi", "a", "all")
    look = TimelineDay(header=facts.header, findings={key: other})
    assert isinstance(series.drift_rows(replace(facts, timeline={BAD_DAY: look})), str)


def test_service_falls_back_to_the_rows_of_the_header(facts_of: Gather) -> None:
    """An empty day has 0 rows; one nobody looked at has no count at all."""
    rows = series.service_rows(facts_of(EMPTY_DAY))
    assert of_day(rows, EMPTY_DAY)["volume"] == 0
    assert of_day(rows, NOT_LOOKED_AT)["volume"] is None
    assert of_day(rows, BAD_DAY)["latency_p99_seconds"] == pytest.approx(0.18)
