import numpy as np
import pyarrow as pa

from monitoring_tasks.domain.counts import Bins, CategoricalCounts, ContinuousCounts
from monitoring_tasks.rows.coarse_counts import coarse_counts

BINS = Bins(low=0.0, high=4.0, coarse=4)


def test_numbers_are_counted_on_the_references_bins() -> None:
    """Each row is in one bin, below, above, or without a value."""
    values = [-1, 0, 0.5, 3.9, 4, 9, None, np.nan, np.inf, 1e70]
    counts = coarse_counts(pa.chunked_array([values]), ContinuousCounts(), BINS)
    assert isinstance(counts, ContinuousCounts)
    assert (counts.rows, counts.nulls, counts.below, counts.above) == (10, 4, 1, 1)
    assert counts.coarse == {0: 2, 3: 2}


def test_names_are_counted_whatever_their_type() -> None:
    """Numbers that are names are counted as texts."""
    counts = coarse_counts(
        pa.chunked_array([[1, 1, 2, None]]), CategoricalCounts(), None
    )
    assert isinstance(counts, CategoricalCounts)
    assert (counts.counts, counts.nulls) == ({"1": 2, "2": 1}, 1)


def test_values_that_are_no_numbers_are_not_counted_as_such() -> None:
    """None instead of a column of nulls that looks like damage."""
    column = pa.chunked_array([["x", "y"]])
    assert coarse_counts(column, ContinuousCounts(), BINS) is None
