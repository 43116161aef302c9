"""Columns of a batch as Great Expectations can compute with them."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa


def to_frame(
    table: pa.Table, *, columns: Iterable[str], as_text: frozenset[str]
) -> pd.DataFrame:
    """Return the columns as pandas columns Great Expectations can compute with.

    Dictionary columns become plain ones, decimals floats, integers with nulls
    floats; the index counts the rows from 0.

    Args:
        table: The rows. Not modified.
        columns: The columns that are needed; others are left out.
        as_text: Columns whose values become text.
    """
    wanted = {
        name: table.column(name) for name in table.column_names if name in columns
    }
    plain = {
        name: plain_column(column, as_text=name in as_text)
        for name, column in wanted.items()
    }
    # Without a column Arrow has no rows either, and their number may be asked for.
    if not plain:
        return pd.DataFrame(index=range(table.num_rows))
    frame: pd.DataFrame = pa.table(plain).to_pandas()
    return frame


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
