"""A column counted roughly, on a reference's own bins: for a look, not for judging."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import (
    LARGEST,
    MAX_CATEGORIES,
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)


def coarse_counts(
    column: pa.ChunkedArray, like: ColumnCounts, bins: Bins | None
) -> ColumnCounts | None:
    """Return the counts of a column as a reference has them, coarse bins alone.

    Args:
        column: The values, of any type. Not modified.
        like: The reference's counts of it: they say what kind it is.
        bins: Its bins; None of a categorical column.

    Returns:
        None where the values are of no such kind.
    """
    match like:
        case ContinuousCounts():
            return None if bins is None else _continuous(column, bins)
        case CategoricalCounts():
            return _categorical(column)


def _continuous(column: pa.ChunkedArray, bins: Bins) -> ContinuousCounts | None:
    try:
        values = column.cast(pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    usable = values[np.isfinite(values) & (np.abs(values) <= LARGEST)]
    inside = usable[(usable >= bins.low) & (usable <= bins.high)]
    counts, _ = np.histogram(inside, bins=bins.coarse, range=(bins.low, bins.high))
    return ContinuousCounts(
        rows=len(values),
        nulls=len(values) - len(usable),
        below=int((usable < bins.low).sum()),
        above=int((usable > bins.high).sum()),
        total=float(usable.sum()),
        squares=float((usable**2).sum()),
        coarse={i: int(n) for i, n in enumerate(counts) if n},
    )


def _categorical(column: pa.ChunkedArray) -> CategoricalCounts | None:
    try:
        texts = column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    counted = pc.value_counts(texts.drop_null()).to_pylist()
    counted.sort(key=lambda pair: (-pair["counts"], pair["values"]))
    kept, rest = counted[:MAX_CATEGORIES], counted[MAX_CATEGORIES:]
    return CategoricalCounts(
        rows=len(column),
        nulls=column.null_count,
        counts={pair["values"]: pair["counts"] for pair in kept},
        other=sum(pair["counts"] for pair in rest),
        other_categories=len(rest),
    )
