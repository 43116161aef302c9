"""Quantiles of days, and the shares of values past a point."""

import numpy as np
import pytest

from monitoring_tasks.validate.summary.distributions import (
    GRID,
    distribution_of,
    pooled,
    share_beyond,
    share_up_to,
)

RANDOM = np.random.default_rng(7)


def distribution(values: np.ndarray) -> tuple[float, ...]:
    """Return the distribution of values in any order."""
    return distribution_of(np.sort(values.astype(np.float64)))


@pytest.mark.parametrize("rows", [1, 2, 37, 5_000])
def test_distribution_goes_from_the_smallest_to_the_largest(rows: int) -> None:
    """Its points are values that occur, in order, both ends among them."""
    values = RANDOM.normal(size=rows)
    points = distribution(values)
    assert len(points) == len(GRID)
    assert (points[0], points[-1]) == (values.min(), values.max())
    assert set(points) <= set(values.tolist())
    assert list(points) == sorted(points)


def test_shares_between_points_are_near_the_true_ones() -> None:
    """Of a smooth distribution, to the noise of its grid; 0 and 1 past the ends."""
    values = RANDOM.gamma(2, 3, 4_000)
    asked = [-1.0, 0.5, 3.0, 8.0, 20.0, 1e9]
    shares = share_up_to(distribution(values), asked)
    true = [(values <= point).mean() for point in asked]
    assert shares == pytest.approx(true, abs=0.01)
    assert (shares[0], shares[-1]) == (0, 1)


def test_values_that_repeat_are_counted_up_to_themselves() -> None:
    """Of zeros and ones the zeros lie up to 0, to a step of the grid."""
    values = np.repeat([0.0, 1.0], [600, 400])
    assert share_up_to(distribution(values), [0.0, 1.0]) == pytest.approx(
        [0.6, 1.0], abs=0.05
    )


@pytest.mark.parametrize("share", [0.0, 0.011, 0.03, 0.2, 1.0])
def test_share_beyond_is_known_to_half_a_step(share: float) -> None:
    """A twentieth in the middle, a quarter of a per cent at the ends."""
    rows = 10_000
    values = RANDOM.uniform(0, 1, rows)
    values[: round(share * rows)] = 5.0
    low, high = share_beyond(distribution(values), (0.0, 1.0))
    assert low == 0
    assert high == pytest.approx(share, abs=0.003 if share < 0.02 else 0.026)


def test_days_together_lie_between_the_days() -> None:
    """Of two days, half of the values of each."""
    early, late = RANDOM.normal(0, 1, 900), RANDOM.normal(4, 1, 900)
    points = pooled([distribution(early), distribution(late)])
    both = np.concatenate([early, late])
    assert (points[0], points[-1]) == (both.min(), both.max())
    assert share_up_to(points, [2.0])[0] == pytest.approx(0.5, abs=0.05)
