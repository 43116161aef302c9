"""Texts that repeat, kept as codes of one or two bytes: categories of a large day."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

Column = TypeVar("Column", pa.ChunkedArray, pa.Array)
PROBED = 2**16
"""So many rows tell whether a column is worth coding: names of people are not."""
KINDS = ((2**7, pa.int8()), (2**15, pa.int16()))
"""Most different texts, and the codes that are enough for them."""


def with_coded_texts(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Return the table with the texts of some columns as a dictionary and codes.

    Columns that are absent, there twice or no texts, and those of very many different
    texts, are left as they are.

    Args:
        table: Decoded rows. Not modified.
        names: Which columns.
    """
    for name in dict.fromkeys(names):
        if table.column_names.count(name) != 1:
            continue
        at = table.column_names.index(name)
        column = table.column(at)
        if pa.types.is_string(column.type):
            table = table.set_column(at, name, _coded(column))
    return table


def plain_texts(table: pa.Table) -> pa.Table:
    """Return the table with every column of codes as the texts these stand for."""
    for at, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(at, table.column_names[at], plain(column))
    return table


def plain(column: Column) -> Column:
    """Return a column without a dictionary."""
    is_coded = pa.types.is_dictionary(column.type)
    return column.cast(column.type.value_type) if is_coded else column


def frame_of(table: pa.Table) -> "pd.DataFrame":
    """Return rows as a frame, texts as texts: pandas takes codes for categories."""
    frame: pd.DataFrame = plain_texts(table).to_pandas()
    return frame


def _coded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    most, _ = KINDS[-1]
    if pc.count_distinct(column.slice(0, PROBED)).as_py() > most:
        return column
    coded = column.dictionary_encode().unify_dictionaries()
    texts = max((len(chunk.dictionary) for chunk in coded.chunks), default=0)
    for most, kind in KINDS:
        if texts <= most:
            return coded.cast(pa.dictionary(kind, column.type))
    return column
