"""How a day's numbers are spread: quantiles, and shares of values past a point."""

from collections.abc import Sequence

import numpy as np

from monitoring_tasks.statistics.arrays import Floats

_LOW = (0.0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05)
_MIDDLE = tuple(round(0.05 * step, 2) for step in range(2, 19))
GRID = (*_LOW, *_MIDDLE, *(1 - share for share in reversed(_LOW)))
"""Shares of the values at or below each point of a distribution; finer at the ends."""
TAIL = 0.01
"""Share of the values that lie past the point from where a tail begins, usually."""
LOW, HIGH = GRID.index(TAIL), GRID.index(1 - TAIL)
DECADE = 10.0
"""A power of ten: no season is so large where values keep away from 0."""
_SHARES = np.asarray(GRID)


def distribution_of(ordered: Floats) -> tuple[float, ...]:
    """Return the values at `GRID`, the smallest first; numbers that occur.

    Args:
        ordered: Finite numbers in order, at least one.
    """
    at = np.rint(_SHARES * (len(ordered) - 1)).astype(np.int64)
    return tuple(ordered[at].tolist())


def share_up_to(distribution: Sequence[float], points: Sequence[float]) -> Floats:
    """Return the shares of the values at or below points, shape (n_points,).

    Between two points of the grid the values are taken to lie evenly.

    Args:
        distribution: Of a day or of many, see `GRID`.
        points: Where to ask.
    """
    values, asked = np.asarray(distribution), np.asarray(points)
    above = np.searchsorted(values, asked, side="right")
    right = np.clip(above, 1, len(values) - 1)
    low, high = values[right - 1], values[right]
    width = np.where(high > low, high - low, 1.0)
    way = np.clip((asked - low) / width, 0.0, 1.0)
    between = _SHARES[right - 1] + (_SHARES[right] - _SHARES[right - 1]) * way
    ends = np.where(above == 0, 0.0, 1.0)
    is_end = (above == 0) | (above == len(values))
    shares: Floats = np.where(is_end, ends, between)
    return shares


def share_beyond(
    distribution: Sequence[float], ends: tuple[float, float]
) -> tuple[float, float]:
    """Return the shares of the values that lie below and above two ends, each 0..1.

    To half a step of the grid: which of the values between its last point beyond and
    the next one are beyond as well is not known.

    Args:
        distribution: Of a day.
        ends: The smallest and the largest value that do not count.
    """
    values = np.asarray(distribution)
    below = np.searchsorted(values, ends[0], side="left")
    above = np.searchsorted(values, ends[1], side="right")
    padded = np.append(_SHARES, 1.0)
    low = (padded[below - 1] + padded[below]) / 2 if below else 0.0
    high = 1 - (padded[above - 1] + padded[above]) / 2 if above < len(values) else 0.0
    # All of them are beyond where even the other end is.
    return float(low), float(high if above else 1.0)


def far_ends(ends: tuple[float, float]) -> tuple[float, float]:
    """Return two ends so far from others that no season carries values past them.

    As far again as the others lie from each other; towards 0, where that says nothing
    of values that are all above it, a decade nearer to it and as many times as the
    others have between them.

    >>> far_ends((25.0, 95.0)), far_ends((-5.0, 30.0))
    ((2.5, 165.0), (-40.0, 65.0))

    Args:
        ends: The smallest and the largest value that was seen.
    """
    low, high = ends
    width = high - low
    far = [low - width, high + width]
    if width <= 0:
        return -np.inf, np.inf
    if low > 0:
        far[0] = max(far[0], min(low * low / high, low / DECADE))
    elif high < 0:
        far[1] = min(far[1], max(high * high / low, high / DECADE))
    return far[0], far[1]


def pooled(distributions: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the distribution of several days together, each counting alike.

    Args:
        distributions: Of each day, at least one.
    """
    values = np.asarray(distributions, dtype=np.float64)
    # A point stands for the values nearer to it than to its neighbours.
    middles = (_SHARES[1:] + _SHARES[:-1]) / 2
    weights = np.diff(middles, prepend=0.0, append=1.0)
    order = np.argsort(values, axis=None, kind="stable")
    ordered = values.ravel()[order]
    mass = np.tile(weights, len(values))[order].cumsum() / len(values)
    at = np.searchsorted(mass, _SHARES, side="left").clip(0, len(ordered) - 1)
    points = ordered[at]
    points[0], points[-1] = ordered[0], ordered[-1]
    return tuple(points.tolist())
