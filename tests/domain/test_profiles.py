from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    CategoricalCounts,
    ContinuousCounts,
    MulticlassOutcome,
    RegressionOutcome,
    ServiceCounts,
    add_up,
)
from monitoring_tasks.domain.profiles import DayProfile, merge
from tests.builders import DAY, make_profile

COUNTS = st.integers(0, 50)
# Quarters add up exactly, so that sums can be compared to the last bit.
SUMS = st.integers(-400, 400).map(lambda number: number / 4)
BY_BIN = st.dictionaries(st.integers(0, 5), COUNTS, max_size=4)
CELLS = st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(-1, 1))
CONTINUOUS = st.builds(
    ContinuousCounts, rows=COUNTS, nulls=COUNTS, below=COUNTS, total=SUMS, coarse=BY_BIN
)
CATEGORICAL = st.builds(
    CategoricalCounts,
    rows=COUNTS,
    counts=st.dictionaries(st.sampled_from("äb"), COUNTS),
)
OUTCOME = st.builds(
    BinaryOutcome,
    cells=st.dictionaries(CELLS, COUNTS, max_size=4),
    score_sums=st.dictionaries(CELLS, SUMS, max_size=4),
    invalid=COUNTS,
)
SERVICE = st.none() | st.builds(
    ServiceCounts, rows=COUNTS, errors=COUNTS, latency=BY_BIN
)
PROFILES = st.builds(
    lambda offset, columns, **parts: make_profile(
        day=DAY + timedelta(days=offset), columns=columns, **parts
    ),
    offset=st.integers(0, 30),
    columns=st.fixed_dictionaries({"x": CONTINUOUS}, optional={"c": CATEGORICAL}),
    rows=COUNTS,
    labelled=COUNTS,
    outcome=OUTCOME,
    service=SERVICE,
)


@given(PROFILES, PROFILES)
def test_merge_is_commutative(left: DayProfile, right: DayProfile) -> None:
    """The order in which days are pooled does not matter."""
    assert merge([left, right]) == merge([right, left])


@given(PROFILES, PROFILES, PROFILES)
def test_merge_is_associative(
    one: DayProfile, two: DayProfile, three: DayProfile
) -> None:
    """A month of weeks is a month of days."""
    assert merge([merge([one, two]), three]) == merge([one, merge([two, three])])
    assert merge([one, two, three]) == merge([merge([one, two]), three])


@given(PROFILES)
def test_merge_of_one_is_itself(profile: DayProfile) -> None:
    """One day pooled with nothing stays as it is."""
    assert merge([profile]) == profile


def test_merge_adds_what_is_in_both_and_keeps_what_is_in_one() -> None:
    """A category or column seen on one day only is not lost."""
    one = make_profile(
        rows=3, columns={"c": CategoricalCounts(rows=3, nulls=1, counts={"a": 2})}
    )
    two = make_profile(
        day=date(2013, 9, 1),
        rows=2,
        columns={
            "c": CategoricalCounts(rows=2, counts={"b": 2}),
            "x": ContinuousCounts(rows=2),
        },
    )
    both = merge([one, two])
    assert both.columns["c"] == CategoricalCounts(
        rows=5, nulls=1, counts={"a": 2, "b": 2}
    )
    assert (both.rows, both.day, set(both.columns)) == (5, date(2013, 9, 1), {"c", "x"})


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"version": "2"}, id="versions"),
        pytest.param({"segment": "a=b"}, id="segments"),
        pytest.param({"outcome": RegressionOutcome()}, id="problems"),
        pytest.param({"columns": {"x": CategoricalCounts()}}, id="kinds of column"),
    ],
)
def test_merge_refuses_a_mixture(parts: dict[str, Any]) -> None:
    """Counts of different versions, segments or kinds say nothing together."""
    one = make_profile(columns={"x": ContinuousCounts()})
    with pytest.raises(ValueError, match="merge"):
        merge([one, make_profile(**parts)])


def test_merge_refuses_nothing_at_all() -> None:
    """No day is not a day without rows."""
    with pytest.raises(ValueError, match="nothing to merge"):
        merge([])


@pytest.mark.parametrize(
    ("one", "both"),
    [
        (MulticlassOutcome(cells={("a", None): 1}), {("a", None): 2}),
        (BinaryOutcome(cells={(1, 0, -1): 1}), {(1, 0, -1): 2}),
    ],
)
def test_outcomes_add_cell_by_cell(
    one: MulticlassOutcome | BinaryOutcome, both: dict[Any, int]
) -> None:
    """Cells of the same key add up."""
    assert add_up([one, one]).cells == both


def test_valid_rows_leave_nulls_out() -> None:
    """A row without a value is a row, and not a valid one."""
    assert ContinuousCounts(rows=5, nulls=2).valid == 3
    assert CategoricalCounts(rows=5, nulls=2).valid == 3


def test_regression_sums_add_by_name() -> None:
    """Moments of the error add up, name by name."""
    one = RegressionOutcome(rows=1, labelled=1, sums={"e": 1.5})
    assert add_up([one, one]).sums == {"e": 3.0}
    assert add_up([ServiceCounts(rows=1), ServiceCounts(rows=1)]).rows == 2


def test_label_coverage_of_no_rows_is_zero() -> None:
    """A day without rows has no labels either."""
    assert make_profile().label_coverage == 0
    assert make_profile(rows=4, labelled=1).label_coverage == 0.25
