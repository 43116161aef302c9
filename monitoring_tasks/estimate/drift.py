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
        whole: The whole reference's counts.
        own: Those of the reference's same segment; None if it has no row of it.
        part: The day's; None if they were not counted.
    """

    whole: ColumnCounts
    own: ColumnCounts | None
    part: ColumnCounts | None


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
    known = reference.profile.columns
    own = known if is_whole else reference.segments.get(current.segment, {})
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
        for column, whole in known.items()
        for kind, metric, value in _numbers(
            _Sides(whole=whole, own=own.get(column), part=current.columns.get(column)),
            reference.bins.get(column),
        )
        if is_whole or metric not in FINE
    ]


def _rows(kind: Kind, part: ColumnCounts | None) -> int:
    if part is None:
        return 0
    return part.rows if kind is Kind.DATA else part.valid


def _numbers(
    sides: _Sides, bins: Bins | None
) -> Iterator[tuple[Kind, str, float | str]]:
    for metric, value in _data_ratios(sides.whole, sides.part).items():
        yield Kind.DATA, metric, value
    for metric, value in _distances(sides, bins).items():
        yield Kind.DRIFT, metric, value


def _data_ratios(whole: ColumnCounts, part: ColumnCounts | None) -> Values:
    ratios: Values = {"null_ratio": "the day has no rows"}
    if part is None:
        ratios["null_ratio"] = "the column was not counted on this day"
    elif part.rows:
        ratios["null_ratio"] = part.nulls / part.rows
    if isinstance(whole, CategoricalCounts):
        ratios["unseen_ratio"] = _unseen_ratio(whole, part)
    return ratios


def _unseen_ratio(whole: CategoricalCounts, part: ColumnCounts | None) -> float | str:
    if not isinstance(part, CategoricalCounts) or not part.valid:
        return "the day has no valid value"
    seen = sum(n for name, n in part.counts.items() if whole.counts.get(name))
    return 1 - seen / part.valid


def _distances(sides: _Sides, bins: Bins | None) -> Values:
    if fault := _fault(sides):
        is_continuous = isinstance(sides.whole, ContinuousCounts)
        return dict.fromkeys(CONTINUOUS if is_continuous else CATEGORICAL, fault)
    match sides.own, sides.part:
        case ContinuousCounts() as own, ContinuousCounts() as part:
            return _continuous(own, part, bins)
        case CategoricalCounts() as own, CategoricalCounts() as part:
            return _categorical(own, part)
    msg = "a column was compared with another kind of column"
    raise EstimationError(msg)


def _fault(sides: _Sides) -> str:
    if sides.part is None:
        return "the column was not counted on this day"
    if type(sides.whole) is not type(sides.part):
        return "the reference counts the column as another kind"
    if sides.own is None:
        return "the reference has no row of the segment"
    if not sides.own.valid:
        return "the reference has no valid value"
    if not sides.part.valid:
        return "the day has no valid value"
    return ""


def _categorical(whole: CategoricalCounts, part: CategoricalCounts) -> Values:
    """Compare categories; those the reference does not name are one bin, or two.

    Where every category matters by itself, those of the day that have a name are. What
    neither side names is one category.
    """
    known = [name for name, rows in whole.counts.items() if rows]
    unseen = part.counts.keys() - set(known)
    new = sorted(name for name in unseen if part.counts[name])
    rest = sum(part.counts[name] for name in new) + part.other
    named = [whole.counts[name] for name in known]
    today = [part.counts.get(name, 0) for name in known]
    reference, current = _vector(named, [whole.other]), _vector(today, [rest])
    others = whole.other + part.other > 0
    each_reference = _vector(named, [0] * len(new), [whole.other] * others)
    each_current = _vector(
        today, [part.counts[name] for name in new], [part.other] * others
    )
    statistic, p_value = distances.chi_squared(each_reference, each_current)
    return {
        "jensen_shannon": distances.jensen_shannon(reference, current),
        "hellinger": distances.hellinger(reference, current),
        "psi": distances.population_stability(reference, current),
        "l_infinity": distances.l_infinity(each_reference, each_current),
        "chi2": statistic,
        "chi2_p_value": p_value,
    }


def _continuous(
    whole: ContinuousCounts, part: ContinuousCounts, bins: Bins | None
) -> Values:
    if bins is None:
        return dict.fromkeys(CONTINUOUS, "the reference has no bins for the column")
    reference = _vector(_dense(whole.coarse, bins.coarse), [whole.below + whole.above])
    current = _vector(_dense(part.coarse, bins.coarse), [part.below + part.above])
    return {
        "jensen_shannon": distances.jensen_shannon(reference, current),
        "hellinger": distances.hellinger(reference, current),
        "psi": distances.population_stability(reference, current),
        **_on_fine_bins(whole, part, bins),
    }


def _on_fine_bins(
    whole: ContinuousCounts, part: ContinuousCounts, bins: Bins
) -> Values:
    if (whole.coarse and not whole.fine) or (part.coarse and not part.fine):
        why = "the distribution function is not counted for segments"
        return {"kolmogorov_smirnov": why, "wasserstein": why}
    reference = _vector([whole.below], _dense(whole.fine, bins.fine), [whole.above])
    current = _vector([part.below], _dense(part.fine, bins.fine), [part.above])
    return {
        "kolmogorov_smirnov": distances.kolmogorov_smirnov(reference, current),
        "wasserstein": distances.wasserstein(
            reference,
            current,
            width=(bins.high - bins.low) / bins.fine,
            outside=(part.below_distance + part.above_distance) / part.valid,
        ),
    }


def _vector(*parts: "list[int] | Counts") -> Counts:
    return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])


def _dense(sparse: Mapping[int, int], size: int) -> Counts:
    dense = np.zeros(size)
    dense[list(sparse.keys())] = list(sparse.values())
    return dense
