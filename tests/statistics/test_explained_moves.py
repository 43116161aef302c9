"""How far a number goes with what was expected of it, learnt from days."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.statistics.day_levels import DayLevel
from monitoring_tasks.statistics.explained_moves import DOUBT, slope_on_expected

FIRST = date(2024, 1, 1)


def days_of(values: Sequence[float], said: Sequence[float]) -> list[DayLevel]:
    """Return days in a row with a number and what was expected of it."""
    return [
        DayLevel(day=FIRST + timedelta(days=n), value=v, error=0.0, rows=100, said=s)
        for n, (v, s) in enumerate(zip(values, said, strict=True))
    ]


def test_days_on_which_nothing_was_expected_to_move_leave_the_slope_in_doubt() -> None:
    """It is 1, and a move that nobody has seen is as uncertain as it is large."""
    slope = slope_on_expected(days_of([0.1, -0.1] * 10, [0.5] * 20), correlation=0.3)
    assert slope.value == 1
    assert slope.error == pytest.approx(DOUBT)
    assert slope.middle == pytest.approx(0.5)


@pytest.mark.parametrize("true", [0.5, 1.0, 1.4])
def test_days_on_which_it_moved_teach_the_slope(true: float) -> None:
    """The more of them, the surer: the interval holds it, and is narrow."""
    random = np.random.default_rng(3)
    said = random.normal(0, 0.3, 35)
    values = true * said + random.normal(0, 0.05, 35)
    slope = slope_on_expected(days_of(values.tolist(), said.tolist()), correlation=0.3)
    assert slope.error < DOUBT / 4
    assert abs(slope.value - true) < 3 * slope.error


def test_rest_is_what_days_do_beside_what_was_expected() -> None:
    """As on a day on which the mean was expected: those exactly on the line are one."""
    days = days_of([0.0, 0.5, 1.0, 2.0], [1.0, 1.5, 2.0, 3.0])
    slope = slope_on_expected(days, correlation=0.3)
    assert slope.value == pytest.approx(1.0)
    assert slope.rest_of(days) == pytest.approx(np.full(4, 0.875))
