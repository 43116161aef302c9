"""How far a daily number moved, and how often chance moves it so far."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.day_levels import DayLevel
from monitoring_tasks.statistics.level_moves import FEWEST_DAYS, level_move

FIRST = date(2024, 1, 1)


def days_of(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[DayLevel]:
    """Return a number of days in a row."""
    return [
        DayLevel(day=FIRST + timedelta(days=n), value=float(value), error=0.0, rows=100)
        for n, value in enumerate(values)
    ]


def test_too_few_days_say_nothing() -> None:
    """Nor does no day now."""
    days = days_of(np.arange(FEWEST_DAYS, dtype=np.float64))
    assert level_move(days[1:], days[:1]) is None
    assert level_move(days, []) is None


@pytest.mark.parametrize("span", [1, 7])
def test_chance_moves_a_number_so_far_as_often_as_is_said(span: int) -> None:
    """Days resemble each other by .3: never more often than 1 % is passed at 1 %."""
    random, passed, tries = np.random.default_rng(1), 0, 2000
    for _ in range(tries):
        values = np.zeros(35 + span)
        for n, shock in enumerate(random.normal(size=len(values))):
            values[n] = 0.3 * values[n - 1] + shock
        days = days_of(values)
        move = level_move(days[:35], days[35:])
        assert move is not None
        passed += move.p_value < 0.01
    assert passed / tries < 0.02


def test_move_is_found_and_a_wider_spread_hides_it() -> None:
    """The error grows with what is known of the spread from elsewhere, never falls."""
    values = np.append(np.tile([1.0, 1.1, 0.9], 10), 2.0)
    move = level_move(days_of(values)[:-1], days_of(values)[-1:])
    assert move is not None
    assert move.distance == pytest.approx(1.0)
    assert move.p_value < 1e-6
    assert move.widened_to(1.0).p_value > 0.1
    assert move.widened_to(0.0).error == move.error


def with_said(values: Floats, said: Floats) -> list[DayLevel]:
    """Return a number of days in a row, and what was expected of it."""
    return [
        replace(day, said=float(expected))
        for day, expected in zip(days_of(values), said, strict=True)
    ]


def test_move_that_was_expected_and_never_seen_leaves_doubt_in_proportion() -> None:
    """A quarter of it, until days have moved like this."""
    random = np.random.default_rng(4)
    calm, odd = random.normal(0, 0.02, 36), np.zeros(36)
    odd[-1] = 0.4
    days = with_said(calm + odd, odd)
    *before, day = days
    foreseen, by_itself = level_move(before, [day]), level_move(before, [days[0]])
    assert foreseen is not None
    assert by_itself is not None
    assert foreseen.p_value > 0.1
    assert foreseen.error == pytest.approx(0.1, rel=0.1)
    assert by_itself.error < 0.03
    half_seen = level_move(before, [replace(day, value=0.8)])
    assert half_seen is not None
    assert 1e-4 < half_seen.p_value < 0.01


def test_days_that_moved_like_this_teach_how_far_a_number_follows() -> None:
    """Predictions that see 1.3 times the move are no news, nor is labels' following."""
    random = np.random.default_rng(5)
    said = random.normal(0, 0.3, 36)
    said[-1] = 0.6
    days = with_said(said / 1.3 + random.normal(0, 0.02, 36), said)
    move = level_move(days[:-1], days[-1:])
    assert move is not None
    assert move.error < 0.05
    assert move.p_value > 0.05


def test_what_was_seen_on_a_day_before_is_never_sure() -> None:
    """One day in thirty moved as far: so may the next."""
    values = np.append(np.tile([0.0, 0.1, -0.1], 12), 1.0)
    values[20] = 1.2
    move = level_move(days_of(values)[:-1], days_of(values)[-1:])
    assert move is not None
    assert move.farthest > move.distance
    assert move.p_value >= 2 / (len(move.earlier) + 1)


def test_demand_that_wanders_is_hardly_ever_beyond_chance() -> None:
    """Days resemble those before them by .9: 35 days hold hardly two of them."""
    random, passed, tries = np.random.default_rng(6), 0, 500
    for _ in range(tries):
        values = np.zeros(86)
        for n, shock in enumerate(random.normal(size=len(values))):
            values[n] = 0.9 * values[n - 1] + shock
        days = days_of(values[50:])
        move = level_move(days[:35], days[35:])
        assert move is not None
        passed += move.p_value < 1e-3
    assert passed / tries <= 0.004
