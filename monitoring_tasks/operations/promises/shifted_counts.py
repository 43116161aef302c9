"""A reference's counts as they would be had a column moved. Pure."""

import math
from dataclasses import replace

import numpy as np

from monitoring_tasks.domain.counts import Bins, CategoricalCounts, ContinuousCounts
from monitoring_tasks.statistics.arrays import Codes, Floats


def spread_of(counts: ContinuousCounts) -> float:
    """Return the standard deviation of a column's values, >= 0.

    Args:
        counts: The column's, at least one valid row.
    """
    mean = counts.total / counts.valid
    return math.sqrt(max(counts.squares / counts.valid - mean**2, 0.0))


def shifted(counts: ContinuousCounts, bins: Bins, *, by: float) -> ContinuousCounts:
    """Return the counts had every value been larger by so much.

    Up to the largest value of the reference: scores end at 1, and what nobody has seen
    the gate `reference` asks about. Values outside the bins stay where they are; others
    count as the middle of their fine bin.

    Args:
        counts: On these bins, the fine ones too.
        bins: The reference's.
        by: In units of the column, >= 0.
    """
    places = np.array(list(counts.fine), dtype=np.int64)
    rows = np.array(list(counts.fine.values()), dtype=np.int64)
    # Where each value lies between the edges, 0..1.
    moved = np.minimum((places + 0.5) / bins.fine + by / (bins.high - bins.low), 1.0)
    inside = int(rows.sum())
    return replace(
        counts,
        total=counts.total + by * inside,
        coarse=_counted(moved, rows, bins.coarse),
        fine=_counted(moved, rows, bins.fine),
    )


def _counted(at: Floats, rows: Codes, bins: int) -> dict[int, int]:
    """Return the rows by bin, sparse."""
    places = np.minimum((at * bins).astype(np.int64), bins - 1)
    counted = np.bincount(places, weights=rows)
    return {int(place): int(counted[place]) for place in np.flatnonzero(counted)}


def moved_to_the_next(
    counts: CategoricalCounts, share: float, *, rows: float
) -> CategoricalCounts:
    """Return a day's counts had rows left the most common category for the next.

    Args:
        counts: The reference's; with one category alone the rows have no name.
        share: Of the valid rows, 0..1; no more can leave than there are.
        rows: Valid rows of the day.
    """
    scale = rows / counts.valid
    named = sorted(counts.counts, key=lambda name: (-counts.counts[name], name))
    scaled = {name: counts.counts[name] * scale for name in named}
    left = min(share * rows, scaled[named[0]]) if named else 0.0
    other = counts.other * scale
    if named:
        scaled[named[0]] -= left
    if len(named) > 1:
        scaled[named[1]] += left
    else:
        other += left
    return replace(
        counts,
        rows=round(rows),
        nulls=0,
        counts={name: round(value) for name, value in scaled.items()},
        other=round(other),
    )
