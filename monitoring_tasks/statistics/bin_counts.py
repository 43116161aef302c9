"""Rows by bin, as arrays."""

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from monitoring_tasks.statistics.arrays import Codes, Floats


class BinCounts(Mapping[int, int]):
    """A mapping from bins to rows that is kept as arrays.

    A column has up to 10,000 fine bins: as a dict each is an entry and two numbers of
    Python's own, made where they are counted and taken apart where they are compared.

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

    def __getitem__(self, number: int) -> int:
        """Return the rows of a bin.

        Raises:
            KeyError: If it has none.
        """
        return self._by_bin[number]

    def __iter__(self) -> Iterator[int]:
        """Go over the bins."""
        return iter(self._by_bin)

    def __len__(self) -> int:
        """Count the bins."""
        return len(self.bins)

    def __repr__(self) -> str:
        """Show it as the mapping it is."""
        return repr(self._by_bin)

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

    @cached_property
    def _by_bin(self) -> dict[int, int]:
        return dict(zip(self.bins.tolist(), self.rows.tolist(), strict=True))
