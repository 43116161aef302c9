"""Counts that are moved keep their rows."""

import pytest

from monitoring_tasks.domain.counts import Bins, CategoricalCounts, ContinuousCounts
from monitoring_tasks.operations.promises.shifted_counts import (
    moved_to_the_next,
    shifted,
    spread_of,
)

BINS = Bins(low=0.0, high=10.0, coarse=5, fine=10)
COUNTS = ContinuousCounts(
    rows=9,
    nulls=1,
    below=1,
    total=32.0,
    squares=160.0,
    coarse={0: 3, 2: 4},
    fine={0: 1, 1: 2, 4: 4},
)


def test_numbers_move_up_by_whole_bins() -> None:
    """Two units are two fine bins, and one coarse one."""
    found = shifted(COUNTS, BINS, by=2.0)
    assert found.fine == {2: 1, 3: 2, 6: 4}
    assert found.coarse == {1: 3, 3: 4}
    assert (found.below, found.rows) == (1, 9)


def test_numbers_stop_at_the_largest_ever_seen() -> None:
    """A score cannot exceed 1."""
    found = shifted(COUNTS, BINS, by=8.0)
    assert found.fine == {8: 1, 9: 6}
    assert (found.coarse, found.above) == ({4: 7}, 0)


def test_move_by_nothing_changes_nothing() -> None:
    """The distance from the reference is then 0."""
    assert shifted(COUNTS, BINS, by=0.0) == COUNTS


def test_spread_is_that_of_the_values() -> None:
    """Variance: mean of the squares, less the square of the mean."""
    assert spread_of(COUNTS) == pytest.approx((20 - 16) ** 0.5)


@pytest.mark.parametrize(
    ("counts", "expected", "other"),
    [
        pytest.param({"a": 60, "b": 30, "c": 10}, {"a": 40, "b": 50, "c": 10}, 0),
        pytest.param({"a": 100}, {"a": 80}, 20, id="no other is known"),
    ],
)
def test_rows_leave_the_most_common_category(
    counts: dict[str, int], expected: dict[str, int], other: int
) -> None:
    """A fifth of the rows go to the next; alone, to one without a name."""
    reference = CategoricalCounts(rows=100, counts=counts)
    found = moved_to_the_next(reference, 0.2, rows=100)
    assert (found.counts, found.other) == (expected, other)


def test_no_more_rows_leave_than_there_are() -> None:
    """At the day's own size."""
    reference = CategoricalCounts(rows=100, counts={"a": 60, "b": 40})
    assert moved_to_the_next(reference, 0.9, rows=50).counts == {"a": 0, "b": 50}
