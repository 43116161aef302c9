"""How often a forecast is made of nothing, and how often it holds."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.crossing_forecast import Forecast, Point, forecast
from monitoring_tasks.domain.findings import Limit

pytestmark = pytest.mark.slow

FIRST = date(2013, 1, 1)
RUNS = 300
"""A share of 300 runs has a standard error of .013 at .95, of .009 at .025."""
DISTANCE, FALL = 2.0, 0.08
"""The limit lies two spreads of a day below; a falling line is there in 25 days."""


def forecasts(days: int, correlation: float, slope: float) -> list[Forecast]:
    """Make forecasts from days that resemble the day before, spread 1."""
    rng = np.random.default_rng(7)
    made = []
    for seed in range(RUNS):
        noise = rng.standard_normal(days)
        for t in range(1, days):
            new = np.sqrt(1 - correlation**2) * noise[t]
            noise[t] = correlation * noise[t - 1] + new
        values = slope * (np.arange(days) - days + 1) + noise
        points = [
            Point(day=FIRST + timedelta(days=i), value=float(value), error=1.0)
            for i, value in enumerate(values)
        ]
        made.append(
            forecast(
                points,
                Limit(low=-DISTANCE),
                within_days=np.inf,
                min_points=14,
                confidence=0.95,
                replicates=300,
                seed=seed,
            )
        )
    return made


@pytest.mark.parametrize(
    ("days", "correlation", "most"),
    [
        pytest.param(28, 0.0, 0.025, id="28 independent days"),
        pytest.param(28, 0.5, 0.05, id="28 days at .5"),
        pytest.param(28, 0.7, 0.06, id="28 days at .7"),
        pytest.param(56, 0.0, 0.025, id="56 independent days"),
        pytest.param(56, 0.5, 0.035, id="56 days at .5"),
        pytest.param(56, 0.7, 0.035, id="56 days at .7"),
    ],
)
def test_flat_series_are_hardly_ever_forecast_to_fall(
    days: int, correlation: float, most: float
) -> None:
    """One side of a 95 % interval is 2.5 %; short correlated series lie at twice."""
    made = [one for one in forecasts(days, correlation, 0.0) if one.days is not None]
    assert len(made) / RUNS <= most + 2 * 0.009


@pytest.mark.parametrize(
    ("days", "correlation", "found", "held"),
    [
        pytest.param(28, 0.0, 0.75, 0.95, id="28 independent days"),
        pytest.param(28, 0.5, 0.35, 0.86, id="28 days at .5"),
        pytest.param(56, 0.0, 0.99, 0.95, id="56 independent days"),
        pytest.param(56, 0.5, 0.97, 0.95, id="56 days at .5"),
        pytest.param(56, 0.7, 0.75, 0.95, id="56 days at .7"),
    ],
)
def test_interval_of_a_forecast_holds_the_day_of_the_crossing(
    days: int, correlation: float, found: float, held: float
) -> None:
    """With 56 days as often as it says; with 28 the falls that are found look steep.

    Less three standard errors.
    """
    made = [one for one in forecasts(days, correlation, -FALL) if one.days is not None]
    assert len(made) / RUNS >= found
    truth = DISTANCE / FALL
    hits = sum(
        (one.lower or 0.0) <= truth and (one.upper is None or truth <= one.upper)
        for one in made
    )
    assert hits / len(made) >= held - 3 * np.sqrt(held * (1 - held) / len(made))
