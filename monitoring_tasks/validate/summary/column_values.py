"""What the values of one column are: which are there, and a few numbers of them."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LARGEST, MAX_CATEGORIES
from monitoring_tasks.statistics.arrays import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def present_values(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values that are there, as plain numbers or as texts, coded or not."""
    kind = column.type
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type):
        column = column.cast(kind.value_type)
    if pa.types.is_decimal(column.type) or pa.types.is_float16(column.type):
        column = column.cast(pa.float64())
    missing = pc.is_null(column, nan_is_null=True)
    # Most columns have no null, and are not copied.
    return column.filter(pc.invert(missing)) if pc.any(missing).as_py() else column


def is_countable(values: pa.ChunkedArray) -> bool:
    """Whether values can be counted: lists, records and bytes cannot."""
    kind = values.type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return not (pa.types.is_nested(kind) or is_bytes)


def is_number(values: pa.ChunkedArray) -> bool:
    """Whether values are whole numbers or floats."""
    return bool(pa.types.is_integer(values.type) or pa.types.is_floating(values.type))


def most_common_categories(
    texts: pa.Array, rows: pa.Array, named: Collection[str]
) -> list[tuple[str, int]]:
    """Return categories and their rows, the most common first.

    Of more than `MAX_CATEGORIES` categories the named and the most common ones.

    Args:
        texts: The categories, each once.
        rows: Of each.
        named: Categories that are kept however rare they are.
    """
    table = pa.table({"text": texts, "rows": rows})
    if len(table) > MAX_CATEGORIES:
        # Ties by text, so that the same rows give the same summary.
        order = [("rows", "descending"), ("text", "ascending")]
        most = pc.select_k_unstable(table, MAX_CATEGORIES, order)
        names = pa.array(sorted(named), table["text"].type)
        is_named = pc.indices_nonzero(pc.is_in(table["text"], value_set=names))
        both = pa.concat_arrays([most, is_named.cast(most.type)])
        table = table.take(pc.unique(both))
    pairs = zip(table["text"].to_pylist(), table["rows"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def most_common(ordered: Floats) -> tuple[str, int]:
    """Return the most common number as text of six digits, and its rows.

    Args:
        ordered: Numbers in order, at least one; of several alike the smallest counts.
    """
    # Most numbers of most columns do not repeat: those that do are counted.
    repeated = np.flatnonzero(ordered[1:] == ordered[:-1])
    if not len(repeated):
        return f"{ordered[0]:.6g}", 1
    runs = np.flatnonzero(np.diff(repeated, prepend=-2) > 1)
    rows = np.diff(runs, append=len(repeated)) + 1
    top = int(rows.argmax())
    return f"{ordered[repeated[runs[top]]]:.6g}", int(rows[top])


def finite_of(ordered: Floats) -> Floats:
    """Return the numbers that are finite and no larger than a measurement can be."""
    # A larger one would stretch every span learnt from it.
    first, end = np.searchsorted(ordered, [-LARGEST, np.nextafter(LARGEST, np.inf)])
    return ordered[first:end]


def quantiles_of(ordered: Floats) -> tuple[float, ...]:
    """Return the `QUANTILES` of finite numbers; empty where there is none."""
    if not len(ordered):
        return ()
    return tuple(_quantile(ordered, share) for share in QUANTILES)


def _quantile(ordered: Floats, share: float) -> float:
    """Return what `numpy.quantile` does, without putting the numbers in order again."""
    at = share * (len(ordered) - 1)
    below = int(at)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    way = at - below
    # From the nearer side, as numpy does, so that both give the same last bit.
    half = 0.5
    return float(
        low + (high - low) * way if way < half else high - (high - low) * (1 - way)
    )


def floats_of(values: pa.ChunkedArray) -> Floats:
    """Return numbers that are there as doubles, shape (n_values,)."""
    numbers: Floats = values.cast(pa.float64()).to_numpy()
    return numbers
