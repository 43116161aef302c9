"""What values are inside an engine: the same texts and numbers as in memory."""

import ibis
import ibis.expr.types as ir

from monitoring_tasks.domain.counts import LARGEST

WHOLE = 2.0**53
"""Below this every whole number is a double of its own."""


def double(number: float) -> ir.FloatingValue:
    """Return a number as an engine's double, to the last bit.

    Written as a number it would be an exact decimal, and rounded once more.
    """
    return ibis.literal(repr(float(number))).cast("float64")


def double_of(value: ir.Value) -> ir.FloatingValue:
    """Return a number or a flag as a double; not-a-number stays what it is."""
    # Postgres casts no flag to anything but a small integer.
    plain = integer_of_flag(value) if value.type().is_boolean() else value
    return plain.cast("float64")


def integer_of_flag(value: ir.Value) -> ir.IntegerValue:
    """Return 1 for true, 0 for false; null stays null."""
    return ibis.cases((value, 1), (~value, 0), else_=ibis.null("int64")).cast("int64")


def text_of(value: ir.Value) -> ir.StringValue:
    """Return values as texts, the same whether read as 1 or, beside nulls, as 1.0.

    Not-a-number and infinity have no text.
    """
    kind = value.type()
    if not (kind.is_floating() or kind.is_decimal()):
        return value if kind.is_string() else value.cast("string")
    double = value.cast("float64")
    finite = (double.isnan() | double.isinf()).ifelse(ibis.null("float64"), double)
    small = (finite.abs() < WHOLE).ifelse(finite, 0.5)  # a larger one is left as it is
    integer = small.floor().cast("int64")
    return (integer == small).ifelse(integer.cast("string"), finite.cast("string"))


def present_number(value: ir.Value) -> ir.FloatingValue:
    """Return a value as a double, null where it is not-a-number."""
    double = double_of(value)
    if not value.type().is_floating():
        return double
    # Engines differ in how NaN compares, so it is asked for by name.
    return double.isnan().ifelse(ibis.null("float64"), double)


def number_of(value: ir.Value) -> ir.FloatingValue:
    """Return a value as a double, null where it is no number that can be added up."""
    # Not-a-number is not below anything: it is beyond all or compares with nothing.
    double = double_of(value)
    return (double.abs() <= LARGEST).ifelse(double, ibis.null("float64"))


def whole_number_of(value: ir.Value) -> ir.IntegerValue:
    """Return a class or flag as a whole number; -1 is null."""
    if value.type().is_boolean():
        return integer_of_flag(value).fill_null(-1)
    if value.type().is_integer():
        return value.cast("int64").fill_null(-1)
    # To the even one where it lies between two, as numpy does.
    double = present_number(value)
    floor = double.floor()
    rest = double - floor
    is_odd = (floor / 2).floor() * 2 != floor
    up = (rest > 0.5) | ((rest == 0.5) & is_odd)  # noqa: PLR2004 (the middle)
    return up.ifelse(floor + 1, floor).fill_null(-1.0).cast("int64")
