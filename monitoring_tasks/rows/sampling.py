"""A sample that is the same on every run: picked by a hash of the id."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def hash_sample(rows: "pd.DataFrame", id_column: str, most: int) -> "pd.DataFrame":
    """Pick at most `most` rows by the hash of their id; all of them if there are fewer.

    The same ids are picked whatever order the rows come in and whatever other columns
    hold; two batches that share rows share the picked ones. Order is kept.

    Args:
        rows: The rows. Not modified.
        id_column: Column that identifies a row.
        most: How many rows at most.
    """
    return rows if len(rows) <= most else rows[is_sampled(rows[id_column], most)]


def is_sampled(ids: "pd.Series", most: int) -> "NDArray[np.bool_]":
    """Return which of the rows with these ids `hash_sample` picks.

    Args:
        ids: The id of every row.
        most: How many rows at most.
    """
    import pandas as pd  # noqa: PLC0415 (heavy, and only large batches need it)

    # Ids are all different: nothing is won by hashing each distinct one once.
    hashes = pd.util.hash_pandas_object(ids, index=False, categorize=False)
    chosen = np.zeros(len(ids), dtype=bool)
    # By order and not by a threshold: exactly so many, whatever the hashes are.
    chosen[np.argsort(hashes.to_numpy(), kind="stable")[:most]] = True
    return chosen
