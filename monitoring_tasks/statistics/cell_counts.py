"""What was counted by cell of score, prediction and label, as arrays."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

import numpy as np

from monitoring_tasks.statistics.array_mapping import ArrayMapping
from monitoring_tasks.statistics.arrays import Codes, Floats

Cell = tuple[int, int, int]
"""Score bin, predicted class and label; -1 is a class that is not known."""
Value = TypeVar("Value", int, float)
CLASSES = 3
"""Not known, negative, positive."""
PAIRS = CLASSES * CLASSES


class CellCounts(ArrayMapping[Cell, Value]):
    """A mapping from cells to rows, or to sums, that is kept as arrays.

    A month of days holds hundreds of thousands of cells.

    Attributes:
        cells: The cells, shape (n_cells, 3), each once.
        counted: What was counted, whole numbers or floats, shape (n_cells,).
    """

    def __init__(self, cells: Codes, counted: Codes | Floats) -> None:
        """Keep the arrays; they are not copied.

        Args:
            cells: Shape (n_cells, 3).
            counted: Shape (n_cells,).
        """
        self.cells = cells
        self.counted = counted

    @classmethod
    def of(cls, counted: Mapping[Cell, Value]) -> "CellCounts[Value]":
        """Return any mapping by cell as arrays, in its own order."""
        if isinstance(counted, cls):
            return counted
        cells = np.array(list(counted), dtype=np.int64).reshape(-1, CLASSES)
        return cls(cells, np.array(list(counted.values())))

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.cells)

    def added_to(self, others: Sequence[Mapping[Cell, Value]]) -> "CellCounts[Value]":
        """Return this and others added up, cell by cell, ordered by cell.

        Floats are added in the order of the records, as a loop over them would.

        Args:
            others: What else was counted.
        """
        every: list[CellCounts[Value]] = [self]
        every += [CellCounts.of(other) for other in others]
        # Nothing has no type: as floats it would make floats of the rest.
        parts = [part for part in every if len(part)] or [self]
        codes = np.concatenate([part.codes for part in parts])
        values = np.concatenate([part.counted for part in parts])
        # There are few codes, and many values: to sort these would take longer.
        different = np.flatnonzero(np.bincount(codes) > 0)
        summed = np.bincount(codes, weights=values)[different]
        # Rows stay whole: a double holds them exactly.
        return CellCounts(_decoded(different), summed.astype(values.dtype))

    @cached_property
    def codes(self) -> Codes:
        """Return a whole number for each cell, >= 0, in the order of the cells."""
        return _encoded(self.cells)

    def as_dict(self) -> dict[Cell, Value]:
        """Return what was counted by cell."""
        keys = cast("Iterator[Cell]", map(tuple, self.cells.tolist()))
        return dict(zip(keys, self.counted.tolist(), strict=True))


def _encoded(cells: Codes) -> Codes:
    pairs = (cells[:, 1] + 1) * CLASSES + cells[:, 2] + 1
    encoded: Codes = cells[:, 0] * PAIRS + pairs
    return encoded


def _decoded(codes: Codes) -> Codes:
    bins, pairs = np.divmod(codes, PAIRS)
    predicted, labels = np.divmod(pairs, CLASSES)
    return np.column_stack([bins, predicted - 1, labels - 1])
