"""How closely codes go together: by hand, and under any order of the codes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.statistics.correspondence import (
    contingency_table,
    first_axis,
    mean_square_contingency,
)

CODES = np.array([0, 0, 1, 1, 2, -1])


def test_table_counts_pairs_of_rows_that_have_both() -> None:
    """A row without a code is in no pair."""
    table = contingency_table(CODES, np.array([1, 1, 0, -1, 0, 0]), (3, 2))
    assert table.tolist() == [[0, 2], [1, 0], [1, 0]]


def test_columns_that_name_each_other_correlate_fully() -> None:
    """Whatever the codes are called; phi squared is one less than the codes."""
    table = np.array([[0.0, 500.0, 0.0], [300.0, 0.0, 0.0], [0.0, 0.0, 200.0]])
    first, second = first_axis(table)
    assert first[[0, 1, 2]] == pytest.approx(second[[1, 0, 2]])
    assert mean_square_contingency(table) == pytest.approx(2, abs=0.01)


def test_two_by_two_is_phi() -> None:
    """The only axis there is; phi from the counts."""
    table = np.array([[30.0, 20.0], [10.0, 40.0]])
    first, second = first_axis(table)
    phi = (30 * 40 - 20 * 10) / np.sqrt(50 * 50 * 40 * 60)
    shares = table / table.sum()
    assert first @ shares @ second == pytest.approx(phi)
    assert mean_square_contingency(table) == pytest.approx(phi**2 - 1 / 100)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=99)
)
def test_axis_has_mean_0_and_variance_1(pairs: list[tuple[int, int]]) -> None:
    """Where there is one: over all rows, of both columns."""
    first, second = np.array(pairs).T
    table = contingency_table(first, second, (5, 4))
    assert mean_square_contingency(table) >= 0
    axes = first_axis(table)
    for axis, codes in zip(axes, (first, second), strict=True):
        if len(np.unique(first)) > 1 and len(np.unique(second)) > 1:
            assert np.isfinite(axis).all()
            assert axis[codes].var() <= 1 + 1e-9


def test_no_rows_have_nothing_in_common() -> None:
    """Two columns that are never there together."""
    assert mean_square_contingency(np.zeros((3, 2))) == 0
