"""Columns of a table as arrays, copied only where they have to be."""

from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

Column = TypeVar("Column", pa.ChunkedArray, pa.Array)


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array; copied only where it lies in several.

    Args:
        column: A column that one array of its type can hold.
    """
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def filled(column: Column, value: float) -> Column:
    """Return a column with a value for every null.

    Args:
        column: Numbers. Not modified.
        value: Of the column's own type.
    """
    return pc.fill_null(column, value) if column.null_count else column
