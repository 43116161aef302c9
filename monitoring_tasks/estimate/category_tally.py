"""A categorical column counted by its texts, block by block; the rare ones as one."""

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitoring_tasks.domain.counts import CategoricalCounts
from monitoring_tasks.estimate.cell_tally import CellTally
from monitoring_tasks.estimate.column_codes import Texts
from monitoring_tasks.estimate.segment_tally import Grouping
from monitoring_tasks.statistics.arrays import Codes


class CategoryTally:
    """Rows of one column by dimension, segment and category.

    Args:
        dimensions: How many ways the rows are split, the whole day first.
    """

    def __init__(self, dimensions: int) -> None:
        self._texts = Texts()
        self._cells = CellTally(dimensions)

    def add(self, column: pa.ChunkedArray, groupings: Sequence[Grouping]) -> None:
        """Count a block.

        Args:
            column: Its values, of any type.
            groupings: The segments of the rows, by dimension.
        """
        codes = self._texts.codes(column)
        present = codes >= 0
        if not present.all():
            codes, groupings = codes[present], [g.select(present) for g in groupings]
        self._cells.add(codes, groupings)

    def totals(self) -> dict[str, int]:
        """Return the rows of the whole day by category."""
        codes, counts, _ = self._cells.of(0, 0)
        names = [self._texts.names[code] for code in codes.tolist()]
        return dict(zip(names, counts.tolist(), strict=True))

    def limited(
        self, vocabulary: Collection[str], most_others: int
    ) -> "LimitedCategories":
        """Return the counts with all but some categories put together.

        Args:
            vocabulary: Categories that keep their name.
            most_others: How many others of a segment keep theirs: the most common.
        """
        listed = set(vocabulary)
        is_listed = np.array([text in listed for text in self._texts.names], bool)
        return LimitedCategories(self._cells, self._texts, is_listed, most_others)


class LimitedCategories:
    """The counts of a column, by name as far as its limits allow."""

    def __init__(
        self,
        cells: CellTally,
        texts: Texts,
        is_listed: NDArray[np.bool_],
        most_others: int,
    ) -> None:
        self._cells = cells
        self._texts = texts
        self._is_listed = is_listed
        self._most_others = most_others

    def counts(self, dimension: int, segment: int, rows: int) -> CategoricalCounts:
        """Return what was counted of a segment.

        Args:
            dimension: Its dimension; 0 is the whole day.
            segment: Its code.
            rows: Its rows, nulls included.
        """
        codes, counts, _ = self._cells.of(dimension, segment)
        is_named = self._are_named(codes, counts)
        names = [self._texts.names[code] for code in codes[is_named].tolist()]
        named = zip(names, counts[is_named].tolist(), strict=True)
        return CategoricalCounts(
            rows=rows,
            nulls=rows - int(counts.sum()),
            counts=dict(sorted(named)),
            other=int(counts[~is_named].sum()),
            other_categories=int((~is_named).sum()),
        )

    def _are_named(self, codes: Codes, counts: Codes) -> NDArray[np.bool_]:
        is_named = self._is_listed[codes]
        others = np.flatnonzero(~is_named)
        if len(others) > self._most_others:
            names = [self._texts.names[code] for code in codes[others].tolist()]
            kept = most_common(names, counts[others], self._most_others)
            others = others[kept]
        is_named[others] = True
        return is_named


def most_common(
    names: Sequence[str], rows: Sequence[int] | Codes, most: int
) -> list[int]:
    """Return the positions of the names with most rows, ties in the order of names.

    Args:
        names: Each once.
        rows: The rows of each.
        most: How many positions, 0 or more.
    """
    if not most:
        return []
    order = sorted(range(len(names)), key=lambda at: (-int(rows[at]), names[at]))
    return order[:most]
