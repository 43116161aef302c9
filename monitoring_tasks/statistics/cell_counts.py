"""What was counted by cell of score, prediction and label, as arrays."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

import numpy as np

from monitoring_tasks.statistics.arrays import Codes, Floats

Cell = tuple[int, int, int]
"""Score bin, predicted class and label; -1 is a class that is not known."""
Value = TypeVar("Value", int, float)
CLASSES = 3
"""Not known, negative, positive."""
PAIRS = CLASSES * CLASSES


class CellCounts(Mapping[Cell, Value]):
    """A mapping from cells to rows, or to sums, that is kept as arrays.

    A month of days holds hundreds of thousands of cells: as a dict each of them is a
    tuple, an entry and two numbers of Python's own.

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

    def __getitem__(self, cell: Cell) -> Value:
        """Return what was counted of a cell.

        Raises:
            KeyError: If nothing was.
        """
        return self._by_cell[cell]

    def __iter__(self) -> Iterator[Cell]:
        """Go over the cells."""
        return iter(self._by_cell)

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.cells)

    def __repr__(self) -> str:
        """Show it as the mapping it is."""
        return repr(self._by_cell)

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

    @cached_property
    def _by_cell(self) -> dict[Cell, Value]:
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
