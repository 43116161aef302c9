"""A continuous column counted in the bins of its reference, block by block.

Bin numbers follow `numpy.histogram` to the last bit.
"""

from collections.abc import Sequence

import numpy as np

from monitoring_tasks.domain.counts import Bins, ContinuousCounts
from monitoring_tasks.estimate.column_codes import measurable
from monitoring_tasks.estimate.segment_tally import Grouping, grown
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.statistics.bin_counts import BinCounts

VALID, BELOW, ABOVE, UNDER_BY, OVER_BY, TOTAL, SQUARES = range(7)
"""Where each sum stands in a row of `BinTally.sums`."""
DIGITS = 12
"""Significant digits that are kept of a sum."""
TINY = 1e-280
"""Sums below this are kept as they are."""


class BinTally:
    """Counts of one column by dimension and segment.

    Args:
        bins: Its bins.
        dimensions: How many ways the rows are split, the whole day first.
    """

    def __init__(self, bins: Bins, dimensions: int) -> None:
        self._bins = bins
        self._fine = np.zeros(bins.fine, dtype=np.int64)
        self._coarse = [np.zeros((0, bins.coarse), np.int64) for _ in range(dimensions)]
        self._sums = [np.zeros((0, SQUARES + 1)) for _ in range(dimensions)]

    def add(self, values: Floats, groupings: Sequence[Grouping]) -> None:
        """Count a block.

        Args:
            values: The column, shape (n_rows,); NaN where there is no value.
            groupings: The segments of the rows, by dimension.
        """
        x, low, high = measurable(values), self._bins.low, self._bins.high
        is_inside = (x >= low) & (x <= high)
        inside = x if is_inside.all() else x[is_inside]
        coarse = bin_numbers(inside, low, high, self._bins.coarse)
        fine = bin_numbers(inside, low, high, self._bins.fine)
        self._fine += np.bincount(fine, minlength=self._bins.fine)
        # The few outside are looked at by themselves, and null is neither.
        is_valid = is_inside if len(inside) == len(x) else ~np.isnan(x)
        below, above = np.flatnonzero(x < low), np.flatnonzero(x > high)
        valid = x if is_valid.all() else x[is_valid]
        for number, grouping in enumerate(groupings):
            cells = grouping.select(is_inside) if len(inside) < len(x) else grouping
            self._coarse[number] = grown(
                self._coarse[number], cells.cells(coarse, self._bins.coarse)
            )
            with_value = grouping.select(is_valid) if len(valid) < len(x) else grouping
            under, over = grouping.select(below), grouping.select(above)
            sums = np.column_stack(
                (
                    with_value.sizes(len(valid)),
                    under.sizes(len(below)),
                    over.sizes(len(above)),
                    under.sums(low - x[below]),
                    over.sums(x[above] - high),
                    with_value.sums(valid),
                    with_value.sums(valid * valid),
                )
            )
            self._sums[number] = grown(self._sums[number], sums)

    def counts(self, dimension: int, segment: int, rows: int) -> ContinuousCounts:
        """Return what was counted of a segment.

        Args:
            dimension: Its dimension; 0 is the whole day, which alone has fine bins.
            segment: Its code.
            rows: Its rows, nulls included.
        """
        sums = self._sums[dimension][segment].tolist()
        return ContinuousCounts(
            rows=rows,
            nulls=rows - int(sums[VALID]),
            below=int(sums[BELOW]),
            above=int(sums[ABOVE]),
            coarse=BinCounts.of_every(self._coarse[dimension][segment]).as_dict(),
            fine={} if dimension else BinCounts.of_every(self._fine),
            below_distance=stable(sums[UNDER_BY]),
            above_distance=stable(sums[OVER_BY]),
            total=stable(sums[TOTAL]),
            squares=stable(sums[SQUARES]),
        )


def bin_numbers(x: Floats, low: float, high: float, count: int) -> Codes:
    """Number the equal-width bin of each value, corrected at the edges as numpy does.

    The edges are `i * step + low`, as `numpy.linspace` computes them.

    Args:
        x: Values from `low` to `high`.
        low: First edge.
        high: Last edge; the last bin includes it.
        count: How many bins.
    """
    width = high - low
    # Bins around a constant so large that 0.5 is lost in it have no width.
    share = (x - low) / width if width > 0 else np.ones_like(x)
    guess = np.clip(np.floor(share * count), 0, count - 1)
    step = width / count
    too_high = x < guess * step + low
    too_low = (x >= (guess + 1) * step + low) & (guess < count - 1)
    return (guess - too_high + too_low).astype(np.int64)


def stable(number: float) -> float:
    """Drop the last bits, which depend on the order rows are added in."""
    return float(f"{number:.{DIGITS}g}")


def all_stable(numbers: Floats) -> Floats:
    """Drop the last bits of many numbers, as `stable` does of one.

    Args:
        numbers: Finite ones.
    """
    sizes = np.abs(numbers)
    # Nothing is lost by leaving the tiniest as they are; their scale has no double.
    is_usual = sizes > TINY
    scales = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.where(is_usual, sizes, 1.0))))
    return np.where(is_usual, np.rint(numbers * scales) / scales, numbers)
