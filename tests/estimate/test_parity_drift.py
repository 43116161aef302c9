"""Distances from counts equal NannyML's distances from rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.counts import Bins, ColumnCounts, ContinuousCounts
from monitoring_tasks.estimate.distances import Counts
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.reference import bins_for
from tests.estimate.count_by_hand import (
    count_categorical,
    count_continuous,
    make_profile,
    make_reference,
)

ON_BINS = ("jensen_shannon", "hellinger")
ON_FUNCTION = ("kolmogorov_smirnov", "wasserstein")
ON_CATEGORIES = ("jensen_shannon", "hellinger", "l_infinity", "chi2")
Rows = tuple[pd.DataFrame, pd.DataFrame]


def nannyml_distance(
    metric: str, kind: str, reference: "pd.Series[Any]", day: "pd.Series[Any]"
) -> float:
    """Ask NannyML's own method class, without its chunks and thresholds."""
    from nannyml.drift.univariate.methods import (  # noqa: PLC0415 (takes seconds)
        FeatureType,
        MethodFactory,
    )

    method = MethodFactory.create(
        metric, FeatureType(kind), chunker=None, threshold=None
    )
    method._fit(reference)
    return float(method.calculate(day))


def our_distances(
    reference: ColumnCounts, day: ColumnCounts, bins: Bins | None = None
) -> dict[str, float | None]:
    """Measure one column."""
    whole = make_reference(
        make_profile(columns={"x": reference}), {"x": bins} if bins else {}
    )
    return {
        m.metric: m.value
        for m in measure_drift(whole, make_profile(columns={"x": day}))
    }


def continuous_days(column: "pd.Series[float]") -> dict[str, "pd.Series[float]"]:
    """Days of every awkward kind, from a column of ordinary ones."""
    low, high = column.min(), column.max()
    span = high - low
    return {
        "ordinary": column[:5000],
        "three rows": column[:3],
        "wider": (column[:5000] - column.mean()) * 3 + column.mean(),
        "all above": column[:500] + 2 * span,
        "all below": column[:500] - 2 * span,
        "on the edges": pd.Series([low, low, high, high, (low + high) / 2]),
        "mostly null": column[:5000].where(column.index[:5000] % 50 == 0),
    }


KINDS = [
    "ordinary",
    "three rows",
    "wider",
    "all above",
    "all below",
    "on the edges",
    "mostly null",
]
COLUMNS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure", "score"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", COLUMNS)
def test_continuous_distances_equal_nannyml_on_10_000_reference_rows_or_more(
    car_loan: Rows, column: str, kind: str
) -> None:
    """Same definition, so the same number to 1e-6 of the column's scale."""
    reference, day = car_loan[0][column], continuous_days(car_loan[1][column])[kind]
    bins = bins_for(reference.to_numpy())
    ours = our_distances(
        count_continuous(reference, bins), count_continuous(day, bins), bins
    )
    for metric in ON_BINS + ON_FUNCTION:
        theirs = nannyml_distance(metric, "continuous", reference, day)
        assert ours[metric] == pytest.approx(theirs, rel=1e-9, abs=1e-7), metric


@pytest.mark.parametrize("rows", [300, 2000, 9999])
@pytest.mark.parametrize("column", ["car_value", "debt_to_income_ratio"])
def test_distribution_distances_stay_within_bound_on_a_small_reference(
    car_loan: Rows, column: str, rows: int
) -> None:
    """Under 10,000 reference rows NannyML is exact and bins cost a known amount.

    Kolmogorov-Smirnov misses at most the fullest bin of either side, Wasserstein one
    bin width (and NannyML's extra row below the first edge, 1/n of the span).
    """
    reference, day = car_loan[0][column][:rows], car_loan[1][column][:3000]
    bins = bins_for(reference.to_numpy())
    whole, part = count_continuous(reference, bins), count_continuous(day, bins)
    ours = our_distances(whole, part, bins)
    exact = {
        metric: nannyml_distance(metric, "continuous", reference, day)
        for metric in ON_FUNCTION
    }
    fullest = max(_fullest(whole), _fullest(part))
    span = bins.high - bins.low
    missed = exact["kolmogorov_smirnov"] - _known(ours, 0)
    assert -1e-12 <= missed <= fullest + 1e-12
    extra = span / part.valid if part.below else 0.0
    assert abs(exact["wasserstein"] - _known(ours, 1)) <= span / bins.fine + extra


def _known(ours: dict[str, float | None], number: int) -> float:
    value = ours[ON_FUNCTION[number]]
    assert value is not None
    return value


def _fullest(counts: ContinuousCounts) -> float:
    return max(counts.fine.values()) / counts.valid


def categorical_days(column: "pd.Series[str]") -> dict[str, "pd.Series[str]"]:
    """Days of every awkward kind, from a column of ordinary ones."""
    seen = column.iloc[0]
    return {
        "ordinary": column[:5000],
        "three rows": column[:3],
        "one category": pd.Series([seen] * 40),
        "unseen": pd.concat([column[:900], pd.Series(["new"] * 60 + ["newer"] * 40)]),
        "all unseen": pd.Series(["new"] * 30),
        "with nulls": column[:5000].where(column.index[:5000] % 3 == 0),
    }


@pytest.mark.parametrize(
    "kind",
    ["ordinary", "three rows", "one category", "unseen", "all unseen", "with nulls"],
)
@pytest.mark.parametrize(
    "column", ["salary_range", "size_of_downpayment", "repaid_loan_on_prev_car"]
)
def test_categorical_distances_equal_nannyml(
    car_loan: Rows, column: str, kind: str
) -> None:
    """Same definition, Yates' correction of two categories included."""
    reference = car_loan[0][column].astype("str")
    day = categorical_days(car_loan[1][column].astype("str"))[kind]
    ours = our_distances(count_categorical(reference), count_categorical(day))
    for metric in ON_CATEGORIES:
        theirs = nannyml_distance(metric, "categorical", reference, day)
        assert ours[metric] == pytest.approx(theirs, rel=1e-9, abs=1e-7), metric


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.arange(50_000.0) % 97, id="whole numbers"),
        pytest.param(np.random.default_rng(1).lognormal(size=20_000), id="skewed"),
        pytest.param(np.full(100, 7.0), id="constant"),
        pytest.param(np.array([3, 1, 2]), id="three integers"),
    ],
)
def test_bins_are_numpy_doane_edges(values: Counts) -> None:
    """The edges that `linspace` gives are those of numpy's Doane rule, to the bit."""
    bins = bins_for(values)
    edges = np.histogram_bin_edges(values.astype("float64"), bins="doane")
    assert np.array_equal(np.linspace(bins.low, bins.high, bins.coarse + 1), edges)
