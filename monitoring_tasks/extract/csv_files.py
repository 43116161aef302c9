"""CSV files as tables; a value that does not fit its column leaves the column text."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from monitoring_tasks.extract.plain_columns import decode_table

TYPES = (pa.int64(), pa.float64(), pa.timestamp("us"), pa.timestamp("us", "UTC"))
PLAIN_NUMBER = r"^(0|-?[1-9][0-9]{0,17})(\.0+)?$"
"""A key that is the same number whatever it is stored as."""


def read_csv(content: bytes, *, keys: frozenset[str]) -> pa.Table:
    """Return the rows of a CSV file.

    Types are inferred, but for keys: they are whole numbers only where nothing is lost
    by that, such as zeros in front or the twentieth digit; else they are text.

    Args:
        content: The bytes of the file.
        keys: Columns that hold keys, by their names in the file.

    Raises:
        pa.ArrowInvalid: If the file is no CSV: empty, or ragged.
    """
    try:
        table = _read(content, dict.fromkeys(keys, pa.string()))
    except pa.ArrowInvalid:
        # Perhaps it is not UTF-8; a file that is no CSV fails here once more.
        table = _read_as_bytes(content)
    for index, name in enumerate(table.column_names):
        if name in keys:
            table = table.set_column(index, name, _keys(table.column(index)))
    return table


def _read(content: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    options = pa.csv.ConvertOptions(column_types=types)
    return pa.csv.read_csv(pa.BufferReader(content), convert_options=options)


def _read_as_bytes(content: bytes) -> pa.Table:
    """Return every column in the type all its values have, whatever the encoding."""
    names = pa.csv.open_csv(pa.BufferReader(content)).schema.names
    table = decode_table(_read(content, dict.fromkeys(names, pa.binary())))
    columns = [_typed(_without_empty(column)) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def _typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    for kind in TYPES:
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    return column


def _keys(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    column = _without_empty(column)
    plain = pc.match_substring_regex(column.drop_null(), PLAIN_NUMBER)
    if not pc.all(plain).as_py():
        return column
    return pc.replace_substring_regex(column, r"\.0+$", "").cast(pa.int64())


def _without_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
