"""Distances: what they must be whatever the data, and what happens without data."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.estimate import distances
from monitoring_tasks.estimate.column_distances import CATEGORICAL, CONTINUOUS
from monitoring_tasks.estimate.distances import Counts
from monitoring_tasks.estimate.drift import measure_drift
from tests.estimate.count_by_hand import (
    count_categorical,
    count_continuous,
    make_profile,
    make_reference,
)

BINS = Bins(low=0.0, high=1.0, coarse=5)
BOUNDED = [distances.jensen_shannon, distances.hellinger, distances.l_infinity]
histograms = (
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=9
    )
    .filter(lambda pairs: all(map(any, zip(*pairs, strict=True))))
    .map(lambda pairs: np.array(pairs, dtype=np.float64).T)
)


def measured(
    reference: ColumnCounts, day: ColumnCounts | None
) -> dict[str, Measurement]:
    """Measure one column, by metric."""
    whole = make_reference(make_profile(columns={"x": reference}), {"x": BINS})
    part = make_profile(columns={} if day is None else {"x": day})
    return {m.metric: m for m in measure_drift(whole, part)}


@pytest.mark.parametrize("distance", BOUNDED)
@settings(max_examples=50, deadline=None)
@given(pair=histograms)
def test_a_bounded_distance_is_symmetric_and_between_0_and_1(
    distance: Callable[[Counts, Counts], float], pair: Counts
) -> None:
    """Swapping the sides changes nothing; 0 for shares that are the same."""
    p, q = pair
    value = distance(p, q)
    assert 0 <= value <= 1 + 1e-12
    assert value == pytest.approx(distance(q, p), abs=1e-12)
    assert distance(p, p * 3) == pytest.approx(0, abs=1e-7)


@settings(max_examples=50, deadline=None)
@given(pair=histograms)
def test_psi_is_finite_and_never_negative(pair: Counts) -> None:
    """An empty bin counts half a row, so nothing is infinite; same shares give 0."""
    p, q = pair
    value = distances.population_stability(p, q)
    assert math.isfinite(value)
    assert value >= 0
    assert distances.population_stability(p, p * 2) == pytest.approx(
        0, abs=0.5 if (p == 0).any() else 1e-12
    )


def test_psi_is_the_textbook_sum_when_no_bin_is_empty() -> None:
    """Sum of (q - p) ln(q / p)."""
    value = distances.population_stability(np.array([50, 50.0]), np.array([80, 20.0]))
    assert value == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4))


def test_psi_of_a_vanished_bin_counts_half_a_row() -> None:
    """100 of 200 rows gone: the empty bin holds 0.5 of the day's 100 rows."""
    value = distances.population_stability(np.array([100, 100.0]), np.array([100, 0.0]))
    expected = 0.5 * math.log(1 / 0.5) + (0.005 - 0.5) * math.log(0.005 / 0.5)
    assert value == pytest.approx(expected)


def test_nothing_in_common_is_distance_1() -> None:
    """A day wholly outside the reference's range is as far as can be."""
    inside = count_continuous(np.linspace(0, 1, 100), BINS)
    outside = count_continuous(np.linspace(5, 6, 100), BINS)
    found = measured(inside, outside)
    for metric in ("jensen_shannon", "hellinger", "kolmogorov_smirnov"):
        assert found[metric].value == pytest.approx(1)


def test_wasserstein_is_the_shift_of_a_shifted_column() -> None:
    """Moving every row by 0.1 costs 0.1, inside the range or out of it."""
    values = np.random.default_rng(3).uniform(0, 1, 50_000)
    day = count_continuous(values + 0.1, BINS)
    found = measured(count_continuous(values, BINS), day)["wasserstein"].value
    assert found == pytest.approx(0.1, abs=3e-4)


GOOD = count_continuous(np.linspace(0, 1, 100), BINS)
COLOURS = count_categorical(["red", "blue"] * 20)


@pytest.mark.parametrize(
    ("reference", "day", "reason"),
    [
        pytest.param(GOOD, None, "not counted", id="column missing"),
        pytest.param(GOOD, ContinuousCounts(), "no valid value", id="no rows"),
        pytest.param(
            GOOD, ContinuousCounts(rows=9, nulls=9), "no valid value", id="all null"
        ),
        pytest.param(
            ContinuousCounts(rows=9, nulls=9),
            GOOD,
            "reference has no",
            id="no reference",
        ),
        pytest.param(GOOD, COLOURS, "another kind", id="another kind"),
        pytest.param(
            COLOURS,
            CategoricalCounts(rows=3, nulls=3),
            "no valid",
            id="null categories",
        ),
    ],
)
def test_every_distance_has_a_reason_when_it_has_no_value(
    reference: ColumnCounts, day: ColumnCounts | None, reason: str
) -> None:
    """No distance is dropped and none is 0 for want of data."""
    found = measured(reference, day)
    is_continuous = isinstance(reference, ContinuousCounts)
    for metric in CONTINUOUS if is_continuous else CATEGORICAL:
        assert found[metric].value is None
        assert reason in found[metric].reason


def in_segment(own: ColumnCounts | None, day: ColumnCounts) -> dict[str, Measurement]:
    """Measure a column of women, whom the reference has counted as `own`."""
    whole = replace(
        make_reference(make_profile(columns={"x": GOOD}), {"x": BINS}),
        segments={} if own is None else {"sex=F": {"x": own}},
    )
    part = make_profile(columns={"x": day}, segment="sex=F")
    return {m.metric: m for m in measure_drift(whole, part)}


def test_a_segment_is_held_against_itself_on_coarse_bins() -> None:
    """Women as they were have no distance, however unlike the whole they are."""
    low = ContinuousCounts(rows=10, coarse={0: 10})
    found = in_segment(low, low)
    assert set(found) == {"null_ratio", "jensen_shannon", "hellinger", "psi"}
    assert found["jensen_shannon"].value == pytest.approx(0)
    assert found["jensen_shannon"].segment == "sex=F"
    high = in_segment(low, ContinuousCounts(rows=10, coarse={4: 10}))
    assert high["jensen_shannon"].value == pytest.approx(1)


def test_a_segment_the_reference_lacks_has_a_reason_and_no_distance() -> None:
    """Its nulls can be told all the same."""
    found = in_segment(None, ContinuousCounts(rows=10, nulls=4, coarse={0: 6}))
    assert found.pop("null_ratio").value == pytest.approx(0.4)
    assert {m.value for m in found.values()} == {None}
    reasons = {m.reason for m in found.values()}
    assert reasons == {"the reference has no rows in this segment"}


def test_shares_of_nulls_and_of_unseen_categories_are_data() -> None:
    """Nulls are shares of all rows, unseen categories of the valid ones."""
    found = measured(COLOURS, count_categorical(["red", "green", None, None]))
    assert found["null_ratio"].value == pytest.approx(0.5)
    assert found["unseen_ratio"].value == pytest.approx(0.5)
    assert {found[m].kind for m in ("null_ratio", "unseen_ratio")} == {Kind.DATA}
    assert found["null_ratio"].rows == 4
    assert found["l_infinity"].rows == 2


def test_chi2_of_one_category_is_0_with_p_value_1() -> None:
    """There is nothing to compare, and nothing is wrong."""
    found = measured(count_categorical(["a"] * 5), count_categorical(["a"] * 9))
    assert (found["chi2"].value, found["chi2_p_value"].value) == (0, 1)


def test_chi2_p_value_is_scipys() -> None:
    """Upper tail of the chi-squared distribution with categories - 1 degrees."""
    from scipy.stats import chi2_contingency  # noqa: PLC0415 (oracle of this test only)

    table = np.array([[30, 20, 10.0], [10, 25, 30.0]])
    expected = chi2_contingency(table)
    assert distances.chi_squared(*table) == pytest.approx(
        (expected.statistic, expected.pvalue)
    )
