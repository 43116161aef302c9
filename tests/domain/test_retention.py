from datetime import UTC, date, datetime

import pytest

from monitoring_tasks.domain.retention import (
    LEAST_DAYS,
    KeptSpan,
    first_kept_day,
    kept_spans,
    split_kept,
)
from monitoring_tasks.domain.rollbacks import RollbackState
from tests.builders import make_incident, make_rollback

TODAY = date(2024, 8, 31)


@pytest.mark.parametrize(
    ("span", "first"),
    [
        pytest.param("3y", date(2021, 8, 31), id="years"),
        pytest.param("18m", date(2023, 2, 28), id="the shorter month's last day"),
        pytest.param("6m", date(2024, 2, 29), id="leap year"),
        pytest.param("52w", date(2023, 9, 2), id="weeks"),
        pytest.param(" 400D ", date(2023, 7, 28), id="as people type"),
        pytest.param(f"{LEAST_DAYS}d", date(2024, 3, 1), id="the least"),
    ],
)
def test_span_is_counted_back_by_the_calendar(span: str, first: date) -> None:
    """Months are months, whatever their length."""
    assert first_kept_day(span, TODAY) == first


@pytest.mark.parametrize(
    "span", ["", "3", "y", "0y", "-1y", "1.5y", "3 years", "99999d"]
)
def test_what_is_no_span_is_refused(span: str) -> None:
    """With how to write one."""
    with pytest.raises(ValueError, match="write it as 3y"):
        first_kept_day(span, TODAY)


@pytest.mark.parametrize("span", [f"{LEAST_DAYS - 1}d", "5m", "1w"])
def test_evidence_owed_is_never_too_old(span: str) -> None:
    """A slip of the keyboard removes nothing that the law asks for."""
    with pytest.raises(ValueError, match=f"{LEAST_DAYS} days at least"):
        first_kept_day(span, TODAY)


def test_days_incidents_and_rollbacks_rest_on_stay() -> None:
    """Their own, and four weeks before; after a move four weeks more."""
    incident = make_incident(onset_day=date(2020, 3, 1), last_day=date(2020, 3, 4))
    (span,) = kept_spans([incident], [])
    assert (span.first, span.last) == (date(2020, 2, 2), date(2020, 3, 4))
    assert incident.id in span.why
    moved = make_rollback(
        evaluation="flights/2020-03-02/2020-03-03T12:00:00+00:00/live",
        state=RollbackState.APPLIED,
        applied_at=datetime(2020, 3, 5, tzinfo=UTC),
    )
    (span,) = kept_spans([], [moved])
    assert (span.first, span.last) == (date(2020, 2, 3), date(2020, 4, 2))


def test_each_reason_is_told_with_its_days() -> None:
    """A day with two reasons counts for both; free days come in order."""
    days = [date(2020, 3, n) for n in (4, 1, 3, 2)]
    spans = [
        KeptSpan(first=days[1], last=days[3], why="a"),
        KeptSpan(first=days[3], last=days[3], why="b"),
    ]
    free, kept = split_kept(days, spans)
    assert free == [date(2020, 3, 3), date(2020, 3, 4)]
    assert kept == {"a": 2, "b": 1}
