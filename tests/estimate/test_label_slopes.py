"""Slopes of labels on outputs, and how surely they are known."""

import numpy as np
import pytest

from monitoring_tasks.estimate.label_slopes import slope_of, slope_of_classes

ROWS, RUNS = 300, 400


def test_slope_of_numbers_and_its_error_hold_where_the_spread_grows() -> None:
    """The error is how far slopes of days really stray."""
    random = np.random.default_rng(1)
    weights = np.full(ROWS, 1 / ROWS)
    slopes = []
    for _ in range(RUNS):
        said = random.gamma(2, 1, ROWS)
        labels = 0.8 * said + said * random.standard_normal(ROWS)
        slopes.append(slope_of(said, labels, weights, ROWS))
    values = np.array([s.value for s in slopes])
    errors = np.array([s.error for s in slopes])
    assert values.mean() == pytest.approx(0.8, abs=0.02)
    assert np.sqrt((errors**2).mean()) == pytest.approx(values.std(), rel=0.15)


def test_one_wild_output_leaves_the_slope_unknown() -> None:
    """It draws the line to itself, and its residual is next to nothing."""
    random = np.random.default_rng(1)
    said = random.gamma(2, 1, ROWS)
    labels = said + 0.1 * random.standard_normal(ROWS)
    said[0] *= 1_000
    slope = slope_of(said, labels, np.full(ROWS, 1 / ROWS), ROWS)
    assert slope.value is not None
    assert slope.error is not None
    assert slope.value < 0.1
    assert slope.error > 0.5


def test_slope_of_classes_is_1_where_all_is_right_and_0_by_chance() -> None:
    """Whatever the shares of the classes."""
    right = slope_of_classes({("a", "a"): 70, ("b", "b"): 20, ("c", "c"): 10})
    assert right.value == pytest.approx(1.0)
    assert right.error == pytest.approx(0.0, abs=1e-9)
    by_chance = {("a", "a"): 49, ("a", "b"): 21, ("b", "a"): 21, ("b", "b"): 9}
    assert slope_of_classes(by_chance).value == pytest.approx(0.0)


def test_slope_of_two_classes_is_that_of_one_on_the_other() -> None:
    """The classes are each other's contrary."""
    cells = {("a", "a"): 50, ("a", "b"): 10, ("b", "a"): 15, ("b", "b"): 25}
    said = np.array([1.0, 1.0, 0.0, 0.0])
    true = np.array([1.0, 0.0, 1.0, 0.0])
    weights = np.array([0.5, 0.1, 0.15, 0.25])
    of_one = slope_of(said, true, weights, 100)
    of_both = slope_of_classes(cells)
    assert of_both.value == pytest.approx(of_one.value)
    assert of_both.error == pytest.approx(of_one.error)


def test_slope_without_varying_outputs_is_none() -> None:
    """Nothing rises."""
    assert slope_of_classes({("a", "a"): 3, ("a", "b"): 2}).value is None
    one = np.ones(2)
    assert slope_of(one, np.array([0.0, 1.0]), one / 2, 2).error is None
