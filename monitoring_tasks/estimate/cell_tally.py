"""Rows by segment and key, where there may be many of both: kept sparse."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from monitoring_tasks.estimate.column_codes import Codes
from monitoring_tasks.estimate.segment_tally import Grouping
from monitoring_tasks.statistics.arrays import Floats

SHIFT = 32
"""A cell is a segment in the upper and a key in the lower bits of one number."""
DENSE = 1 << 16
"""So many cells are counted in an array of them all, whatever the rows."""
WAITING = 1 << 20
"""So many counts of blocks are put together at the latest."""


@dataclass(slots=True)
class _Cells:
    """Cells of one dimension, of several blocks; a cell may be there more than once."""

    cells: list[Codes] = field(default_factory=list)
    rows: list[Codes] = field(default_factory=list)
    sums: list[Floats] = field(default_factory=list)
    waiting: int = 0

    def add(self, cells: Codes, rows: Codes, sums: Floats) -> None:
        self.cells.append(cells)
        self.rows.append(rows)
        self.sums.append(sums)
        self.waiting += len(cells)
        if self.waiting > WAITING and len(self.cells) > 1:
            self.put_together()
            self.waiting = 0

    def put_together(self) -> tuple[Codes, Codes, Floats]:
        if len(self.cells) > 1:
            cells, at = np.unique(np.concatenate(self.cells), return_inverse=True)
            # Counts of fewer than 2**53 rows are exact as doubles.
            rows = np.bincount(at, weights=np.concatenate(self.rows))
            sums = np.bincount(at, weights=np.concatenate(self.sums))
            self.cells, self.rows, self.sums = [cells], [rows.astype(np.int64)], [sums]
        return self.cells[0], self.rows[0], self.sums[0]


class CellTally:
    """Rows, and sums of a value, by dimension, segment and key.

    Args:
        dimensions: How many ways the rows are split.
    """

    def __init__(self, dimensions: int) -> None:
        self._by_dimension = [_Cells() for _ in range(dimensions)]

    def add(
        self, keys: Codes, groupings: Sequence[Grouping], values: Floats | None = None
    ) -> None:
        """Count a block.

        Args:
            keys: A key of each row, 0 or more.
            groupings: The segments of the rows, by dimension.
            values: What is summed; None for nothing.
        """
        width = int(keys.max()) + 1 if len(keys) else 1
        for cells, grouping in zip(self._by_dimension, groupings, strict=True):
            cells.add(*_counted(keys, width, grouping, values))

    def of(self, dimension: int, segment: int) -> tuple[Codes, Codes, Floats]:
        """Return the keys of a segment in order, their rows and their sums.

        Args:
            dimension: The dimension.
            segment: The segment's code.
        """
        cells, rows, sums = self._by_dimension[dimension].put_together()
        first, last = np.searchsorted(cells, [segment << SHIFT, (segment + 1) << SHIFT])
        part = slice(int(first), int(last))
        return cells[part] - (segment << SHIFT), rows[part], sums[part]


def _counted(
    keys: Codes, width: int, grouping: Grouping, values: Floats | None
) -> tuple[Codes, Codes, Floats]:
    """Return the cells of a block in order, each once, with rows and sums."""
    size = grouping.count * width
    if size <= max(DENSE, 4 * len(keys)):
        joined = keys if grouping.codes is None else grouping.codes * width + keys
        rows = np.bincount(joined, minlength=size)
        present = np.flatnonzero(rows)
        sums = (
            np.bincount(joined, values, size)[present] if values is not None else None
        )
        cells = ((present // width) << SHIFT) + present % width
        rows = rows[present]
    else:
        joined = keys if grouping.codes is None else (grouping.codes << SHIFT) + keys
        cells, at, rows = np.unique(joined, return_inverse=True, return_counts=True)
        sums = np.bincount(at, values) if values is not None else None
    return cells, rows, np.zeros(len(cells)) if sums is None else sums
