"""How far a day's columns lie from the reference's, by column and distance.

Counts only; whether a distance matters is judged in `compare`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
from monitoring_tasks.estimate.column_distances import (
    CATEGORICAL,
    CONTINUOUS,
    FINE,
    Values,
    categorical_distances,
    continuous_distances,
)


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
        # A segment would only say of every column that it has no fine bins.
        if is_whole or metric not in FINE
    ]


def _rows(kind: Kind, current: ColumnCounts | None) -> int:
    if current is None:
        return 0
    # Nulls are a share of all rows, distances are between values.
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
            return continuous_distances(reference, current, bins)
        case CategoricalCounts() as reference, CategoricalCounts() as current:
            return categorical_distances(reference, current)
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
