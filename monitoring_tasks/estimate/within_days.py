"""The AUC of several days: ranked within days, never between them.

Rows that are added up rank a positive of one day against a negative of another. Days
whose base rates or scores differ then move the number without any model doing worse.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from monitoring_tasks.domain.counts import SCORE_BINS, BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.performance import standard_error
from monitoring_tasks.estimate.ranking import auc_error, roc_auc
from monitoring_tasks.statistics.arrays import Floats, sums_by
from monitoring_tasks.statistics.calibration import calibrate
from monitoring_tasks.statistics.intervals import clipped, normal, wilson
from monitoring_tasks.statistics.pooled_areas import DayArea, pool_areas

METRIC = "roc_auc"
AreaOf = Callable[[BinaryOutcome], DayArea | None]


def ranked_within_days(
    numbers: Sequence[Measurement],
    days: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    *,
    confidence: float,
) -> list[Measurement]:
    """Return the numbers of a pool, its AUCs taken within days.

    Args:
        numbers: Measured on the days added up.
        days: The version's profiles of these days, whole and segments.
        reference: Brings calibrator and sampling errors of what is estimated.
        confidence: Level of the intervals, 0..1.
    """
    areas: dict[Kind, AreaOf] = {Kind.REALIZED: _realized}
    if reference is not None:
        areas[Kind.ESTIMATED] = partial(_estimated, reference)
    return [
        _within_days(number, days, areas[number.kind], confidence)
        if number.metric == METRIC and number.kind in areas
        else number
        for number in numbers
    ]


def _within_days(
    number: Measurement,
    days: Sequence[DayProfile],
    area_of: AreaOf,
    confidence: float,
) -> Measurement:
    of_segment = [day.outcome for day in days if day.segment == number.segment]
    outcomes = [outcome for outcome in of_segment if isinstance(outcome, BinaryOutcome)]
    # Of a model of many classes there is nothing to rank in the counts.
    if not outcomes or len(outcomes) < len(of_segment):
        return number
    every = [area_of(outcome) for outcome in outcomes]
    areas = [day for day in every if day is not None]
    pooled = pool_areas(areas)
    if pooled is None:
        why = number.reason or "no day has labels of both classes"
        return replace(number, value=None, lower=None, upper=None, reason=why)
    area, error = pooled
    around = clipped(normal(area, error, confidence=confidence), 0.0, 1.0)
    # No misranked pair: no variance, and no certainty either.
    if error == 0:
        fewest = min(
            sum(day.positives for day in areas), sum(day.negatives for day in areas)
        )
        around = wilson(area * fewest, fewest, confidence=confidence)
    # Nobody knows the error of what the reference taught none of.
    if number.lower is None:
        return replace(number, value=area)
    return replace(number, value=area, lower=around[0], upper=around[1])


def _realized(outcome: BinaryOutcome) -> DayArea | None:
    """Return the area of a day's labelled rows; None without both classes."""
    cells = cells_of(outcome).labelled
    positives, negatives = _by_score(cells, cells.rows * cells.truth)
    return _area(positives, negatives, auc_error(positives, negatives))


def _estimated(reference: ReferenceProfile, outcome: BinaryOutcome) -> DayArea | None:
    """Return the area that a day's scores promise; None where one class is expected."""
    cells = cells_of(outcome)
    expected = cells.rows * calibrate(cells.score, reference.calibrator)
    positives, negatives = _by_score(cells, expected)
    return _area(
        positives, negatives, standard_error(reference, METRIC, int(cells.total))
    )


def _area(positives: Floats, negatives: Floats, error: float | None) -> DayArea | None:
    area = roc_auc(positives, negatives)
    if area is None:
        return None
    return DayArea(
        area=area,
        error=error,
        positives=float(positives.sum()),
        negatives=float(negatives.sum()),
    )


def _by_score(cells: Cells, positives: Floats) -> tuple[Floats, Floats]:
    """Sum positive and negative rows by score bin, lowest first; no empty bins."""
    is_held = np.bincount(cells.score_bin, minlength=SCORE_BINS) > 0
    of_bin = sums_by(cells.score_bin, positives, SCORE_BINS)[is_held]
    every = sums_by(cells.score_bin, cells.rows, SCORE_BINS)[is_held]
    return of_bin, every - of_bin
