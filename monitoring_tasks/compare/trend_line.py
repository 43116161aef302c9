"""A robust line through days, and series that might have been in its place. Pure."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_CORRELATED = 0.95
"""Correlation of consecutive days is held below this; at 1 there is no line."""
FEWEST_POINTS = 7
"""With fewer points the correction of their correlation is larger than they are."""


class TrendLine:
    """Theil and Sen's line through given days, for many series of values at once.

    The slope is the weighted median of the slopes between all pairs of days, each
    weighing its distance in days / sqrt(error^2 + error^2); the level the weighted
    median of what is left.

    Args:
        days: Of the values, the last one 0; increasing, shape (n_days,).
        errors: Standard errors of the values, > 0, shape (n_days,).

    References:
        Sen (1968), JASA 63, 1379-1389; Sievers (1978), JASA 73, 628-631 (weights).
    """

    def __init__(self, days: Floats, errors: Floats) -> None:
        self._days, self._errors = days, errors
        self._first, self._second = np.triu_indices(len(days), 1)
        self._apart = days[self._second] - days[self._first]
        self._weights = self._apart / np.hypot(
            errors[self._first], errors[self._second]
        )

    def fit(self, series: Floats) -> tuple[Floats, Floats]:
        """Return level on the last day and slope a day of series (n_series, n_days)."""
        rises = (series[:, self._second] - series[:, self._first]) / self._apart
        slopes = _weighted_median(rises, self._weights)
        left = series - slopes[:, None] * self._days
        return _weighted_median(left, 1 / self._errors), slopes


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    order = np.argsort(values, axis=1)
    summed = np.cumsum(weights[order], axis=1)
    middle = (summed >= summed[:, -1:] / 2).argmax(axis=1)
    position = np.take_along_axis(order, middle[:, None], axis=1)
    return np.take_along_axis(values, position, axis=1)[:, 0]


def similar_series(residuals: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Draw series that scatter and hang together as the residuals of a line do.

    An autoregression of order one. Its correlation is freed of the bias that a line
    through a short series has, (n r + 2) / (n - 4), kept within 0 and
    `MOST_CORRELATED`, and drawn anew for each series with its own error. Its news are
    drawn from those of the residuals; its variance is corrected for what the line
    took up, n - 2 f degrees with f the inflation of a mean's variance.

    Args:
        residuals: Of a line, in units of their errors, at least `FEWEST_POINTS` and
            not constant. Not modified.
        count: How many series.
        rng: Where chance comes from.

    Returns:
        Shape (count, n_days).

    References:
        Kreiss and Lahiri (2012), Handbook of Statistics 30, 3-26 (autoregressive
        bootstrap); Kendall (1954), Biometrika 41, 403-404 (bias).
    """
    n, around = len(residuals), residuals - residuals.mean()
    raw = float((around[1:] * around[:-1]).sum() / (around**2).sum())
    # A short series shows too little correlation, and a line takes up more of it.
    best = (n * raw + 2) / (n - 4)
    held = min(max(best, 0.0), MOST_CORRELATED)
    error = math.sqrt((1 - held**2) / n)
    correlation = best + error * rng.standard_normal(count)
    correlation = np.clip(correlation, 0.0, MOST_CORRELATED)
    apart = np.arange(1, n)
    likeness = (1 - apart / n) * correlation[:, None] ** apart
    inflation = 1 + 2 * likeness.sum(axis=1)
    # A line follows what hangs together, so the residuals show too little of it.
    spread = np.sqrt((around**2).sum() / np.maximum(n - 2 * inflation, 2.0))
    news = around[1:] - held * around[:-1]
    news = (news - news.mean()) / (float(news.std()) or 1.0)
    drawn = np.empty((count, n))
    drawn[:, 0] = rng.choice(around / around.std(), count)
    fresh = rng.choice(news, (count, n)) * np.sqrt(1 - correlation**2)[:, None]
    for day in range(1, n):
        drawn[:, day] = correlation * drawn[:, day - 1] + fresh[:, day]
    return np.asarray(drawn * spread[:, None])
