"""A column in an engine as standard expectations are asked of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.engine.values import double, double_of, text_of
from monitoring_tasks.validate.engine_checks.counting import (
    Column,
    Kind,
    NotCountedError,
)
from monitoring_tasks.validate.pushed.question import FALSE, count_of

RECKONED: Mapping[str, Callable[[ir.FloatingColumn], ir.Scalar]] = MappingProxyType(
    {
        "mean": lambda numbers: numbers.mean(),
        "total": lambda numbers: numbers.sum(),
        "sizes": lambda numbers: numbers.abs().sum(),
        "deviation": lambda numbers: numbers.std(how="sample"),
    }
)


@dataclass(frozen=True)
class PushedColumn(Column):
    """A column without decimals; see `Column`.

    Attributes:
        expression: Its values, null where there is none; not-a-number is null.
    """

    expression: ir.Column

    @property
    def values(self) -> ir.Column:
        """One value per row."""
        return self.expression

    @property
    def type(self) -> pa.DataType:
        """The type as a day's table in memory would have it."""
        kind = self.values.type()
        if kind.is_timestamp():
            return pa.timestamp("us", kind.timezone)
        return kind.to_pyarrow()

    @property
    def comparable(self) -> ir.Column:
        """The values as they are held against bounds: instants, or doubles."""
        return self.values if self.kind is Kind.INSTANT else self.doubles

    @property
    def doubles(self) -> ir.FloatingColumn:
        """The values as doubles."""
        return double_of(self.values)

    @property
    def keys(self) -> ir.Column:
        """The values with one zero only: some engines tell -0.0 from 0.0."""
        if not self.values.type().is_floating():
            return self.values
        zero = ibis.literal(0.0, self.values.type())
        return (self.values == 0).ifelse(zero, self.values)

    @property
    def lengths(self) -> ir.FloatingColumn:
        """How many characters each text has."""
        return self.values.length().cast("float64")

    @property
    def is_there(self) -> ir.BooleanValue:
        """True on rows with a value."""
        return self.values.notnull()

    def is_in(self, wanted: list[Any]) -> ir.BooleanValue:
        """Return true on values of a set."""
        return is_one_of(self.values, wanted)

    def statistic(self, name: str) -> ir.Scalar:
        """Return what asks for a statistic; not for the median and most common values.

        What is reckoned leaves out numbers that are too large: some engines refuse sums
        that overflow. How many there are is `beyond`.
        """
        if name in {"min", "max"}:
            return getattr(self.values, name)()
        if name == "present":
            return self.values.count()
        beyond = self.doubles.abs() > double(LARGEST)
        if name == "beyond":
            return count_of(beyond.fill_null(FALSE))
        if name not in RECKONED:
            raise NotCountedError(name)
        return RECKONED[name](beyond.ifelse(double(0), self.doubles))


def pushed_column(values: ir.Column, *, as_text: bool) -> PushedColumn:
    """Return a column of an engine without decimals and not-a-number.

    Args:
        values: As the engine has them.
        as_text: Whether they become text.
    """
    kind = values.type()
    if as_text:
        values = text_of(values)
    elif kind.is_decimal():
        values = values.cast("float64")
    elif kind.is_floating():
        values = values.isnan().ifelse(ibis.null(kind), values)
    return PushedColumn(values)


def is_one_of(values: ir.Column, wanted: Sequence[Any]) -> ir.BooleanValue:
    """Return true on values of a set.

    Args:
        values: Of one kind.
        wanted: Values of that kind.
    """
    if not wanted:
        return values.isnull()  # none that is there is
    if values.type().is_floating():
        # A single is no value of a set of doubles, unless it is one of both.
        return values.cast("float64").isin([double(value) for value in wanted])
    return values.isin(wanted)
