"""How often a release that was called worse comes to look mended: one that is, or not.

Rates are of `RELEASES` releases; one of .02 has a standard error of .01.
"""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.versions.release_course import course_of
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.releases import PairedDay

pytestmark = pytest.mark.slow

FIRST = date(2013, 7, 1)
RELEASES, WORSE_DAYS = 150, 14
POLICY = Policy.model_validate({"versions": {"margin": 0.01}})


def is_mended(gains: list[float], *, excess: float, scale: float) -> float:
    """Return the share of releases that do not stand as worse on the last day.

    Args:
        gains: What the replaced version is better by, a day.
        excess: Spread of a day in its sampling errors.
        scale: Of the sampling errors, which lie between .007 and .02.
    """
    random = np.random.default_rng(1)
    ended = []
    for _ in range(RELEASES):
        errors = random.uniform(0.007, 0.02, len(gains)) * scale
        seen = np.array(gains) + excess * errors * random.standard_normal(len(gains))
        days = [
            PairedDay(
                day=FIRST + timedelta(days=number),
                champion=0.7,
                candidate=0.7,
                gain=float(gain),
                error=float(error),
                rows=900,
            )
            for number, (gain, error) in enumerate(zip(seen, errors, strict=True))
        ]
        ended.append(not course_of(days, POLICY).is_worse)
    return float(np.mean(ended))


@pytest.mark.parametrize(
    ("good_days", "scale", "excess", "at_least"),
    [
        pytest.param(8, 0.25, 1.0, 0.95, id="quiet days"),
        pytest.param(16, 0.5, 2.0, 0.7, id="days that stray twice as much"),
        pytest.param(28, 1.0, 1.0, 0.9, id="noisy days"),
    ],
)
def test_release_that_was_mended_is_shown_to_be(
    good_days: int, scale: float, excess: float, at_least: float
) -> None:
    """Worse by .05 for two weeks, and then as good as what it replaced."""
    gains = [0.05] * WORSE_DAYS + [0.0] * good_days
    assert is_mended(gains, excess=excess, scale=scale) >= at_least


@pytest.mark.parametrize("excess", [1.0, 2.0])
def test_release_that_stays_worse_is_rarely_taken_for_mended(excess: float) -> None:
    """By twice the margin, where days are quiet enough to tell, on the 56th day."""
    assert is_mended([0.02] * 56, excess=excess, scale=0.5) <= 0.02
