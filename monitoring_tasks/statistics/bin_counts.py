"""Rows by bin, as arrays."""

from collections.abc import Mapping

import numpy as np

from monitoring_tasks.statistics.array_mapping import ArrayMapping
from monitoring_tasks.statistics.arrays import Codes, Floats


class BinCounts(ArrayMapping[int, int]):
    """A mapping from bins to rows that is kept as arrays.

    A column has up to 10,000 fine bins, counted as arrays and compared as arrays.

    Attributes:
        bins: Numbers of the bins, >= 0, each once, shape (n_bins,).
        rows: Rows of each, shape (n_bins,).
    """

    def __init__(self, bins: Codes, rows: Codes) -> None:
        """Keep the arrays; they are not copied.

        Args:
            bins: Shape (n_bins,).
            rows: Shape (n_bins,).
        """
        self.bins = bins
        self.rows = rows

    @classmethod
    def of(cls, rows: Mapping[int, int]) -> "BinCounts":
        """Return any mapping by bin as arrays, in its own order."""
        if isinstance(rows, cls):
            return rows
        return cls(
            np.fromiter(rows.keys(), dtype=np.int64, count=len(rows)),
            np.fromiter(rows.values(), dtype=np.int64, count=len(rows)),
        )

    @classmethod
    def of_every(cls, rows: Codes) -> "BinCounts":
        """Return the bins that have rows.

        Args:
            rows: Rows of every bin, 0 included, shape (n_bins,).
        """
        bins = np.flatnonzero(rows)
        return cls(bins, rows[bins])

    def __len__(self) -> int:
        """Count the bins."""
        return len(self.bins)

    def dense(self, size: int) -> Floats:
        """Return the rows of every bin, 0 included.

        Args:
            size: How many bins there are, more than any number of a bin.

        Returns:
            Shape (size,).
        """
        every = np.zeros(size)
        every[self.bins] = self.rows
        return every

    def as_dict(self) -> dict[int, int]:
        """Return the rows by bin."""
        return dict(zip(self.bins.tolist(), self.rows.tolist(), strict=True))
