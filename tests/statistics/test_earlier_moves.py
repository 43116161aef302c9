"""How far earlier days strayed from the days before them."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.day_levels import DayLevel
from monitoring_tasks.statistics.earlier_moves import EarlierMoves, earlier_moves

FIRST = date(2024, 1, 1)


def moves_of(
    values: Floats, *, error: float = 0.0, span: int = 1, fewest: int = 7
) -> EarlierMoves:
    """Hold days in a row with such an error against those before them."""
    days = [
        DayLevel(day=FIRST + timedelta(days=n), value=v, error=error, rows=100)
        for n, v in enumerate(values.tolist())
    ]
    return earlier_moves(days, values, span=span, fewest=fewest)


def test_every_span_is_held_against_all_days_before_it() -> None:
    """By the mean of both; none before enough days have come."""
    values = np.array([0.0, 2.0, 1.0, 4.0, 1.0])
    assert moves_of(values, fewest=2).distances == pytest.approx((0.0, 0.75, 3.0))
    assert moves_of(values, fewest=2, span=2).distances == pytest.approx((1.5, 1.5))
    assert moves_of(values, fewest=5) == EarlierMoves()


def test_what_chance_does_is_taken_off() -> None:
    """Days that differ by sampling alone have no spread of their own."""
    random = np.random.default_rng(2)
    days = random.normal(0, 0.1, 3000)
    by_chance = moves_of(days, error=0.1).variance
    assert by_chance == pytest.approx(0.0, abs=1e-3)
    moved = moves_of(days + random.normal(0, 0.2, 3000), error=0.1).variance
    assert moved == pytest.approx(0.04, rel=0.1)


def test_days_that_resemble_each_other_stray_farther_than_they_differ() -> None:
    """The mean of weeks says little of tomorrow where demand wanders."""
    walk = np.cumsum(np.random.default_rng(1).normal(0, 1, 35))
    assert moves_of(walk).variance > 1.3 * float(np.var(walk[:20], ddof=1))
