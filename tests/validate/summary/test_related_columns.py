"""A table's columns as arrays."""

import decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.validate.summary.related_columns import (
    quantile_knots,
    ranked,
    related_columns,
    sampled_rows,
)

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, None, 3], pa.int32()),
        pa.array([1.0, float("nan"), 3.0]),
        pa.array([1.0, float("inf"), 3.0]),
        pa.array([decimal.Decimal(1), None, decimal.Decimal(3)]),
    ],
)
def test_numbers_are_doubles_and_what_is_none_is_nan(values: pa.Array) -> None:
    """Nulls, not-a-number and what is too large to be measured."""
    columns = related_columns(pa.table({"x": values}), numbers=["x"], categories=[])
    np.testing.assert_array_equal(columns.numbers["x"], [1.0, np.nan, 3.0])


@pytest.mark.parametrize("is_encoded", [False, True])
def test_categories_are_codes(*, is_encoded: bool) -> None:
    """In chunks with dictionaries of their own, as large files are read."""
    parts = [pa.array(["a", None]), pa.array(["b", "a"])]
    chunks = [part.dictionary_encode() if is_encoded else part for part in parts]
    table = pa.table({"x": pa.chunked_array(chunks)})
    column = related_columns(table, numbers=[], categories=["x"]).categories["x"]
    values = column.looked_up({"a": 1.0, "b": 2.0})
    np.testing.assert_array_equal(values, [1.0, np.nan, 2.0, 1.0])


def test_columns_of_another_type_are_left_out() -> None:
    """Texts are no numbers; lists are no categories."""
    table = pa.table({"x": ["1"], "y": [[1]]})
    columns = related_columns(table, numbers=["x", "z"], categories=["y", "z"])
    assert (columns.numbers, columns.categories) == ({}, {})


@given(NUMBERS, st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=20))
def test_ranks_rise_with_values(learnt: list[float], values: list[float]) -> None:
    """Whatever was learnt; and no further than one span beyond its ends."""
    knots = quantile_knots(np.array(learnt))
    ranks = ranked(np.array(sorted(values)), knots)
    assert (np.diff(ranks) >= 0).all()
    assert not knots or (ranks.min() >= -1 and ranks.max() <= 2)


def test_sample_is_the_same_on_every_run_and_in_order() -> None:
    """All rows of a small table; of a larger one so many."""
    table = pa.table({"x": range(100)})
    assert sampled_rows(table, 100) is table
    first, second = sampled_rows(table, 10), sampled_rows(table, 10)
    assert first.equals(second)
    assert first.num_rows == 10
    assert first["x"].to_pylist() == sorted(first["x"].to_pylist())
