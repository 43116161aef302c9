"""A batch in an engine as standard expectations are asked of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.engine.values import double_of, text_of
from monitoring_tasks.validate.engine_checks.batch import Column, Kind


@dataclass(frozen=True, kw_only=True)
class PushedColumn:
    """A column in an engine, without decimals; not-a-number is null.

    Attributes:
        values: One per row, null where there is none.
        shape: A column in memory of the same type, without rows.
    """

    values: ir.Column
    shape: Column

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return self.shape.kind

    @property
    def keys(self) -> ir.Column:
        """The values with one zero only: some engines tell -0.0 from 0.0."""
        if not self.values.type().is_floating():
            return self.values
        zero = ibis.literal(0.0, self.values.type())
        return (self.values == 0).ifelse(zero, self.values)

    @property
    def numbers(self) -> ir.FloatingColumn:
        """The values as doubles."""
        return double_of(self.values)


@dataclass(frozen=True, kw_only=True)
class PushedBatch:
    """The rows of a day in an engine.

    Attributes:
        table: The rows.
        names: A column's own name -> its name in `table`, in the order of the columns.
        as_text: Columns whose values are compared as text, by their own names.
    """

    table: ir.Table
    names: Mapping[str, str]
    as_text: frozenset[str] = frozenset()
    # Not handed on to a copy, whose columns may be text.
    _columns: dict[str, PushedColumn] = field(default_factory=dict, init=False)

    def column(self, name: str) -> PushedColumn:
        """Return a column.

        Raises:
            KeyError: If it is not there.
        """
        if name not in self._columns:
            values = _plain(self.table[self.names[name]], as_text=name in self.as_text)
            kind = _arrow_type(values)
            shape = Column(pa.chunked_array([], kind))
            self._columns[name] = PushedColumn(values=values, shape=shape)
        return self._columns[name]

    def columns(self, names: Iterable[str]) -> list[PushedColumn]:
        """Return several columns."""
        return [self.column(name) for name in names]


def _plain(values: ir.Column, *, as_text: bool) -> ir.Column:
    if as_text:
        return text_of(values)
    if values.type().is_decimal():
        return values.cast("float64")
    if not values.type().is_floating():
        return values
    return values.isnan().ifelse(ibis.null(values.type()), values)


def _arrow_type(values: ir.Column) -> pa.DataType:
    """Return the type as a day's table in memory would have it."""
    kind = values.type()
    if kind.is_timestamp():
        return pa.timestamp("us", kind.timezone)
    return kind.to_pyarrow()
