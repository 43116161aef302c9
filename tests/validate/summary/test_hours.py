"""Hours of the day: gaps in which nothing came, hours that a clock leaves out."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from monitoring_tasks.validate.summary.hours import (
    HOURS,
    Gap,
    skipped_hours,
    widest_gap,
)

EVEN = [1 / HOURS] * HOURS
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_widest_gap_is_told() -> None:
    """Three hours in the morning are less than the five last ones."""
    rows = [0 if 6 <= hour < 9 or hour >= 19 else 10 for hour in range(HOURS)]
    assert widest_gap(rows, EVEN) == Gap(19, 23, pytest.approx(5 / 24))


def test_a_night_in_which_nothing_comes_is_no_gap() -> None:
    """What nobody expects is not missing, nor are hours that all have rows."""
    usual = [0.0 if hour < 6 else 1 / 18 for hour in range(HOURS)]
    rows = [0 if hour < 6 else 3 for hour in range(HOURS)]
    assert widest_gap(rows, usual).share == 0
    assert widest_gap([1] * HOURS, EVEN) == Gap()


def test_midnight_ends_a_gap() -> None:
    """The first hours of a day lie far from its last ones."""
    rows = [0 if hour < 2 or hour >= 23 else 1 for hour in range(HOURS)]
    assert widest_gap(rows, EVEN) == Gap(0, 1, pytest.approx(2 / 24))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), {2}), (date(2026, 10, 25), set()), (date(2026, 6, 1), set())],
)
def test_hours_that_the_clock_leaves_out_lack_nothing(
    day: date, hours: set[int]
) -> None:
    """In spring an hour of Berlin does not exist; in autumn one comes twice."""
    skipped = skipped_hours(day, BERLIN)
    assert skipped == hours
    rows = [0 if hour == 2 else 1 for hour in range(HOURS)]
    assert widest_gap(rows, EVEN, skipped).share == pytest.approx(
        0 if hours else 1 / 24
    )
