"""Decoded columns read as what the contract says they hold.

A column is read as a whole or left as it is: what cannot be read stays for the gates,
which name the column, the rows and an example. Keys have one reading, for the join of
labels and for every check.
"""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import FLAG_WORDS, Holds

WHOLE = 2**53
"""Below this every whole number is a double of its own."""


def read_as(table: pa.Table, holds: Mapping[str, Holds]) -> pa.Table:
    """Return the table with every declared column read as what it holds.

    Args:
        table: Decoded rows, every column once.
        holds: What a column holds; columns it does not name are left alone.
    """
    for index, name in enumerate(table.column_names):
        if name in holds:
            column = read_column(table.column(index), holds[name])
            table = table.set_column(index, name, column)
    return table


def read_column(column: pa.ChunkedArray, holds: Holds) -> pa.ChunkedArray:
    """Return a decoded column as what it holds, or as it is where it does not.

    Args:
        column: Its values, decoded. Not modified.
        holds: What the contract says it holds.
    """
    if pa.types.is_null(column.type) or pa.types.is_nested(column.type):
        return column
    match holds:
        case Holds.KEYS:
            return _keys(column)
        case Holds.NUMBERS:
            return _numbers(column)
        case Holds.TIMESTAMPS:
            return read_instants(column)
        case Holds.BINARY | Holds.FLAGS:
            return _flags(column)
        case Holds.ANYTHING:
            is_exact = pa.types.is_decimal(column.type)
            return column.cast(pa.float64()) if is_exact else column


def read_instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return dates and ISO texts as instants; other columns as they are."""
    if pa.types.is_date(column.type):
        return column.cast(pa.timestamp("us"))
    if not pa.types.is_string(column.type):
        return column
    for zone in (None, "UTC"):
        try:
            return column.cast(pa.timestamp("us", zone))
        except pa.ArrowInvalid:
            continue
    return column


def readable_instants(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return ISO texts as instants, null where a text is none.

    With an offset if most of them have one; those of the other kind are null as well.
    """
    read = [_instant(text) for text in texts.to_pylist()]
    aware = [at is not None and at.tzinfo is not None for at in read]
    has_zone = 2 * sum(aware) > sum(at is not None for at in read)
    kept = [
        at if is_aware == has_zone else None
        for at, is_aware in zip(read, aware, strict=True)
    ]
    kind = pa.timestamp("us", "UTC" if has_zone else None)
    return pa.chunked_array([pa.array(kept, kind)])


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _keys(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return keys as whole numbers of 64 bits or as text, unequal ones kept apart."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_string(kind):
        return column
    if pa.types.is_floating(kind):
        finite = column.drop_null()
        sizes = pc.abs(finite)
        is_number = pc.and_(pc.equal(finite, pc.round(finite)), pc.less(sizes, WHOLE))
        # Beyond it two keys may have become one double: the column stays as it is.
        is_whole = pc.all(is_number).as_py()
        return column.cast(pa.int64()) if is_whole else column
    if pa.types.is_decimal(kind):
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return _exact_texts(column)
    return column.cast(pa.string())


def _exact_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return decimals as text without an empty fraction."""
    texts = (None if v is None else f"{v:f}" for v in column.to_pylist())
    plain = (
        t.rstrip("0").rstrip(".") if t is not None and "." in t else t for t in texts
    )
    return pa.chunked_array([pa.array(plain, pa.string())])


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_duration(kind):
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        return pc.divide(column.cast(pa.int64()).cast(pa.float64()), float(per_second))
    if pa.types.is_boolean(kind):
        return column.cast(pa.int64())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if not pa.types.is_string(kind):
        return column
    try:
        return pc.utf8_trim_whitespace(column).cast(pa.float64())
    except pa.ArrowInvalid:
        return column


def _flags(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return decimals as numbers, and texts as 0 and 1 if they all are such words."""
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    if not pa.types.is_string(column.type):
        return column
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    names = pa.array([*FLAG_WORDS], pa.string())
    if not pc.all(pc.is_in(words.drop_null(), value_set=names)).as_py():
        return column
    values = pa.array([*FLAG_WORDS.values()], pa.int64())
    return values.take(pc.index_in(words, value_set=names))
