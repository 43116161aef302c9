from datetime import UTC, date, datetime, timedelta

import pytest

from monitoring_tasks.domain.regulatory_clocks import (
    CLOCKS,
    RETENTION_DAYS,
    LegalClock,
    due_of,
    hold_until,
)

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
CLOCK_CHANGE = date(2027, 3, 28)
"""Clocks in Brussels are put forward."""


@pytest.mark.parametrize("clock", [c for c in CLOCKS if c.days], ids=lambda c: c.id)
@pytest.mark.parametrize("day", [NOON.date(), CLOCK_CHANGE - timedelta(days=1)])
def test_last_day_is_counted_from_the_day_after(clock: LegalClock, day: date) -> None:
    """On day n there is time until Brussels' midnight, also over a clock change."""
    aware = datetime.combine(day, NOON.timetz())
    due = due_of(clock, aware)
    assert due.day == day + timedelta(days=clock.days)
    on = {n: aware + timedelta(days=clock.days + n) for n in (-1, 0, 1)}
    assert on[-1] < due.at
    assert on[0] < due.at
    assert on[1] > due.at
    # The zone moves the instant within the last evening, and never to another day.
    assert due.at.date() == due.day
    assert due.at.hour in {22, 23}


@pytest.mark.parametrize("minute", [0, 59])
def test_hour_of_awareness_does_not_matter(minute: int) -> None:
    """The day is one of UTC: half past one in Brussels is still the day before."""
    late = datetime(2027, 3, 10, 23, minute, tzinfo=UTC)
    early = datetime(2027, 3, 10, 0, minute, tzinfo=UTC)
    for clock in (c for c in CLOCKS if c.days):
        assert due_of(clock, late) == due_of(clock, early)


def test_what_is_due_immediately_is_due_at_once() -> None:
    """Not at the end of the day."""
    (clock,) = [c for c in CLOCKS if c.days == 0]
    assert due_of(clock, NOON).at == NOON


def test_clocks_stand_shortest_first() -> None:
    """So that whoever reads the list meets the shortest first."""
    assert [c.days for c in CLOCKS] == sorted(c.days for c in CLOCKS) == [0, 2, 10, 15]


@pytest.mark.parametrize(
    ("known", "held"),
    [
        pytest.param(date(2026, 3, 1), date(2026, 9, 1), id="six months of 184 days"),
        pytest.param(date(2026, 1, 1), date(2026, 7, 3), id="six months of 181 days"),
        pytest.param(date(2026, 8, 31), date(2027, 3, 2), id="no such day"),
    ],
)
def test_evidence_is_held_for_six_months_and_183_days(known: date, held: date) -> None:
    """The longer of both counts."""
    instant = datetime.combine(known, NOON.timetz())
    assert hold_until(instant) == held
    assert held - known >= timedelta(days=RETENTION_DAYS)
