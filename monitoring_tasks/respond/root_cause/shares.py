"""The values of a column before and after, part by part. Pure."""

import math
from dataclasses import dataclass

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.json_values import JsonObject

EMPTY_PART_ROWS = 0.5
"""A part without rows counts as half a row, as in the index Daywatch judges by."""
MOST_PARTS = 24
"""Bins or categories a pack keeps of a column; the rest are one, the last."""
REST = "all others"
Part = tuple[str, float, float]
"""Name of a bin or category; its rows before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far a column moved.

    Attributes:
        index: Population stability index over all parts, >= 0.
        parts: The parts that moved it most, as JSON.
        nulls: Share of rows without a value before and after, 0..1.
    """

    index: float
    parts: list[JsonObject]
    nulls: tuple[float, float]


def shift_of(
    before: ColumnCounts, after: ColumnCounts, bins: Bins | None
) -> Shift | str:
    """Return how far a column moved, or why that cannot be told.

    Args:
        before: The reference's counts.
        after: The counts of the bad days, on the same bins.
        bins: The reference's bins of a continuous column; None of a categorical one.
    """
    if not before.valid or not after.valid:
        side = "the reference has" if not before.valid else "the bad days have"
        return f"{side} no valid value"
    match before, after:
        case ContinuousCounts(), ContinuousCounts():
            if bins is None:
                return "the reference has no bins for it"
            parts = _bin_parts(before, after, bins)
        case CategoricalCounts(), CategoricalCounts():
            parts = _category_parts(before, after)
        case _:
            return "it is counted another way than the reference"
    return _shift(parts, before, after)


def _bin_parts(
    before: ContinuousCounts, after: ContinuousCounts, bins: Bins
) -> list[Part]:
    width = (bins.high - bins.low) / bins.coarse
    inside = [
        (
            f"{bins.low + i * width:.4g} to {bins.low + (i + 1) * width:.4g}",
            before.coarse.get(i, 0),
            after.coarse.get(i, 0),
        )
        for i in range(bins.coarse)
    ]
    return [
        (f"below {bins.low:.4g}", before.below, after.below),
        *inside,
        (f"above {bins.high:.4g}", before.above, after.above),
    ]


def _category_parts(before: CategoricalCounts, after: CategoricalCounts) -> list[Part]:
    names = sorted({*before.counts, *after.counts})
    named = [(n, before.counts.get(n, 0), after.counts.get(n, 0)) for n in names]
    return [*named, (REST, before.other, after.other)]


def _shift(parts: list[Part], before: ColumnCounts, after: ColumnCounts) -> Shift:
    weighed = [
        (_term(was, now, before.valid, after.valid), name, was, now)
        for name, was, now in parts
        if was or now
    ]
    # In their own order: bins are read from left to right.
    kept = {name for _, name, _, _ in sorted(weighed, reverse=True)[:MOST_PARTS]}
    shown = [
        _part(name, was / before.valid, now / after.valid, term)
        for term, name, was, now in weighed
        if name in kept
    ]
    rest = [line for line in weighed if line[1] not in kept]
    if rest:
        was, now = sum(line[2] for line in rest), sum(line[3] for line in rest)
        term = sum(line[0] for line in rest)
        shown.append(
            _part(f"{len(rest)} more", was / before.valid, now / after.valid, term)
        )
    return Shift(
        index=sum(term for term, _, _, _ in weighed),
        parts=shown,
        nulls=(before.nulls / before.rows, after.nulls / after.rows),
    )


def _term(was: float, now: float, all_before: int, all_after: int) -> float:
    """Return what one part adds to the population stability index."""
    p = max(was, EMPTY_PART_ROWS) / all_before
    q = max(now, EMPTY_PART_ROWS) / all_after
    return (q - p) * math.log(q / p)


def _part(name: str, before: float, after: float, term: float) -> JsonObject:
    return {"part": name, "before": before, "after": after, "adds": term}
