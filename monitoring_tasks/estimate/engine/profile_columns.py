"""From the cells an engine answered to the counts of one column of one segment."""

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import (
    MAX_CATEGORIES,
    CategoricalCounts,
    ContinuousCounts,
    ServiceCounts,
)
from monitoring_tasks.estimate.bin_tally import stable
from monitoring_tasks.estimate.engine.bin_statements import COARSE, FINE, VALUE


def continuous_counts(
    rows: int, name: str, sums: Mapping[str, float], cells: pa.Table | None
) -> ContinuousCounts:
    """Return the counts of a continuous column.

    Args:
        rows: Rows of the segment, nulls included.
        name: The column, as the sums name it.
        sums: What `bin_sums` answered of the segment.
        cells: What `bin_cells` answered of it; None where no value lies in a bin.
    """
    return ContinuousCounts(
        rows=rows,
        nulls=rows - int(sums[f"valid_{name}"]),
        below=int(sums[f"below_{name}"]),
        above=int(sums[f"above_{name}"]),
        coarse=_added(cells, COARSE),
        fine=_added(cells, FINE),
        below_distance=stable(sums[f"under_by_{name}"]),
        above_distance=stable(sums[f"over_by_{name}"]),
        total=stable(sums[f"total_{name}"]),
        squares=stable(sums[f"squares_{name}"]),
    )


def categorical_counts(
    rows: int,
    cells: pa.Table | None,
    vocabulary: Collection[str],
    *,
    is_closed: bool,
) -> CategoricalCounts:
    """Return the counts of a categorical column: by name as far as its limits allow.

    Args:
        rows: Rows of the segment, nulls included.
        cells: What `category_cells` answered of it; None where every value is null.
        vocabulary: Categories that keep their name.
        is_closed: Whether no other one does; else the most common others do.
    """
    if cells is None:
        return CategoricalCounts(rows=rows, nulls=rows)
    values = cells[VALUE]
    listed = pc.is_in(values, value_set=pa.array([*vocabulary], values.type))
    others = cells.filter(pc.invert(listed))
    most = 0 if is_closed else min(MAX_CATEGORIES, len(others))
    named = cells.filter(listed)
    counted = pc.sum(cells["n"]).as_py() or 0
    if most:
        # Ties in the order of their texts.
        order = [("n", "descending"), (VALUE, "ascending")]
        common = others.take(pc.select_k_unstable(others, most, order))
        named = pa.concat_tables([named, common])
    counts = dict(
        sorted(zip(named[VALUE].to_pylist(), named["n"].to_pylist(), strict=True))
    )
    return CategoricalCounts(
        rows=rows,
        nulls=rows - counted,
        counts=counts,
        other=counted - sum(counts.values()),
        other_categories=len(others) - most,
    )


def service_counts(rows: int, errors: int, cells: pa.Table | None) -> ServiceCounts:
    """Return the counts of how a segment's rows were served.

    Args:
        rows: Its rows.
        errors: How many of them failed.
        cells: What `latency_cells` answered of it; None where no row says.
    """
    return ServiceCounts(rows=rows, errors=errors, latency=_added(cells, VALUE))


def _added(cells: pa.Table | None, by: str) -> dict[int, int]:
    """Return the rows of a segment's cells by one of their numbers, sparse."""
    if cells is None:
        return {}
    added = cells.filter(pc.is_valid(cells[by])).group_by(by).aggregate([("n", "sum")])
    pairs = zip(added[by].to_pylist(), added["n_sum"].to_pylist(), strict=True)
    return dict(sorted(pairs))
