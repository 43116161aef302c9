"""Which segments rows fall in: a code per row and dimension; rows, labels, failures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.estimate.column_codes import Texts
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.arrays import Codes, Floats, sums_by

UNKNOWN = "unknown"
"""The segment of the rows whose value is null."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows of a block by the segments of one dimension.

    Attributes:
        codes: The segment of each row, shape (n_rows,); None where all rows are one.
        count: How many segments there are so far, >= 1.
    """

    codes: Codes | None
    count: int

    def select(self, rows: Codes | np.ndarray) -> "Grouping":
        """Return the grouping of some of the rows: positions, or a mask."""
        return Grouping(None if self.codes is None else self.codes[rows], self.count)

    def cells(self, keys: Codes, width: int) -> Codes:
        """Count rows by segment and key, shape (count, width).

        Args:
            keys: A key of each row, 0..width-1.
            width: How many keys there are.
        """
        if self.codes is None:
            return np.bincount(keys, minlength=width)[None, :]
        joined = self.codes * width + keys
        counted = np.bincount(joined, minlength=self.count * width)
        return counted.reshape(self.count, width)

    def sums(self, values: Floats) -> Floats:
        """Sum values by segment, shape (count,)."""
        if self.codes is None:
            return np.array([values.sum()])
        return sums_by(self.codes, values, self.count)

    def sizes(self, rows: int) -> Codes:
        """Count rows by segment, shape (count,).

        Args:
            rows: How many rows the grouping has.
        """
        if self.codes is None:
            return np.array([rows])
        return np.bincount(self.codes, minlength=self.count)


WHOLE_DAY = Grouping(None, 1)


def grown(total: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Add a block's numbers to the total; either may have segments the other lacks.

    Args:
        total: By segment, shape (segments, ...).
        part: The block's, of the same shape but for the first axis.
    """
    if len(total) < len(part):
        larger = np.zeros_like(part, shape=(len(part), *total.shape[1:]))
        larger[: len(total)] = total
        total = larger
    total[: len(part)] += part
    return total


@dataclass(slots=True)
class SegmentTally:
    """The segments of one dimension, block by block.

    Attributes:
        column: The column that splits the rows; empty for the whole day.
        texts: Its values by code.
        rows: Rows by segment; `labelled` and `failed` likewise.
    """

    column: str
    texts: Texts = field(default_factory=Texts)
    rows: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    labelled: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    failed: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def group(self, block: pa.Table) -> Grouping:
        """Return the segments of a block's rows."""
        if not self.column:
            return WHOLE_DAY
        codes = self.texts.codes(block.column(self.column), null=UNKNOWN)
        return Grouping(codes, len(self.texts))

    def add(self, grouping: Grouping, labelled: np.ndarray, failed: Codes) -> None:
        """Count the rows of a block.

        Args:
            grouping: Their segments.
            labelled: Whether each has a label, shape (n_rows,).
            failed: Errors of each, shape (n_rows,).
        """
        self.rows = grown(self.rows, grouping.sizes(len(labelled)))
        with_label = grouping.select(labelled).sizes(int(labelled.sum()))
        self.labelled = grown(self.labelled, with_label)
        counted = grouping.sums(failed.astype(np.float64)).astype(np.int64)
        self.failed = grown(self.failed, counted)

    def segment(self, code: int) -> str:
        """Return the name of a segment: `all`, or `column=value`."""
        return f"{self.column}={self.texts.names[code]}" if self.column else ALL

    def kept(self, named: Sequence[str], *, most: int, most_others: int) -> list[int]:
        """Return the codes of the segments that are kept by name.

        Args:
            named: Segments that are kept.
            most: How many segments of a dimension are kept, the named ones too.
            most_others: How many of them may be others: the largest ones, ties in
                the order of their texts.
        """
        if not self.column:
            return [0] if len(self.rows) and self.rows[0] else []
        present = [code for code, rows in enumerate(self.rows) if rows]
        wanted = set(named)
        listed = [code for code in present if self.segment(code) in wanted]
        others = [code for code in present if self.segment(code) not in wanted]
        # Named segments come first: they are those the reference can be compared in.
        free = max(min(most - len(listed), most_others), 0)
        others.sort(key=lambda code: (-self.rows[code], self.texts.names[code]))
        return [*listed, *others[:free]]


def dimensions_of(columns: Columns) -> list[SegmentTally]:
    """Return a tally of the whole day, and one per column that splits the rows."""
    split = dict.fromkeys((*columns.segments, *columns.protected))
    return [SegmentTally(""), *(SegmentTally(name) for name in split)]
