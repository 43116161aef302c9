"""How every number moves from day to day while nothing is wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TypeVar

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.version_measurements import measure_version
from monitoring_tasks.statistics.day_to_day import learn_noise
from monitoring_tasks.statistics.intervals import normal_quantile

ALL = "all"
FEWEST_DAYS = 2
Key = TypeVar("Key", int, str)


def daily_noise(
    reference: ReferenceProfile, daily: Sequence[DayProfile], contract: Contract
) -> dict[str, DailyNoise]:
    """Return mean and spread between days of every number, by `noise_key`.

    Distances are taken from the reference without the day's own rows, so that a day
    is never compared with itself. A number with an interval has its sampling error
    taken out of the spread; distances have none, theirs is the whole spread. A number
    with fewer than two days has no entry.

    Args:
        reference: The reference the days are part of.
        daily: Its days, as a whole and by segment, on the same bins.
        contract: Brings confidence, worth of outcomes, classes, protected columns.

    Raises:
        EstimationError: If a day holds rows the reference does not.
    """
    # By the code that measures a later day: limits are about exactly those numbers.
    numbers = []
    for profiles in _by_day(daily):
        # A day would lie too near a reference that it is part of.
        held_out = replace(
            reference,
            profile=without(reference.profile, profiles[0]),
            segments={
                **reference.segments,
                **_segments_without(reference, profiles[1:]),
            },
        )
        measured = measure_version(profiles, held_out, contract)
        numbers += [(profiles[0].day, number) for number in measured]
    return noise_of(numbers, contract.policy.confidence)


def noise_of(
    numbers: Sequence[tuple[date, Measurement]], confidence: float
) -> dict[str, DailyNoise]:
    """Learn how numbers measured on many days move, by `noise_key`.

    Args:
        numbers: Measurements of all the days, each with its day;
            those without a value are left out.
        confidence: Level of their intervals, from which the sampling error follows.
    """
    by_key: dict[str, list[tuple[date, Measurement]]] = defaultdict(list)
    for day, number in numbers:
        if number.value is not None:
            by_key[noise_key(number)].append((day, number))
    return {
        key: _noise(measured, confidence)
        for key, measured in by_key.items()
        if len(measured) >= FEWEST_DAYS
    }


def noise_key(number: Measurement) -> str:
    """Name a number across days: `kind/metric/column/segment`."""
    return f"{number.kind}/{number.metric}/{number.column}/{number.segment}"


def without(profile: DayProfile, day: DayProfile) -> DayProfile:
    """Take a day's column counts out of a profile that holds them.

    Args:
        profile: The whole reference. Not modified.
        day: One of its days.

    Raises:
        EstimationError: If the day holds rows the profile does not.
    """
    columns = _columns_without(profile.columns, day)
    return replace(profile, rows=profile.rows - day.rows, columns=columns)


def _segments_without(
    reference: ReferenceProfile, parts: Sequence[DayProfile]
) -> dict[str, Mapping[str, ColumnCounts]]:
    """Take a day's segments out of those of the reference that hold them."""
    return {
        part.segment: _columns_without(reference.segments[part.segment], part)
        for part in parts
        if part.segment in reference.segments
    }


def _columns_without(
    columns: Mapping[str, ColumnCounts], day: DayProfile
) -> dict[str, ColumnCounts]:
    return {
        name: _less(counts, day.columns[name]) if name in day.columns else counts
        for name, counts in columns.items()
    }


def _by_day(daily: Sequence[DayProfile]) -> list[list[DayProfile]]:
    """Group profiles by day, each day as a whole first."""
    ordered = sorted(daily, key=lambda p: (p.day, p.segment != ALL, p.segment))
    return [list(profiles) for _, profiles in groupby(ordered, lambda p: p.day)]


def _noise(
    measured: Sequence[tuple[date, Measurement]], confidence: float
) -> DailyNoise:
    quantile = normal_quantile(confidence)
    return learn_noise(
        [day for day, _ in measured],
        [m.value for _, m in measured if m.value is not None],
        # Back from the width of the interval to the standard error it was made of.
        [
            0.0
            if m.lower is None or m.upper is None
            else (m.upper - m.lower) / (2 * quantile)
            for _, m in measured
        ],
        [m.rows for _, m in measured],
    )


def _less(total: ColumnCounts, part: ColumnCounts) -> ColumnCounts:
    match total, part:
        case CategoricalCounts(), CategoricalCounts():
            return CategoricalCounts(
                rows=total.rows - part.rows,
                nulls=total.nulls - part.nulls,
                counts=_less_by_key(total.counts, part.counts),
                other=_less_rows(total.other, part.other),
                other_categories=total.other_categories,
            )
        case ContinuousCounts(), ContinuousCounts():
            return ContinuousCounts(
                rows=total.rows - part.rows,
                nulls=total.nulls - part.nulls,
                below=total.below - part.below,
                above=total.above - part.above,
                below_distance=total.below_distance - part.below_distance,
                above_distance=total.above_distance - part.above_distance,
                total=total.total - part.total,
                squares=total.squares - part.squares,
                coarse=_less_by_key(total.coarse, part.coarse),
                fine=_less_by_key(total.fine, part.fine),
            )
    msg = "a day counts a column as another kind than the reference"
    raise EstimationError(msg)


def _less_by_key(total: Mapping[Key, int], part: Mapping[Key, int]) -> dict[Key, int]:
    # A day that is no part of the total is a fault of the caller, not a count below 0.
    left = dict(total)
    for key, rows in part.items():
        left[key] = _less_rows(left.get(key, 0), rows)
    return {key: rows for key, rows in left.items() if rows}


def _less_rows(total: int, part: int) -> int:
    if part > total:
        msg = "a reference day holds rows that the reference does not"
        raise EstimationError(msg)
    return total - part
