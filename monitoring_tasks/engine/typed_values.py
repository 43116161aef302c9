"""Columns of an engine read as what the contract says they hold.

By their types alone: a text that says a number stays a text, and the gate `schema`
names the column. What memory would read otherwise is refused, never read differently.
"""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.engine.values import integer_of_flag
from monitoring_tasks.errors import UnreadableDataError

MICROSECONDS = 6
"""Decimal digits of a second that instants are kept with."""
DIGITS = 18
"""A number of so many digits fits a whole number of 64 bits, whichever they are."""


def typed(value: ir.Value, holds: Holds, name: str) -> ir.Value:
    """Return a column as what it holds, or as it is where it does not.

    Args:
        value: The column as the source has it.
        holds: What the contract says it holds.
        name: What it is called, for the error.

    Raises:
        UnreadableDataError: If it is of a type that is not read where it lies.
    """
    plain = _plain(value, name)
    kind = plain.type()
    if kind.is_nested():
        return plain
    match holds:
        case Holds.KEYS:
            return _key(plain)
        case Holds.NUMBERS:
            if kind.is_boolean():
                return integer_of_flag(plain)
            return plain.cast("float64") if kind.is_decimal() else plain
        case Holds.TIMESTAMPS:
            return _instant(plain) if kind.is_date() else plain
        case Holds.BINARY | Holds.FLAGS | Holds.ANYTHING:
            return plain.cast("float64") if kind.is_decimal() else plain


def _plain(value: ir.Value, name: str) -> ir.Value:
    """Return a column in one of the few types that the rest computes with."""
    kind = value.type()
    if kind.is_timestamp():
        return value if kind.scale == MICROSECONDS else _instant(value)
    if kind.is_float16():
        return value.cast("float64")
    # An engine's own kind of text, such as an enum; or a column without any value.
    if kind.is_uuid() or kind.is_unknown() or kind.is_inet() or kind.is_macaddr():
        return value.cast("string")
    if not _is_plain(kind):
        msg = (
            f"column '{name}' is {kind}, which `freeze: facts` does not read: give the "
            "source a text or a number in its place, or set `freeze: rows`"
        )
        raise UnreadableDataError(msg)
    return value


def _is_plain(kind: dt.DataType) -> bool:
    return (
        kind.is_string()
        or kind.is_boolean()
        or kind.is_integer()
        or kind.is_floating()
        or kind.is_decimal()
        or kind.is_date()
        or (kind.is_nested() and not kind.is_json())
    )


def _instant(value: ir.Value) -> ir.TimestampValue:
    kind = value.type()
    zone = kind.timezone if kind.is_timestamp() else None
    return value.cast(dt.Timestamp(timezone=zone, scale=MICROSECONDS))


def _key(value: ir.Value) -> ir.Value:
    """Return a key as a whole number or a text; floats stay for `whole_keys`."""
    kind = value.type()
    if kind.is_integer() or kind.is_string() or kind.is_floating():
        return value
    text = value.cast("string")
    if not kind.is_decimal():
        return text
    if kind.scale == 0 and kind.precision is not None and kind.precision <= DIGITS:
        return value.cast("int64")
    # Without an empty fraction, as memory writes an exact number.
    short = text.re_replace(r"(\.[0-9]*[1-9])0+$", r"\1")
    return short.re_replace(r"\.0*$", "")


def are_whole(keys: ir.FloatingValue) -> ir.BooleanScalar:
    """Return whether all of some floats are whole numbers, none rounded.

    Args:
        keys: Floats; null is none.
    """
    whole = (keys.floor() == keys) & (keys.abs() < 2.0**53)
    return (whole | keys.isnull()).all().fill_null(ibis.literal(value=True))
