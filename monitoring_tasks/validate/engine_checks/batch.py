"""A batch as standard expectations are counted on it: plain columns, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.statistics.arrays import Floats

HELD = 4
"""Columns kept at a time: each may be as large as the batch's own."""


class Kind(Enum):
    """What the values of a column are; of other kinds nothing is counted here."""

    NUMBER = "number"
    SINGLE = "float of 32 bits"
    """Compared and told apart here; what is reckoned of such is left to others."""
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """A column without dictionary and decimals; not-a-number is null.

    Attributes:
        values: One per row, null where there is none.
    """

    values: pa.ChunkedArray

    @cached_property
    def kind(self) -> Kind:
        """What the values are."""
        kind = self.values.type
        if pa.types.is_integer(kind) or pa.types.is_float64(kind):
            return Kind.NUMBER
        if pa.types.is_float32(kind):
            return Kind.SINGLE
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return Kind.TEXT
        if pa.types.is_boolean(kind):
            return Kind.FLAG
        return Kind.INSTANT if pa.types.is_timestamp(kind) else Kind.OTHER

    @cached_property
    def present(self) -> pa.ChunkedArray:
        """The values that are there."""
        return self.values.drop_null() if self.missing else self.values

    @cached_property
    def numbers(self) -> pa.ChunkedArray:
        """The numbers that are there, as floats: sums of whole ones wrap round."""
        return self.present.cast(pa.float64(), safe=False)

    @property
    def floats(self) -> Floats:
        """The numbers that are there, for numpy."""
        values: Floats = self.numbers.to_numpy()
        return values

    @property
    def missing(self) -> int:
        """How many rows have no value."""
        return int(self.values.null_count)

    @cached_property
    def ends(self) -> tuple[object, object]:
        """The smallest and the largest value; None and None where there is none."""
        ends = pc.min_max(self.present).as_py()
        return ends["min"], ends["max"]


@dataclass(frozen=True)
class Batch:
    """The rows of a day.

    Attributes:
        table: The rows. Not modified.
        as_text: Columns whose values become text.
    """

    table: pa.Table
    as_text: frozenset[str] = frozenset()
    _held: dict[str, Column] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def column(self, name: str) -> Column:
        """Return a column that is there once; the last few are kept."""
        if name not in self._held:
            if len(self._held) >= HELD:
                self._held.clear()
            column = self.table.column(name)
            plain = plain_column(column, as_text=name in self.as_text)
            self._held[name] = Column(_without_nan(plain))
        return self._held[name]

    def columns(self, names: Iterable[str]) -> list[Column]:
        """Return several columns."""
        return [self.column(name) for name in names]


def plain_column(column: pa.ChunkedArray, *, as_text: bool) -> pa.ChunkedArray:
    """Return a column without dictionary and decimals.

    Args:
        column: The column. Not modified.
        as_text: Whether its values become text.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if as_text:
        return column.cast(pa.string())
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    return column


def _without_nan(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_floating(column.type):
        return column
    is_half = pa.types.is_float16(column.type)
    nan = pc.is_nan(column.cast(pa.float32()) if is_half else column)
    # Most columns have none: they are not copied.
    if not pc.any(nan).as_py():
        return column
    return pc.if_else(nan, pa.scalar(None, column.type), column)
