"""The mean of one error a day, when errors of neighbouring days resemble each other.

Arithmetic only; what the errors are about is the caller's to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.statistics.arrays import Floats

FEWEST_DAYS = 5
"""With fewer days the correction of their correlation divides by nothing."""
MOST_CORRELATED = 0.95
"""Correlation is held below this: at 1 no number of days would say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyErrors:
    """What the errors of many days have in common.

    Attributes:
        days: How many there are.
        mean: Their mean; None without a day.
        mean_absolute: Mean of their sizes.
        effective_days: As many independent days would say as much about the mean.
        standard_error: Of the mean; None with fewer than `FEWEST_DAYS` days, as are:
        lower: Lower end of the mean's interval.
        upper: Upper end of the mean's interval.
        deviation: Standard deviation of one day's error.
        quantile: Standard errors between the mean and either end.
    """

    days: int = 0
    mean: float | None = None
    mean_absolute: float | None = None
    effective_days: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    deviation: float | None = None
    quantile: float | None = None


def summarize(
    days: Sequence[date], errors: Sequence[float], *, confidence: float
) -> DailyErrors:
    """Return mean and spread of one error a day, with an interval around the mean.

    Takes the errors for an autoregression of order one around a steady mean. Its
    correlation r is that of consecutive calendar days, freed of the bias that a short
    series has, (n r + 1) / (n - 4), and kept within 0 and `MOST_CORRELATED`. Then
    f = sum over all pairs of days of r ** distance / n; n / f days are effective, the
    variance is that of the sample x (n - 1) / (n - f), and the interval is Student's
    with n / f - 1 degrees, 1 at least. Days without an error in between are allowed.

    When it lies: a rhythm of the week or errors that wander off are no autoregression
    around a mean. With 14 days at a correlation of .5 an interval at .95 holds the
    mean on .92 of all occasions, with 60 days on .945 (Newey and West's: .80, .87).

    Args:
        days: Calendar days, each once, oldest first.
        errors: Finite numbers, one a day. Not modified.
        confidence: Level of the interval, 0..1.

    Raises:
        ValueError: If days repeat or are out of order, or an error is not finite.

    References:
        Marriott and Pope (1954), Biometrika 41, 390-402 (bias of the correlation);
        Bayley and Hammersley (1946), JRSS Supplement 8, 184-197 (effective number).
    """
    values = np.asarray(errors, dtype=np.float64)
    dates = np.array([day.toordinal() for day in days], dtype=np.int64)
    if len(dates) != len(values) or (np.diff(dates) <= 0).any():
        msg = "one error a day, oldest first, is needed"
        raise ValueError(msg)
    if not np.isfinite(values).all():
        msg = "an error is not a finite number"
        raise ValueError(msg)
    if not len(values):
        return DailyErrors()
    mean, size = float(values.mean()), float(np.abs(values).mean())
    if len(values) < FEWEST_DAYS:
        return DailyErrors(days=len(values), mean=mean, mean_absolute=size)
    # Days that resemble each other say as much as fewer independent ones.
    inflation = _inflation(dates, values)
    effective = len(values) / inflation
    deviation = _deviation(values, inflation)
    error = deviation / math.sqrt(effective)
    # At least one degree: with less Student's t has ends beyond any error there is.
    quantile = _student(confidence, max(effective - 1, 1.0))
    return DailyErrors(
        days=len(values),
        mean=mean,
        mean_absolute=size,
        effective_days=effective,
        standard_error=error,
        lower=mean - quantile * error,
        upper=mean + quantile * error,
        deviation=deviation,
        quantile=quantile,
    )


def _inflation(dates: NDArray[np.int64], values: Floats) -> float:
    """Return how many times the mean's variance is that of independent days."""
    correlation = _correlation(dates, values)
    apart = np.abs(dates[:, None] - dates[None, :])
    return float((correlation**apart).sum() / len(values))


def _correlation(dates: NDArray[np.int64], values: Floats) -> float:
    """Return the correlation of consecutive days, freed of its bias."""
    n, centred = len(values), values - values.mean()
    # Only pairs of calendar neighbours count; across a gap the correlation is another.
    follows = np.diff(dates) == 1
    variance = float((centred**2).mean())
    if not follows.any() or variance == 0:
        return 0.0
    # Averaged over the pairs there are: days that are missing must not pull it to 0.
    covariance = float((centred[1:] * centred[:-1])[follows].mean())
    corrected = (n * covariance / variance + 1) / (n - 4)
    # Below 0 days would count for more than independent ones.
    return min(max(corrected, 0.0), MOST_CORRELATED)


def _deviation(values: Floats, inflation: float) -> float:
    """Return the deviation of one day; a sample of like days shows too little of it."""
    n = len(values)
    squares = float(((values - values.mean()) ** 2).sum())
    # At least 1, where a strong correlation would leave less than a day.
    return math.sqrt(squares / max(n - inflation, 1.0))


def _student(confidence: float, degrees: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy)

    return float(stdtrit(degrees, 0.5 + confidence / 2))
