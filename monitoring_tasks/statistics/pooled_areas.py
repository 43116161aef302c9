"""Areas under the ROC curve of several days, pooled within days."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DayArea:
    """The area of one day.

    Attributes:
        area: Share of the day's (positive, negative) pairs ranked rightly, 0..1.
        error: Its standard error; None where the day is too small to have one.
        weight: What the day counts for, > 0 (see `auc_weight`).
    """

    area: float
    error: float | None
    weight: float


def auc_weight(positives: float, negatives: float) -> float:
    """Return what a day's area counts for: m n / (m + n), as its inverse variance.

    It depends on labels alone, not on how well they were ranked: a lucky day does not
    count for more. 0 for a day without rows of both classes.

    Args:
        positives: Positive rows m, counted or expected.
        negatives: Negative rows n.

    References:
        Hanley, McNeil (1982), Radiology 143, 29-36: the variance of an area falls as
        1 / m and 1 / n; weights like Mantel and Haenszel's (1959), JNCI 22, 719-748.

    >>> auc_weight(10, 0), auc_weight(10, 30)
    (0.0, 7.5)
    """
    rows = positives + negatives
    return positives * negatives / rows if rows else 0.0


def pool_areas(days: Sequence[DayArea]) -> tuple[float, float | None] | None:
    """Return the weighted mean of the days' areas and its standard error.

    No row is ranked against a row of another day, so that neither base rates nor
    calibrations that differ between days move it; one day gives its own area.

    Args:
        days: Days without rows of both classes have no area and are left out before.

    Returns:
        The area, and its error from sampling rows, None where a day has none; None
        without any day.
    """
    total = sum(day.weight for day in days)
    if not total:
        return None
    area = sum(day.weight * day.area for day in days) / total
    errors = [day.weight * day.error for day in days if day.error is not None]
    if len(errors) < len(days):
        return area, None
    return area, math.hypot(*errors) / total
