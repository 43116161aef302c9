"""A sample that is the same on every run: picked by a hash of the id."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
BLOCK = 2**14
"""Ids hashed at a time: as objects of Python they are many times as large."""


def hash_sample(rows: "pd.DataFrame", id_column: str, most: int) -> "pd.DataFrame":
    """Pick at most `most` rows by the hash of their id; all of them if there are fewer.

    The same ids are picked whatever order the rows come in and whatever other columns
    hold; two batches that share rows share the picked ones. Order is kept.

    Args:
        rows: The rows. Not modified.
        id_column: Column that identifies a row.
        most: How many rows at most.
    """
    if len(rows) <= most:
        return rows
    return rows[pick_by_hash(_hash_series(rows[id_column]), most)]


def hash_column(ids: "pa.ChunkedArray") -> "Hashes":
    """Return the hash of every id, the same as `hash_sample` has.

    Args:
        ids: A column of an Arrow table, shape (n_rows,).
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy, and only large batches need it)

    # pandas has one type for a whole column: a null turns whole numbers into floats.
    is_text = pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type)
    size = BLOCK if is_text or not ids.null_count else len(ids)
    hashes = np.empty(len(ids), dtype=np.uint64)
    for start in range(0, len(ids), max(size, 1)):
        block = ids.slice(start, size).to_pandas()
        hashes[start : start + size] = _hash_series(block)
    return hashes


def pick_by_hash(hashes: "Hashes", most: int) -> "NDArray[np.bool_]":
    """Return which rows are picked: those with the smallest hashes.

    Args:
        hashes: Of the id of every row.
        most: How many rows at most.
    """
    if most >= len(hashes):
        return np.ones(len(hashes), dtype=bool)
    if most <= 0:
        return np.zeros(len(hashes), dtype=bool)
    largest = np.partition(hashes, most - 1)[most - 1]
    chosen: NDArray[np.bool_] = hashes < largest
    # Exactly so many, whatever the hashes are: of equal ones the first rows.
    chosen[np.flatnonzero(hashes == largest)[: most - chosen.sum()]] = True
    return chosen


def _hash_series(ids: "pd.Series") -> "Hashes":
    import pandas as pd  # noqa: PLC0415 (heavy, and only large batches need it)

    # Ids are all different: nothing is won by hashing each distinct one once.
    hashed = pd.util.hash_pandas_object(ids, index=False, categorize=False)
    return np.asarray(hashed, dtype=np.uint64)
