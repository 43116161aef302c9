"""How every number moves from day to day while nothing is wrong."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import (
    BinaryOutcome,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
    DailyNoise,
    DayProfile,
    ReferenceProfile,
)
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.fairness import measure_fairness
from monitoring_tasks.estimate.intervals import normal_quantile
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.service import measure_service

FEWEST_DAYS = 2
Key = TypeVar("Key", int, str)


def daily_noise(
    reference: ReferenceProfile, daily: list[DayProfile], contract: Contract
) -> dict[str, DailyNoise]:
    """Give mean and spread between days of every number, by `noise_key`.

    Distances are taken from the reference without the day's own rows, so that a day
    is never compared with itself. A number with an interval has its sampling error
    taken out of the spread (method of moments: variance between days less the mean
    squared standard error, not below 0); distances have none, theirs is the whole
    spread. A number with fewer than two days has no entry.

    Args:
        reference: The reference the days are part of.
        daily: Its days, as a whole and by segment, on the same bins.
        contract: Brings confidence, worth of outcomes, classes, protected columns.

    Raises:
        EstimationError: If a day holds rows the reference does not.
    """
    values: dict[str, list[Measurement]] = defaultdict(list)
    for measurement in _all_measurements(reference, daily, contract):
        if measurement.value is not None:
            values[noise_key(measurement)].append(measurement)
    return {
        key: _noise(measured, contract.policy.confidence)
        for key, measured in values.items()
        if len(measured) >= FEWEST_DAYS
    }


def noise_key(number: Measurement) -> str:
    """Name a number across days: `kind/metric/column/segment`."""
    return f"{number.kind}/{number.metric}/{number.column}/{number.segment}"


def without(profile: DayProfile, day: DayProfile) -> DayProfile:
    """Take a day's column counts out of a profile that holds them.

    Raises:
        EstimationError: If the day holds rows the profile does not.
    """
    columns = {
        name: _less(whole, day.columns[name]) if name in day.columns else whole
        for name, whole in profile.columns.items()
    }
    return replace(profile, rows=profile.rows - day.rows, columns=columns)


def _all_measurements(
    reference: ReferenceProfile, daily: list[DayProfile], contract: Contract
) -> Iterator[Measurement]:
    confidence = contract.policy.confidence
    for day in daily:
        rest = replace(reference, profile=without(reference.profile, day))
        yield from measure_drift(rest, day)
        if isinstance(day.outcome, BinaryOutcome):
            yield from estimate_performance(
                reference, day, confidence=confidence, value=contract.value
            )
        yield from realize(
            day, confidence=confidence, value=contract.value, classes=contract.classes
        )
        yield from measure_service(day, columns=contract.columns, confidence=confidence)
    for profiles in _by_day(daily).values():
        for column in contract.columns.protected:
            yield from measure_fairness(
                profiles,
                column,
                min_rows=contract.policy.min_rows,
                confidence=confidence,
            )


def _by_day(daily: Iterable[DayProfile]) -> Mapping[date, list[DayProfile]]:
    grouped: dict[date, list[DayProfile]] = defaultdict(list)
    for profile in daily:
        grouped[profile.day].append(profile)
    return grouped


def _noise(measured: list[Measurement], confidence: float) -> DailyNoise:
    values = np.array([m.value for m in measured], dtype=np.float64)
    errors = [
        (m.upper - m.lower) / (2 * normal_quantile(confidence))
        for m in measured
        if m.lower is not None and m.upper is not None
    ]
    sampling = float(np.mean(np.square(errors))) if errors else 0.0
    between = float(np.var(values, ddof=1)) - sampling
    return DailyNoise(
        mean=float(values.mean()),
        spread=math.sqrt(max(between, 0.0)),
        days=len(values),
    )


def _less(whole: ColumnCounts, part: ColumnCounts) -> ColumnCounts:
    match whole, part:
        case CategoricalCounts(), CategoricalCounts():
            return CategoricalCounts(
                rows=whole.rows - part.rows,
                nulls=whole.nulls - part.nulls,
                counts=_less_by_key(whole.counts, part.counts),
            )
        case ContinuousCounts(), ContinuousCounts():
            return ContinuousCounts(
                rows=whole.rows - part.rows,
                nulls=whole.nulls - part.nulls,
                below=whole.below - part.below,
                above=whole.above - part.above,
                below_distance=whole.below_distance - part.below_distance,
                above_distance=whole.above_distance - part.above_distance,
                total=whole.total - part.total,
                squares=whole.squares - part.squares,
                coarse=_less_by_key(whole.coarse, part.coarse),
                fine=_less_by_key(whole.fine, part.fine),
            )
    msg = "a day counts a column as another kind than the reference"
    raise EstimationError(msg)


def _less_by_key(whole: Mapping[Key, int], part: Mapping[Key, int]) -> dict[Key, int]:
    left = dict(whole)
    for key, rows in part.items():
        left[key] = left.get(key, 0) - rows
        if left[key] < 0:
            msg = "a reference day holds rows that the reference does not"
            raise EstimationError(msg)
    return {key: rows for key, rows in left.items() if rows}
