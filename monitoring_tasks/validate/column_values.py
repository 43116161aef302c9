"""What the values of one column are: which are there, and a few numbers of them."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LARGEST, MAX_CATEGORIES
from monitoring_tasks.statistics.arrays import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def present_values(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values that are there, without a dictionary and as plain numbers."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type) or pa.types.is_float16(column.type):
        column = column.cast(pa.float64())
    return column.filter(pc.invert(pc.is_null(column, nan_is_null=True)))


def is_countable(values: pa.ChunkedArray) -> bool:
    """Whether values can be counted: lists, records and bytes cannot."""
    kind = values.type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return not (pa.types.is_nested(kind) or is_bytes)


def is_number(values: pa.ChunkedArray) -> bool:
    """Whether values are whole numbers or floats."""
    return bool(pa.types.is_integer(values.type) or pa.types.is_floating(values.type))


def category_counts(
    values: pa.ChunkedArray, named: Collection[str]
) -> list[tuple[str, int]]:
    """Count rows by category as text, the most common first.

    Of more than `MAX_CATEGORIES` categories the named and the most common ones.

    Args:
        values: The values that are there.
        named: Categories that are counted by name however rare they are.
    """
    counted = pc.value_counts(values)
    table = pa.table(
        [counted.field("values").cast(pa.string()), counted.field("counts")],
        names=["text", "rows"],
    )
    if len(table) > MAX_CATEGORIES:
        # Ties by text, so that the same rows give the same summary.
        order = [("rows", "descending"), ("text", "ascending")]
        most = pc.select_k_unstable(table, MAX_CATEGORIES, order)
        names = pa.array(sorted(named), pa.string())
        is_named = pc.indices_nonzero(pc.is_in(table["text"], value_set=names))
        both = pa.concat_arrays([most, is_named.cast(most.type)])
        table = table.take(pc.unique(both))
    pairs = zip(table["text"].to_pylist(), table["rows"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def most_common(values: pa.ChunkedArray) -> tuple[str, int]:
    """Return the most common number as text of six digits, and its rows."""
    top = pc.mode(values)[0]
    return f"{top['mode'].as_py():.6g}", int(top["count"].as_py())


def quantiles_of(values: pa.ChunkedArray) -> tuple[float, ...]:
    """Return the `QUANTILES` of the numbers that are finite; empty where none is."""
    numbers = floats_of(values)
    # A larger one is no measurement, and would stretch every span learnt from it.
    finite = numbers[np.abs(numbers) <= LARGEST]
    if not len(finite):
        return ()
    return tuple(float(q) for q in np.quantile(finite, QUANTILES))


def floats_of(values: pa.ChunkedArray) -> Floats:
    """Return numbers that are there as doubles, shape (n_values,)."""
    numbers: Floats = values.cast(pa.float64()).to_numpy()
    return numbers
