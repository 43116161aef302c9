"""How often a release is called worse: one that is not, and one that is.

Rates are of `RELEASES` releases; a rate of .05 has a standard error of .0049.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from monitoring_tasks.compare.versions.mean_gain import mean_gain
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.domain.releases import PairedDay

pytestmark = pytest.mark.slow

FIRST = date(2013, 7, 1)
RELEASES, DAYS = 2000, 28
MARGIN = 0.01
POLICY = ReleasePolicy()


def found_on(
    gains: npt.NDArray[np.float64], errors: npt.NDArray[np.float64], past: float
) -> int:
    """Return how many days it took to call the old version better; 99 for never."""
    days = [
        PairedDay(
            day=FIRST + timedelta(days=number),
            champion=0.7,
            candidate=0.7,
            gain=float(gain),
            error=float(error),
            rows=900,
        )
        for number, (gain, error) in enumerate(zip(gains, errors, strict=True))
    ]
    for count in range(POLICY.min_days, DAYS + 1):
        found = mean_gain(days[:count], POLICY, watch_days=DAYS)
        if found is not None and found.lower > past and found.gain > MARGIN:
            return count
    return 99


def simulate(
    gain: float, *, correlation: float, excess: float, seed: int, past: float = 0.0
) -> list[int]:
    """Draw releases whose days have unlike errors and move together.

    Args:
        gain: What the old version is better by.
        correlation: Of consecutive days.
        excess: Spread of a day in its sampling errors; on flights 1 to 2.3.
        seed: Of the draw.
        past: What the whole interval has to lie past.
    """
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(RELEASES):
        errors = rng.uniform(0.007, 0.02, DAYS)
        moves = rng.standard_normal(DAYS)
        for day in range(1, DAYS):
            new = np.sqrt(1 - correlation**2) * moves[day]
            moves[day] = correlation * moves[day - 1] + new
        found.append(found_on(gain + excess * errors * moves, errors, past))
    return found


@pytest.mark.parametrize(
    ("gain", "correlation", "excess", "at_most"),
    [
        pytest.param(0.0, 0.0, 1.0, 0.05, id="equally good"),
        pytest.param(0.0, 0.1, 2.0, 0.05, id="days that move together as stated"),
        pytest.param(0.0, 0.3, 2.0, 0.10, id="three times as much"),
        pytest.param(-0.02, 0.1, 2.0, 0.0, id="a better release"),
    ],
)
def test_release_that_is_not_worse_is_rarely_called_so(
    gain: float, correlation: float, excess: float, at_most: float
) -> None:
    """Over all looks of a release the promise holds, within three binomial errors."""
    found = simulate(gain, correlation=correlation, excess=excess, seed=1)
    rate = float(np.mean([days <= DAYS for days in found]))
    assert rate <= at_most + 3 * (at_most * (1 - at_most) / RELEASES) ** 0.5


@pytest.mark.parametrize("excess", [1.0, 2.0])
def test_release_worse_by_the_margin_is_rarely_proven_so(excess: float) -> None:
    """What a rollback rests on: the whole interval past the margin."""
    found = simulate(MARGIN, correlation=0.1, excess=excess, seed=3, past=MARGIN)
    assert float(np.mean([days <= DAYS for days in found])) <= 0.05 + 3 * 0.0049


@pytest.mark.parametrize(
    ("gain", "at_least"),
    [pytest.param(0.03, 0.9, id="0.03"), pytest.param(0.04, 0.98, id="0.04")],
)
def test_mild_bad_release_is_found_in_fourteen_days(
    gain: float, at_least: float
) -> None:
    """At the spread of the paired gains of flights, twice their sampling error."""
    found = simulate(gain, correlation=0.1, excess=2.0, seed=2)
    assert np.mean([days <= 14 for days in found]) >= at_least
