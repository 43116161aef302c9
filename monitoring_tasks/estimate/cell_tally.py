"""Rows by segment and key, where there may be many of both: kept sparse."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from monitoring_tasks.estimate.segment_tally import Grouping
from monitoring_tasks.statistics.arrays import Codes, Floats, sums_by

SHIFT = 32
"""A cell is a segment in the upper and a key in the lower bits of one number."""
DENSE = 1 << 16
"""So many cells are counted in an array of them all, whatever the rows."""
WAITING = 1 << 17
"""So many cells of blocks wait at most before they are put together."""


class Cells(NamedTuple):
    """Cells in order, their rows, and the sums of a value over them."""

    keys: Codes
    rows: Codes
    sums: Floats


@dataclass(slots=True)
class _Blocks:
    """The cells of one dimension, block by block; one may be in several blocks."""

    parts: list[Cells] = field(default_factory=list)
    waiting: int = 0

    def add(self, cells: Cells) -> None:
        self.parts.append(cells)
        self.waiting += len(cells.keys)
        if self.waiting > WAITING:
            self.together()
            self.waiting = 0

    def together(self) -> Cells:
        if len(self.parts) > 1:
            keys, rows, sums = (
                np.concatenate(column) for column in zip(*self.parts, strict=True)
            )
            different, at = np.unique(keys, return_inverse=True)
            # Counts of fewer than 2**53 rows are exact as doubles.
            counted = sums_by(at, rows, len(different)).astype(np.int64)
            self.parts = [Cells(different, counted, sums_by(at, sums, len(different)))]
        return self.parts[0] if self.parts else NO_CELLS


NO_CELLS = Cells(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


class CellTally:
    """Rows, and sums of a value, by dimension, segment and key.

    Args:
        dimensions: How many ways the rows are split.
    """

    def __init__(self, dimensions: int) -> None:
        self._by_dimension = [_Blocks() for _ in range(dimensions)]

    def add(
        self, keys: Codes, groupings: Sequence[Grouping], values: Floats | None = None
    ) -> None:
        """Count a block.

        Args:
            keys: A key of each row, 0 or more.
            groupings: The segments of the rows, by dimension.
            values: What is summed; None for nothing.
        """
        for blocks, grouping in zip(self._by_dimension, groupings, strict=True):
            blocks.add(_counted(keys, grouping, values))

    def of(self, dimension: int, segment: int) -> Cells:
        """Return the keys of a segment in order, with their rows and sums.

        Args:
            dimension: The dimension.
            segment: The segment's code.
        """
        cells = self._by_dimension[dimension].together()
        low, high = segment << SHIFT, (segment + 1) << SHIFT
        first, end = np.searchsorted(cells.keys, [low, high])
        part = slice(int(first), int(end))
        return Cells(cells.keys[part] - low, cells.rows[part], cells.sums[part])


def _counted(keys: Codes, grouping: Grouping, values: Floats | None) -> Cells:
    """Return the cells of a block in order, each once."""
    width = int(keys.max(initial=0)) + 1
    size = grouping.count * width
    if size > max(DENSE, 4 * len(keys)):
        joined = keys if grouping.codes is None else (grouping.codes << SHIFT) + keys
        cells, at, rows = np.unique(joined, return_inverse=True, return_counts=True)
        return Cells(cells, rows, _sums(at, values, len(cells)))
    joined = keys if grouping.codes is None else grouping.codes * width + keys
    rows = np.bincount(joined, minlength=size)
    present = np.flatnonzero(rows)
    cells = ((present // width) << SHIFT) + present % width
    return Cells(cells, rows[present], _sums(joined, values, size)[present])


def _sums(at: Codes, values: Floats | None, size: int) -> Floats:
    return np.zeros(size) if values is None else sums_by(at, values, size)
