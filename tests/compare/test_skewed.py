"""Numbers whose days are skewed are held against limits on a scale of their own."""

import sys

import numpy as np
import pytest

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.skewed import Shape, scaled

EVEN = Expected(mean=0.24, error=0.1, degrees_of_freedom=41)
SHAPES = list(Shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_edge_is_passed_with_the_stated_probability(shape: Shape, sign: int) -> None:
    """Edge and chance are each other's inverse on every scale."""
    on_scale = scaled(EVEN, shape)
    edge = on_scale.edge(0.01, sign)
    assert on_scale.p_value(edge, sign) == pytest.approx(0.01)
    assert on_scale.p_value(edge, -sign) == pytest.approx(0.99)


@pytest.mark.parametrize("shape", [Shape.SHARE, Shape.POSITIVE])
def test_edges_stay_inside_the_range_of_the_number(shape: Shape) -> None:
    """A share has limits between 0 and 1 however wide its days are."""
    wide = scaled(Expected(mean=0.3, error=0.4, degrees_of_freedom=10), shape)
    assert wide.edge(0.0005, -1) > 0
    assert shape is Shape.POSITIVE or wide.edge(0.0005, 1) < 1


@pytest.mark.parametrize(
    ("shape", "value", "sign", "chance"),
    [
        pytest.param(Shape.SHARE, 0.0, -1, 0, id="no share at all"),
        pytest.param(Shape.SHARE, 0.0, 1, 1, id="not too many"),
        pytest.param(Shape.SHARE, 1.0, 1, 0, id="all of them"),
        pytest.param(Shape.POSITIVE, 0.0, 1, 1, id="no error is not too much"),
    ],
)
def test_ends_of_the_range_have_a_chance(
    shape: Shape, value: float, sign: int, chance: float
) -> None:
    """A value at the end of the range is as far off as can be, and no number fails."""
    assert scaled(EVEN, shape).p_value(value, sign) == chance


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_mean_at_the_end_of_the_range_stays_on_the_plain_scale(mean: float) -> None:
    """A reference without a single positive label knows no odds."""
    at_end = Expected(mean=mean, error=0.01, degrees_of_freedom=20)
    assert scaled(at_end, Shape.SHARE).shape is Shape.PLAIN


@pytest.mark.parametrize(
    ("shape", "mean", "error", "freedom"),
    [
        pytest.param(Shape.SHARE, 1e-5, 0.0094, 59, id="one in 100,000, few rows"),
        pytest.param(Shape.SHARE, 0.02, 0.03, 1, id="days that hang together"),
        pytest.param(Shape.POSITIVE, 0.001, 0.5, 1, id="an error that may be any"),
    ],
)
def test_limit_without_bounds_is_the_end_of_the_range(
    shape: Shape, mean: float, error: float, freedom: float
) -> None:
    """Where a short reference knows next to nothing there is a limit, and no crash."""
    on_scale = scaled(
        Expected(mean=mean, error=error, degrees_of_freedom=freedom), shape
    )
    low, high = (on_scale.edge(0.0005, sign) for sign in (-1, 1))
    assert low == pytest.approx(0)
    assert high == (1 if shape is Shape.SHARE else pytest.approx(sys.float_info.max))


@pytest.mark.slow
@pytest.mark.parametrize("shape", [Shape.SHARE, Shape.POSITIVE])
def test_skewed_days_pass_the_edge_as_often_as_promised(shape: Shape) -> None:
    """Of 200,000 days spread on the scale 1 % pass an edge of 1 %.

    Tolerance: the mean is carried over to first order only; a quarter of the rate.
    """
    rng = np.random.default_rng(1)
    drawn = -1.15 + 0.4 * rng.standard_normal(200_000)
    days = 1 / (1 + np.exp(-drawn)) if shape is Shape.SHARE else np.exp(drawn)
    learnt = Expected(mean=days.mean(), error=days.std(), degrees_of_freedom=1e6)
    past = np.mean(days > scaled(learnt, shape).edge(0.01, 1))
    assert past == pytest.approx(0.01, rel=0.25)
