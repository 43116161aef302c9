"""A sample of the rows of each version that a day's rows state."""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.rows.coded_texts import frame_of
from monitoring_tasks.rows.sampling import hash_column, pick_by_hash

if TYPE_CHECKING:
    import pandas as pd

MOST_VERSIONS = 3
"""So many versions of a day are sampled, those with the most rows."""


def version_samples(
    table: pa.Table, contract: Contract, most: int
) -> "dict[str, pd.DataFrame]":
    """Pick rows by the hash of their id, of each version by itself.

    Rows without a version or without one of their outputs are left out: nothing was
    scored for them.

    Args:
        table: The rows of a day.
        contract: Names the columns.
        most: Rows of a version at most.

    Returns:
        By version, the one with the most rows first; at least one row each.
    """
    columns = contract.columns
    stated = _versions(table.column(columns.model_version))
    is_scored = pc.is_valid(stated)
    for name in (*columns.scores, columns.prediction):
        is_scored = pc.and_(is_scored, _has_value(table.column(name)))
    counts = pc.value_counts(stated.filter(is_scored)).to_pylist()
    # Ties by name, so that the same rows give the same samples.
    counts.sort(key=lambda count: (-count["counts"], count["values"]))
    samples, ids = {}, table.column(columns.id)
    for version in [count["values"] for count in counts[:MOST_VERSIONS]]:
        is_its_own = pc.and_(is_scored, pc.equal(stated, version))
        # Places and not rows: a large day fits no memory twice.
        places = pc.indices_nonzero(is_its_own)
        chosen = pick_by_hash(hash_column(ids.take(places)), most)
        samples[version] = frame_of(table.take(places.filter(pa.array(chosen))))
    return samples


def _has_value(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return which rows have a value; a float that is no number is none."""
    return pc.invert(pc.is_null(column, nan_is_null=True))


def _versions(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Name versions as the registry does, whether they were read as 2 or as 2.0."""
    if pa.types.is_floating(column.type):
        column = pc.cast(column, pa.int64(), safe=False)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    return pc.cast(column, pa.string())
