"""How far a day's columns lie from the reference's, by column and distance.

Counts only; whether a distance matters is judged in `compare`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate import distances
from monitoring_tasks.estimate.distances import Counts

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What is compared of a column.

    Attributes:
        reference: The counts of the whole reference.
        segment: Those of the reference's same segment; None if it has no row of it.
        current: The day's; None if they were not counted.
    """

    reference: ColumnCounts
    segment: ColumnCounts | None
    current: ColumnCounts | None


def measure_drift(
    reference: ReferenceProfile, current: DayProfile
) -> list[Measurement]:
    """Measure every distance of every column the reference has, the score included.

    A segment is held against the same segment of the reference, not against the whole.

    Args:
        reference: The version's reference; its bins are those of both profiles.
        current: The day, as a whole or one segment. A segment has no fine bins and
            so no Kolmogorov-Smirnov and no Wasserstein distance.

    Returns:
        Per column `null_ratio` (and `unseen_ratio` of a categorical one: the share
        of valid rows in a category the reference has not, or does not name) of kind
        `data`, and the distances of kind `drift`. Whatever cannot be computed has no
        value and a reason.
    """
    is_whole = current.segment == "all"
    columns = reference.profile.columns
    of_segment = columns if is_whole else reference.segments.get(current.segment, {})
    return [
        Measurement(
            kind=kind,
            metric=metric,
            column=column,
            segment=current.segment,
            version=current.version,
            value=None if isinstance(value, str) else value,
            reason=value if isinstance(value, str) else "",
            rows=_rows(kind, current.columns.get(column)),
        )
        for column, counts in columns.items()
        for kind, metric, value in _numbers(
            _Sides(
                reference=counts,
                segment=of_segment.get(column),
                current=current.columns.get(column),
            ),
            reference.bins.get(column),
        )
        if is_whole or metric not in FINE
    ]


def _rows(kind: Kind, current: ColumnCounts | None) -> int:
    if current is None:
        return 0
    return current.rows if kind is Kind.DATA else current.valid


def _numbers(
    sides: _Sides, bins: Bins | None
) -> Iterator[tuple[Kind, str, float | str]]:
    for metric, value in _data_ratios(sides.reference, sides.current).items():
        yield Kind.DATA, metric, value
    for metric, value in _distances(sides, bins).items():
        yield Kind.DRIFT, metric, value


def _data_ratios(reference: ColumnCounts, current: ColumnCounts | None) -> Values:
    ratios: Values = {"null_ratio": "the day has no rows"}
    if current is None:
        ratios["null_ratio"] = "the column was not counted on this day"
    elif current.rows:
        ratios["null_ratio"] = current.nulls / current.rows
    if isinstance(reference, CategoricalCounts):
        ratios["unseen_ratio"] = _unseen_ratio(reference, current)
    return ratios


def _unseen_ratio(
    reference: CategoricalCounts, current: ColumnCounts | None
) -> float | str:
    if not isinstance(current, CategoricalCounts) or not current.valid:
        return "the day has no valid value"
    named = sum(n for name, n in current.counts.items() if reference.counts.get(name))
    return 1 - named / current.valid


def _distances(sides: _Sides, bins: Bins | None) -> Values:
    if fault := _fault(sides):
        is_continuous = isinstance(sides.reference, ContinuousCounts)
        return dict.fromkeys(CONTINUOUS if is_continuous else CATEGORICAL, fault)
    match sides.segment, sides.current:
        case ContinuousCounts() as reference, ContinuousCounts() as current:
            return _continuous(reference, current, bins)
        case CategoricalCounts() as reference, CategoricalCounts() as current:
            return _categorical(reference, current)
    msg = "a column was compared with another kind of column"
    raise EstimationError(msg)


def _fault(sides: _Sides) -> str:
    if sides.current is None:
        return "the column was not counted on this day"
    if type(sides.reference) is not type(sides.current):
        return "the column is of another kind in the reference"
    if sides.segment is None:
        return "the reference has no rows in this segment"
    if not sides.segment.valid:
        return "the reference has no valid value"
    if not sides.current.valid:
        return "the day has no valid value"
    return ""


def _categorical(reference: CategoricalCounts, current: CategoricalCounts) -> Values:
    """Compare categories; those the reference does not name are one bin, or two.

    Where every category matters by itself, those of the day that have a name are. What
    neither side names is one category.
    """
    names = [name for name, rows in reference.counts.items() if rows]
    new = sorted(
        name for name in current.counts.keys() - set(names) if current.counts[name]
    )
    new_rows = [current.counts[name] for name in new]
    before = [reference.counts[name] for name in names]
    today = [current.counts.get(name, 0) for name in names]
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


def _continuous(
    reference: ContinuousCounts, current: ContinuousCounts, bins: Bins | None
) -> Values:
    if bins is None:
        return dict.fromkeys(CONTINUOUS, "the reference has no bins for the column")
    # All values beyond the bins, on either side, are one more bin, as NannyML has it.
    p, q = (
        _vector(_dense(counts.coarse, bins.coarse), [counts.below + counts.above])
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
        _vector([counts.below], _dense(counts.fine, bins.fine), [counts.above])
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


def _dense(sparse: Mapping[int, int], size: int) -> Counts:
    dense = np.zeros(size)
    dense[list(sparse.keys())] = list(sparse.values())
    return dense
