"""Columns as any source stores them, in the few types the rest computes with.

What is said here holds for a column whatever role it plays; `typed_columns` knows the
roles.
"""

from collections.abc import Callable
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

UUID_BYTES = 16
MICROSECONDS = 2**63 // 1_000_000
"""From so many seconds before or after 1970 on an instant has no microseconds."""


def decode_table(table: pa.Table) -> pa.Table:
    """Return the table with every column in a plain type; names may repeat."""
    columns = [decode(column) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def decode(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without dictionary, view, run ends, extension or bytes.

    Half floats become doubles; instants microseconds, and null where they lie beyond
    what these reach; bytes text (a UUID, UTF-8, else hexadecimal). Nested values,
    decimals and durations stay as they are.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return decode(_by_value(column))
    if pa.types.is_run_end_encoded(kind):
        return decode(_chunks(column, pc.run_end_decode, kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        storage = _chunks(column, lambda chunk: chunk.storage, kind.storage_type)
        return _uuids(storage) if isinstance(kind, pa.UuidType) else decode(storage)
    return _microseconds(column) if pa.types.is_timestamp(kind) else _plain(column)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string())
    if pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_date64(kind):
        return column.cast(pa.date32())
    return _from_bytes(column) if _is_bytes(kind) else column


def _chunks(
    column: pa.ChunkedArray,
    change: Callable[[pa.Array], pa.Array],
    kind: pa.DataType,
) -> pa.ChunkedArray:
    return pa.chunked_array([change(chunk) for chunk in column.chunks], kind)


def _by_value(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a dictionary column by its values; a null of the dictionary is a null."""

    def taken(chunk: pa.DictionaryArray) -> pa.Array:
        values = decode(pa.chunked_array([chunk.dictionary])).combine_chunks()
        return values.take(chunk.indices)

    empty = pa.chunked_array([], column.type.value_type)
    return _chunks(column, taken, decode(empty).type)


def _microseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = pa.timestamp("us", column.type.tz)
    if column.type.unit in {"s", "ms"}:
        scale = 1 if column.type.unit == "s" else 1000
        ticks = column.cast(pa.int64())
        reach = MICROSECONDS * scale
        inside = pc.and_(pc.less(ticks, reach), pc.greater(ticks, -reach))
        column = pc.if_else(inside, column, pa.scalar(None, column.type))
    return column.cast(kind, safe=False)


def _is_bytes(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        )
    )


def _from_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return bytes as text: one reading for the whole column, by what it holds."""
    values = [value for value in column.to_pylist() if value is not None]
    if 2 * sum(map(_is_text, values)) >= len(values):
        return _as_text(column, lambda value: value.decode("utf-8", "backslashreplace"))
    if all(len(value) == UUID_BYTES for value in values):
        return _uuids(column)
    return _as_text(column, bytes.hex)


def _is_text(value: bytes) -> bool:
    try:
        return value.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _uuids(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return _as_text(column, lambda value: str(UUID(bytes=value)))


def _as_text(column: pa.ChunkedArray, read: Callable[[bytes], str]) -> pa.ChunkedArray:
    texts = (None if v is None else read(v) for v in column.to_pylist())
    return pa.chunked_array([pa.array(texts, pa.string())])
