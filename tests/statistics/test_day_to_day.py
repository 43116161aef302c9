from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.statistics.day_to_day import learn_noise

FIRST = date(2013, 9, 2)  # a Monday


def learn(values: np.ndarray, error: float = 0.0, *, gap: int = 1) -> DailyNoise:
    """Learn from one value a day, or one every `gap` days."""
    days = [FIRST + timedelta(days=i * gap) for i in range(len(values))]
    return learn_noise(days, values, [error] * len(days), [900] * len(days))


def test_sampling_error_is_taken_out_of_the_spread() -> None:
    """What chance does within a day is no movement between days."""
    rng = np.random.default_rng(1)
    values = rng.normal(0.7, 0.05, 3000)
    assert learn(values, error=0.03).spread == pytest.approx(0.04, rel=0.05)
    assert learn(values, error=0.2).spread == 0
    assert learn(values, error=0.03).sampling == pytest.approx(0.03)


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_correlation_of_consecutive_days_is_found(correlation: float) -> None:
    """A state that lingers is told apart from one that does not."""
    rng = np.random.default_rng(2)
    state = np.zeros(2000)
    for day in range(1, len(state)):
        state[day] = correlation * state[day - 1] + rng.normal()
    noisy = state + rng.normal(size=len(state))
    assert learn(noisy, error=1.0).correlation == pytest.approx(correlation, abs=0.08)


def test_days_that_are_not_neighbours_say_nothing_of_correlation() -> None:
    """A day a week has no yesterday."""
    assert learn(np.linspace(0, 1, 60), gap=7).correlation == 0


def test_trend_counts_as_strong_correlation_and_no_more() -> None:
    """A correlation of 1 would make every pool as uncertain as a day."""
    assert learn(np.linspace(0, 1, 60)).correlation == pytest.approx(0.9)


def test_saturdays_are_learnt_where_they_differ() -> None:
    """A weekday's own mean comes out, little shrunk when it is clear."""
    rng = np.random.default_rng(3)
    values = rng.normal(1000, 10, 70)
    values[5::7] -= 300
    noise = learn(values)
    assert noise.weekdays[5] == pytest.approx(-300 * 6 / 7, rel=0.05)
    assert noise.spread == pytest.approx(10, rel=0.3)


@pytest.mark.parametrize(
    ("days", "known"), [(27, False), (28, True)], ids=["three weeks", "four weeks"]
)
def test_weekdays_need_four_weeks(days: int, *, known: bool) -> None:
    """Three Saturdays say nothing about Saturdays."""
    values = np.zeros(days)
    values[5::7] = -300.0
    values += np.random.default_rng(4).normal(size=days)
    assert bool(learn(values).weekdays) is known


def test_weekdays_that_differ_by_chance_are_left_alone() -> None:
    """In most series without a pattern none is found."""
    rng = np.random.default_rng(5)
    found = [bool(learn(rng.normal(size=56)).weekdays) for _ in range(200)]
    sizes = [max(map(abs, learn(rng.normal(size=56)).weekdays or (0,)))]
    assert sum(found) < 110
    assert max(sizes) < 1


def test_constant_number_does_not_move() -> None:
    """No spread, no correlation, no weekdays, and no division by nothing."""
    noise = learn(np.full(40, 0.5))
    assert noise == DailyNoise(mean=0.5, spread=0.0, days=40, rows=900.0)
