"""Areas under the ROC curve of several days, pooled within days."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DayArea:
    """The area of one day.

    Attributes:
        area: Share of the day's (positive, negative) pairs ranked rightly, 0..1.
        error: Its standard error; None or 0 where the day is too small, or too well
            ranked, to tell.
        positives: Positive rows, counted or expected, > 0.
        negatives: Negative rows likewise, > 0.
    """

    area: float
    error: float | None
    positives: float
    negatives: float

    @property
    def weight(self) -> float:
        """What the day counts for."""
        return auc_weight(self.positives, self.negatives)


def auc_weight(positives: float, negatives: float) -> float:
    """Return what a day's area counts for: m n / (m + n), as its inverse variance.

    It depends on labels alone, not on how well they were ranked: a lucky day does not
    count for more. 0 for a day without rows of both classes.

    Args:
        positives: Positive rows m, counted or expected.
        negatives: Negative rows n.

    References:
        Weights as Mantel and Haenszel's (1959), JNCI 22, 719-748; the variance of an
        area falls as 1 / m and 1 / n.

    >>> auc_weight(10, 0), auc_weight(10, 30)
    (0.0, 7.5)
    """
    rows = positives + negatives
    return positives * negatives / rows if rows else 0.0


def pool_areas(days: Sequence[DayArea]) -> tuple[float, float] | None:
    """Return the weighted mean of the days' areas and its standard error.

    No row is ranked against a row of another day, so that neither base rates nor
    calibrations that differ between days move it; one day gives its own area. A day
    that cannot tell its own error is given the one its rows would have at the mean.

    Args:
        days: Days without rows of both classes have no area and are left out before.

    Returns:
        The area, and its error from sampling rows: 0 where every pair is ranked
        rightly; None without any day.
    """
    total = sum(day.weight for day in days)
    if not total:
        return None
    area = sum(day.weight * day.area for day in days) / total
    errors = [
        day.error or area_error(area, day.positives, day.negatives) for day in days
    ]
    weighted = [day.weight * error for day, error in zip(days, errors, strict=True)]
    return area, math.hypot(*weighted) / total


def area_error(area: float, positives: float, negatives: float) -> float:
    """Return the standard error of an area on so many rows.

    Args:
        area: The area, 0..1.
        positives: Positive rows, > 0.
        negatives: Negative rows, > 0.

    References:
        Hanley, McNeil (1982), Radiology 143, 29-36, eq. 1 and 2.
    """
    of_positives = area / (2 - area) - area**2
    of_negatives = 2 * area**2 / (1 + area) - area**2
    variance = area * (1 - area)
    variance += max(positives - 1, 0) * of_positives
    variance += max(negatives - 1, 0) * of_negatives
    return math.sqrt(max(variance, 0.0) / (positives * negatives))
