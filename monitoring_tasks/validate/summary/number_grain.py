"""The grain of numbers: how many decimals the values of a column have.

Counts, ages and hours are whole, prices have two decimals, instruments one. What is
reckoned with the values leaves more of them, what rounds them fewer, however far within
the usual range they stay.
"""

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.batch_summary import Grain
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.summary.related_columns import MOST_ROWS, SEED

_SCALES = np.array([[1.0], [10.0], [100.0]])
"""What makes a number of 0, 1 and 2 decimals whole."""
_NOTHING = 1e-9
"""Smaller is what sums leave where nothing should be."""
_DOUBLE, _SINGLE = 1e-11, 5e-7
"""Relative errors of a few sums of doubles, and of a single."""


def grain_of(ordered: Floats) -> Grain:
    """Return how many decimals numbers have, of 50,000 of them where they are more.

    A double that is a single to the last bit has no more digits than a single, so that
    a column has the same grain whichever of both an engine keeps it as.

    Args:
        ordered: Finite numbers in order, at least one.
    """
    asked = _sampled(ordered)
    values = asked[np.abs(asked) > _NOTHING]
    with np.errstate(over="ignore"):
        scaled = values * _SCALES
    # In place: these are the larger part of what a summary takes.
    apart = np.rint(scaled)
    np.abs(np.subtract(scaled, apart, out=apart), out=apart)
    allowed = np.abs(scaled, out=scaled)
    allowed *= _error(values)
    allowed += _NOTHING
    finer = apart > allowed
    return Grain(
        asked=len(asked),
        present=len(values),
        distinct=int(np.count_nonzero(np.diff(values))) + bool(len(values)),
        finer=tuple(np.count_nonzero(finer, axis=1).tolist()),
        finer_middles=tuple(_middle(values, those) for those in finer),
        coarser_middles=tuple(_middle(values, ~those) for those in finer),
    )


def _sampled(ordered: Floats) -> Floats:
    """Return at most so many numbers, each at random from its part of them all."""
    if len(ordered) <= MOST_ROWS:
        return ordered
    parts = np.arange(MOST_ROWS) + np.random.default_rng(SEED).random(MOST_ROWS)
    chosen: Floats = ordered[(parts * (len(ordered) / MOST_ROWS)).astype(np.int64)]
    return chosen


def _middle(ordered: Floats, chosen: NDArray[np.bool_]) -> float:
    """Return the median of some numbers in order, one of them; 0 for none."""
    places = np.flatnonzero(chosen)
    return float(ordered[places[len(places) // 2]]) if len(places) else 0.0


def _error(values: Floats) -> Floats:
    with np.errstate(over="ignore"):
        singles = values.astype(np.float32)
    return np.where(singles == values, _SINGLE, _DOUBLE)
