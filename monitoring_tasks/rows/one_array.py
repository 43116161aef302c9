"""A column of a table as one array."""

import pyarrow as pa


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array; copied only where it lies in several.

    Args:
        column: A column that one array of its type can hold.
    """
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
