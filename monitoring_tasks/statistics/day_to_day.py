"""How one number moves from day to day while nothing is wrong."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from monitoring_tasks.domain.reference import MOST_CORRELATED, DailyNoise
from monitoring_tasks.statistics.arrays import Floats

WEEK = 7
FEWEST_WEEKS = 4
"""Fewer days of each weekday say nothing about weekdays."""


def learn_noise(
    days: Sequence[date],
    values: Sequence[float],
    errors: Sequence[float],
    rows: Sequence[int],
) -> DailyNoise:
    """Learn mean, spread, correlation and weekday pattern of a number.

    The model: value = mean + weekday + state + sampling error, where the state is
    autoregressive of order one. Its spread is what the variance between days leaves
    when the mean squared sampling error is taken out (method of moments), not below
    0. Its correlation is the covariance of consecutive days over that variance, with
    Kendall's correction for short series, within 0..0.9. It lies when the reference
    holds a trend or a season: then the spread is too large and later limits are wide.

    Args:
        days: The reference days, each once, shape (n_days,), at least two.
        values: The number on each day.
        errors: Its standard error from sampling; 0 where it has none.
        rows: Rows behind it.

    References:
        Kendall (1954), Biometrika 41, 403-404 (bias of the autocorrelation).
        Robinson (1991), Statistical Science 6, 15-32 (shrunken effects).
    """
    x = np.asarray(values, dtype=np.float64)
    sampling = float(np.mean(np.square(errors)))
    weekdays = _weekdays(days, x)
    residuals = x - x.mean() - np.array([weekdays[d.weekday()] for d in days])
    # The mean and, where there is a pattern, six weekdays were estimated too.
    lost = 1 + (WEEK - 1 if any(weekdays) else 0)
    variance = float(np.sum(residuals**2)) / max(len(x) - lost, 1)
    between = max(variance - sampling, 0.0)
    return DailyNoise(
        mean=float(x.mean()),
        spread=math.sqrt(between),
        days=len(x),
        sampling=math.sqrt(sampling),
        correlation=_correlation(days, residuals, between),
        weekdays=weekdays if any(weekdays) else (),
        rows=float(np.mean(rows)),
    )


def _weekdays(days: Sequence[date], x: Floats) -> tuple[float, ...]:
    """Return how each weekday differs from the mean, shrunk by how little is known.

    One-way random effects: a weekday's mean counts by the share of its variance that
    is not noise; all are 0 when the weekdays differ no more than chance lets them.
    """
    groups = [x[[d.weekday() == weekday for d in days]] for weekday in range(WEEK)]
    sizes = np.array([len(group) for group in groups])
    if sizes.min() < FEWEST_WEEKS:
        return (0.0,) * WEEK
    means = np.array([group.mean() for group in groups])
    within = sum(float(((g - g.mean()) ** 2).sum()) for g in groups)
    within /= len(x) - WEEK  # seven means were estimated
    # Means of nothing but noise differ too, by `within` over the days of each.
    among = float(np.var(means, ddof=1)) - within / float(sizes.mean())
    if among <= 0:
        return (0.0,) * WEEK
    kept = among / (among + within / sizes)
    return tuple(float(w) for w in (means - x.mean()) * kept)


def _correlation(days: Sequence[date], residuals: Floats, between: float) -> float:
    """Return the correlation of consecutive days; 0 where too few pairs would say."""
    index_of = {day: i for i, day in enumerate(days)}
    pairs = [
        (residuals[i], residuals[index_of[day + timedelta(days=1)]])
        for day, i in index_of.items()
        if day + timedelta(days=1) in index_of
    ]
    # 27 pairs: four weeks without a gap.
    if between == 0 or len(pairs) < FEWEST_WEEKS * WEEK - 1:
        return 0.0
    # Over the variance without sampling error, which days do not share.
    raw = float(np.mean([a * b for a, b in pairs])) / between
    corrected = raw + (1 + 3 * raw) / len(pairs)
    return min(max(corrected, 0.0), MOST_CORRELATED)
