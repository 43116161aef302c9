"""What a retrospective counts, and over which days."""

from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.learn.retrospective.content import (
    Period,
    Span,
    alarms_of,
    is_quarterly_day,
    last_span,
    speed_of,
)
from tests.builders import NOW, make_incident

S = IncidentState


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.WEEKLY, date(2026, 1, 5), date(2025, 12, 29), date(2026, 1, 4)),
        (Period.WEEKLY, date(2026, 1, 4), date(2025, 12, 22), date(2025, 12, 28)),
        (Period.QUARTERLY, date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (Period.QUARTERLY, date(2026, 5, 31), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_span_is_the_last_whole_one(
    period: Period, today: date, first: date, last: date
) -> None:
    """Monday to Sunday, or a calendar quarter; never one that has not ended."""
    assert last_span(period, today) == Span(first=first, last=last)


def test_a_quarter_has_one_day_of_its_own() -> None:
    """The first Monday; four a year, whatever day the quarter begins on."""
    for year in range(2020, 2030):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        assert [d.month for d in days if is_quarterly_day(d)] == [1, 4, 7, 10]


def test_precision_counts_what_has_an_outcome() -> None:
    """An open incident is neither right nor wrong; a merged one is counted once."""
    states = (S.CLOSED, S.FALSE_POSITIVE, S.OPEN, S.MERGED, S.DISMISSED)
    incidents = [
        make_incident(id=f"i-{state}", state=state, paged_at=NOW) for state in states
    ]
    alarms = alarms_of(incidents, frozenset({"i-closed", "i-other"}))
    assert (alarms.opened, alarms.merged, alarms.undecided) == (3, 1, 1)
    assert (alarms.precision, alarms.false, alarms.reclassified) == (0.5, 1, 1)
    assert alarms_of(incidents[2:3]).precision is None


def test_what_was_never_done_is_not_fast() -> None:
    """It is counted as lacking, and has no hours."""
    speed = speed_of("resolve", [timedelta(hours=2), None, timedelta(hours=4)])
    assert (speed.median_hours, speed.longest_hours, speed.lacking) == (3, 4, 1)
    assert speed_of("resolve", [None]).median_hours is None
