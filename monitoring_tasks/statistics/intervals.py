"""Intervals around a number: what chance alone would do to it.

Two-sided; `confidence` is the share of days on which an interval made this way
holds the true value, if rows are independent. Rows that come in clusters make
every interval here too narrow.
"""

import math
from statistics import NormalDist

Interval = tuple[float, float]


def normal_quantile(confidence: float) -> float:
    """Return the half-width of a two-sided interval, in standard errors.

    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(hits: float, rows: float, *, confidence: float) -> Interval:
    """Return the score interval of a proportion; inside 0..1 and never of width 0.

    Args:
        hits: Rows that count, 0..`rows`; need not be whole.
        rows: Rows in all, > 0.
        confidence: Level, 0..1.

    References:
        Wilson (1927), JASA 22, 209-212.
    """
    z2 = normal_quantile(confidence) ** 2
    share = hits / rows
    centre = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    spread = share * (1 - share) / rows + z2 / (4 * rows**2)
    half = math.sqrt(max(spread, 0.0) * z2) / (1 + z2 / rows)
    # Rounding must not leave the value itself outside.
    return min(max(0.0, centre - half), share), max(min(1.0, centre + half), share)


def normal(value: float, error: float, *, confidence: float) -> Interval:
    """Return value +- z standard errors.

    Args:
        value: The number.
        error: Its standard error, >= 0.
        confidence: Level, 0..1.
    """
    half = normal_quantile(confidence) * error
    return value - half, value + half


def clipped(interval: Interval, low: float, high: float = math.inf) -> Interval:
    """Keep an interval within the range its number can have.

    Args:
        interval: Lower and upper end.
        low: Smallest value of the number.
        high: Its largest value.
    """
    return max(interval[0], low), min(interval[1], high)


def difference(
    first: tuple[float, float], second: tuple[float, float], *, confidence: float
) -> Interval:
    """Return the interval of the difference of two independent proportions.

    Args:
        first: (hits, rows) of the proportion subtracted from.
        second: (hits, rows) of the proportion subtracted.
        confidence: Level, 0..1.

    References:
        Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    share_1, share_2 = first[0] / first[1], second[0] / second[1]
    low_1, high_1 = wilson(*first, confidence=confidence)
    low_2, high_2 = wilson(*second, confidence=confidence)
    # Halves add in quadrature (MOVER): less one's end the other's would be too wide.
    gap = share_1 - share_2
    return (
        gap - math.hypot(share_1 - low_1, high_2 - share_2),
        gap + math.hypot(high_1 - share_1, share_2 - low_2),
    )
