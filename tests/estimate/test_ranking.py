"""Rankings from counts: against counting pairs, and the intervals' coverage."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.estimate.ranking import (
    auc_interval,
    average_precision,
    expected_average_precision,
    roc_auc,
)
from monitoring_tasks.statistics.arrays import Floats

pairs = (
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6)
    .filter(lambda cells: all(map(any, zip(*cells, strict=True))))
    .map(lambda cells: np.array(cells, dtype=np.float64).T)
)


@settings(max_examples=50, deadline=None)
@given(cells=pairs)
def test_roc_auc_is_the_share_of_pairs_ranked_rightly(cells: Floats) -> None:
    """A tie counts half; swapping the classes mirrors it."""
    positives, negatives = cells
    number = range(len(positives))
    won = sum(positives[i] * negatives[j] for i in number for j in number if j < i)
    tied = sum(positives * negatives)
    expected = (won + tied / 2) / (positives.sum() * negatives.sum())
    value = roc_auc(positives, negatives)
    assert value == pytest.approx(expected)
    assert roc_auc(negatives, positives) == pytest.approx(1 - expected)


@pytest.mark.parametrize(
    "rank", [roc_auc, average_precision, expected_average_precision]
)
def test_a_ranking_without_positives_is_undefined(
    rank: Callable[[Floats, Floats], float | None],
) -> None:
    """Never 0, never a half."""
    assert rank(np.zeros(3), np.ones(3)) is None


def test_expected_average_precision_steps_row_by_row() -> None:
    """The closed form is the sum over single rows, the best bin first."""
    rows, share = np.array([4.0, 3.0, 5.0]), np.array([0.1, 0.5, 0.9])
    flat = np.repeat(share[::-1], rows[::-1].astype(int))
    hits = np.cumsum(flat)
    expected = np.sum(flat * hits / np.arange(1, 13)) / hits[-1]
    value = expected_average_precision(rows * share, rows * (1 - share))
    assert value == pytest.approx(expected, rel=1e-12)


def test_a_perfect_ranking_still_has_an_interval() -> None:
    """DeLong's variance is 0 there; five positives prove little all the same."""
    interval = auc_interval(np.array([0, 5.0]), np.array([100, 0.0]), confidence=0.95)
    assert interval is not None
    assert interval[0] < 0.6
    assert interval[1] == 1


def test_one_positive_gives_no_interval() -> None:
    """A variance needs two rows of each class."""
    assert auc_interval(np.array([0, 1.0]), np.array([9, 0.0]), confidence=0.95) is None


def test_delong_interval_covers_as_promised() -> None:
    """About 95 of 100 intervals hold the true AUC (here 0.7602)."""
    generator = np.random.default_rng(7)
    edges = np.linspace(-6, 7, 1001)
    hits = 0
    for _ in range(400):
        positives = np.histogram(generator.normal(1, 1, 60), edges)[0].astype(float)
        negatives = np.histogram(generator.normal(0, 1, 140), edges)[0].astype(float)
        interval = auc_interval(positives, negatives, confidence=0.95)
        assert interval is not None
        hits += interval[0] <= 0.7602 <= interval[1]
    assert 0.92 <= hits / 400 <= 0.98
