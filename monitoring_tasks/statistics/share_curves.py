"""Which share of some numbers is at most a value: exact for few values, else close."""

import numpy as np

from monitoring_tasks.domain.label_summary import ShareCurve
from monitoring_tasks.statistics.arrays import Floats

LOWER = (0, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
RANKS = np.array([*LOWER, 0.5, *(1 - rank for rank in reversed(LOWER))])
"""Shares at which a curve is kept where there are more values than these."""
DIGITS = 6
"""Of a share that is kept: a millionth, below what a million rows can tell."""


def curve_of(values: Floats) -> ShareCurve:
    """Return the curve of some numbers.

    Args:
        values: Finite, shape (n,), at least one. Not modified.
    """
    distinct, counts = np.unique(values, return_counts=True)
    shares = np.cumsum(counts) / len(values)
    is_complete = len(distinct) <= len(RANKS)
    if not is_complete:
        at = np.searchsorted(shares, RANKS).clip(max=len(distinct) - 1)
        distinct, shares = distinct[np.unique(at)], shares[np.unique(at)]
    return ShareCurve(
        values=tuple(distinct.tolist()),
        shares=tuple(np.round(shares, DIGITS).tolist()),
        is_complete=is_complete,
    )


def shares_at_most(curve: ShareCurve, values: Floats) -> Floats:
    """Return the share of the numbers that are at most each value, 0..1.

    Args:
        curve: Of the numbers: steps where it is complete, else lines between what is
            kept.
        values: Shape (n_values,). Not modified.
    """
    kept, shares = np.asarray(curve.values), np.asarray(curve.shares)
    if curve.is_complete:
        return np.append(0.0, shares)[np.searchsorted(kept, values, side="right")]
    return np.asarray(np.interp(values, kept, shares, left=0.0), dtype=np.float64)


def quantile(curve: ShareCurve, share: float) -> float:
    """Return the smallest value kept that at least such a share is at most.

    Args:
        curve: Of the numbers.
        share: In (0, 1].
    """
    # Shares are rounded: the last one is 1 all the same.
    place = int(np.searchsorted(curve.shares, share - 10**-DIGITS))
    return curve.values[min(place, len(curve.values) - 1)]


def quantiles(curve: ShareCurve, shares: Floats) -> Floats:
    """Return the values that such shares of the numbers are at most.

    Args:
        curve: Of the numbers: steps where it is complete, else lines between what is
            kept, so that no value lies above what it stands for.
        shares: In (0, 1], shape (n_shares,). Not modified.
    """
    if curve.is_complete:
        return np.array([quantile(curve, share) for share in shares.tolist()])
    return np.asarray(np.interp(shares, curve.shares, curve.values))
