"""Every distance of one column from the reference's, whatever its kind."""

import numpy as np

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ContinuousCounts,
)
from monitoring_tasks.estimate import distances
from monitoring_tasks.estimate.distances import Counts
from monitoring_tasks.statistics.bin_counts import BinCounts

CONTINUOUS = (
    "jensen_shannon",
    "hellinger",
    "psi",
    "kolmogorov_smirnov",
    "wasserstein",
)
CATEGORICAL = (
    "jensen_shannon",
    "hellinger",
    "psi",
    "l_infinity",
    "chi2",
    "chi2_p_value",
)
FINE = frozenset({"kolmogorov_smirnov", "wasserstein"})
"""Distances that need the fine bins, which are not counted for segments."""
Values = dict[str, float | str]
"""Metric -> its value, or in words why there is none."""


def categorical_distances(
    reference: CategoricalCounts, current: CategoricalCounts
) -> Values:
    """Compare categories; those the reference does not name are one bin, or two.

    Where every category matters by itself, those of the day that have a name are. What
    neither side names is one category.

    Args:
        reference: The reference's rows by category, at least one.
        current: The day's, at least one.
    """
    names = [name for name, rows in reference.counts.items() if rows]
    new = sorted(
        name for name in current.counts.keys() - set(names) if current.counts[name]
    )
    new_rows = [current.counts[name] for name in new]
    before = [reference.counts[name] for name in names]
    today = [current.counts.get(name, 0) for name in names]
    # All unnamed rows are one bin, as NannyML has it.
    p = _vector(before, [reference.other])
    q = _vector(today, [sum(new_rows) + current.other])
    # A bin that is empty on both sides would have no expected rows in chi squared.
    has_unnamed = reference.other + current.other > 0
    each_p = _vector(before, [0] * len(new), [reference.other] * has_unnamed)
    each_q = _vector(today, new_rows, [current.other] * has_unnamed)
    statistic, p_value = distances.chi_squared(each_p, each_q)
    return {
        "jensen_shannon": distances.jensen_shannon(p, q),
        "hellinger": distances.hellinger(p, q),
        "psi": distances.population_stability(p, q),
        "l_infinity": distances.l_infinity(each_p, each_q),
        "chi2": statistic,
        "chi2_p_value": p_value,
    }


def continuous_distances(
    reference: ContinuousCounts, current: ContinuousCounts, bins: Bins | None
) -> Values:
    """Compare numbers on the reference's bins.

    Args:
        reference: The reference's rows by bin, at least one.
        current: The day's on the same bins, at least one.
        bins: Those bins; None where the reference has none for the column.
    """
    if bins is None:
        return dict.fromkeys(CONTINUOUS, "the reference has no bins for the column")
    # All values beyond the bins, on either side, are one more bin, as NannyML has it.
    p, q = (
        _vector(
            BinCounts.of(counts.coarse).dense(bins.coarse),
            [counts.below + counts.above],
        )
        for counts in (reference, current)
    )
    return {
        "jensen_shannon": distances.jensen_shannon(p, q),
        "hellinger": distances.hellinger(p, q),
        "psi": distances.population_stability(p, q),
        **_on_fine_bins(reference, current, bins),
    }


def _on_fine_bins(
    reference: ContinuousCounts, current: ContinuousCounts, bins: Bins
) -> Values:
    if any(counts.coarse and not counts.fine for counts in (reference, current)):
        why = "the distribution function is not counted for segments"
        return {"kolmogorov_smirnov": why, "wasserstein": why}
    p, q = (
        _vector(
            [counts.below],
            BinCounts.of(counts.fine).dense(bins.fine),
            [counts.above],
        )
        for counts in (reference, current)
    )
    return {
        "kolmogorov_smirnov": distances.kolmogorov_smirnov(p, q),
        "wasserstein": distances.wasserstein(
            p,
            q,
            width=(bins.high - bins.low) / bins.fine,
            outside=(current.below_distance + current.above_distance) / current.valid,
        ),
    }


def _vector(*parts: "list[int] | Counts") -> Counts:
    return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
