import math
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.crossing_forecast import Forecast, Point, forecast
from monitoring_tasks.compare.trend_line import FEWEST_POINTS
from monitoring_tasks.domain.findings import Limit

FIRST = date(2013, 1, 1)
FLOOR = Limit(low=0.6)


def points(
    slope: float, *, days: int = 40, noise: float = 0.005, level: float = 0.7
) -> list[Point]:
    """Return a line that ends at `level`, with noise of its own for every day."""
    scatter = noise * np.random.default_rng(11).standard_normal(days)
    return [
        Point(
            day=FIRST + timedelta(days=i),
            value=float(level + slope * (i - days + 1) + scatter[i]),
            error=0.005,
        )
        for i in range(days)
    ]


def ahead(
    made: list[Point],
    limit: Limit = FLOOR,
    *,
    within_days: float = math.inf,
    min_points: int = 14,
    seed: int = 1,
) -> Forecast:
    """Make a forecast at .95."""
    return forecast(
        made,
        limit,
        within_days=within_days,
        min_points=min_points,
        confidence=0.95,
        replicates=200,
        seed=seed,
    )


def test_decline_is_followed_to_the_limit() -> None:
    """From .7 at -.002 a day the limit .6 is 50 days away."""
    made = ahead(points(-0.002))
    assert made.days == pytest.approx(50, rel=0.1)
    assert made.lower is not None
    assert made.upper is not None
    assert made.lower < made.days < made.upper
    assert "past 0.600 in" in made.reason


@pytest.mark.parametrize(
    ("slope", "limit", "heads"),
    [
        pytest.param(-0.002, Limit(low=0.6), True, id="down to the floor"),
        pytest.param(0.002, Limit(high=0.8), True, id="up to the ceiling"),
        pytest.param(-0.002, Limit(high=0.8), False, id="down, ceiling only"),
        pytest.param(0.002, Limit(low=0.6), False, id="up, floor only"),
        pytest.param(0.002, Limit(low=0.6, high=0.8), True, id="up, both"),
        pytest.param(-0.002, Limit(), False, id="no limit"),
        pytest.param(0.0, Limit(low=0.6, high=0.8), False, id="flat"),
    ],
)
def test_only_a_line_that_heads_for_a_limit_is_a_forecast(
    slope: float, limit: Limit, *, heads: bool
) -> None:
    """Without a decline in the whole interval there are no days and a reason."""
    made = ahead(points(slope), limit)
    assert (made.days is not None) is heads
    assert (made.lower is None) is (not heads)
    assert ("does not head for a limit" in made.reason) is (not heads)


@pytest.mark.parametrize(("within_days", "told"), [(45.0, False), (55.0, True)])
def test_crossing_that_is_far_off_is_not_looked_at(
    within_days: float, *, told: bool
) -> None:
    """50 days ahead is beyond what the days so far can say; the caller knows best."""
    made = ahead(points(-0.002), within_days=within_days)
    assert (made.days is not None) is told


def test_limit_that_is_crossed_is_no_days_away() -> None:
    """A line below the floor has nothing left to wait for."""
    made = ahead(points(-0.002, level=0.55))
    assert (made.days, made.lower, made.upper) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("count", "min_points", "is_known"),
    [
        (13, 14, False),
        (14, 14, True),
        (15, 14, True),
        (FEWEST_POINTS - 1, 2, False),
        (FEWEST_POINTS, 2, True),
        (0, 14, False),
    ],
)
def test_forecast_needs_points(count: int, min_points: int, *, is_known: bool) -> None:
    """One too few and nothing is said, whatever the caller is content with."""
    made = ahead(points(-0.02, days=count, level=0.9), min_points=min_points)
    assert (made.days is not None) is is_known
    assert ("fewer than" in made.reason) is (not is_known)


@pytest.mark.parametrize(
    ("value", "error"),
    [(math.nan, 0.1), (math.inf, 0.1), (0.7, math.nan), (0.7, 0.0), (0.7, -1.0)],
)
def test_unusable_point_is_left_out_and_told_of(value: float, error: float) -> None:
    """A hole in the series is no zero; one too many of them and nothing is said."""
    made = points(-0.002, days=14)
    made[3] = Point(day=made[3].day, value=value, error=error)
    told = "; 1 without a usable value or error left out"
    assert ahead(made, min_points=13).reason.endswith(told)
    assert ahead(made).reason == f"13 points are fewer than the 14 needed{told}"


@pytest.mark.parametrize("slope", [0.0, -0.002], ids=["constant", "ruled"])
def test_points_without_scatter_give_no_forecast(slope: float) -> None:
    """A copied number or a ruled line says nothing about chance."""
    made = ahead(points(slope, noise=0.0))
    assert made.days is None
    assert made.reason == "the points do not scatter around a line"


@pytest.mark.parametrize("order", [[0, 0], [1, 0]], ids=["twice", "backwards"])
def test_points_out_of_order_are_refused(order: list[int]) -> None:
    """One point a day, oldest first: anything else is a fault of the caller."""
    made = points(0.0, days=2)
    with pytest.raises(ValueError, match="oldest first"):
        ahead([made[i] for i in order])


def test_days_without_a_point_keep_their_length() -> None:
    """A line through every other day falls as fast a day."""
    assert ahead(points(-0.002, days=60)[::2]).days == pytest.approx(50, rel=0.15)


def test_forecast_is_the_same_for_the_same_seed() -> None:
    """Chance comes from the seed alone, and only moves the interval."""
    made = points(-0.002)
    assert ahead(made) == ahead(made)
    assert ahead(made).days == ahead(made, seed=2).days
    assert ahead(made).upper != ahead(made, seed=2).upper
