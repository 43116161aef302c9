"""How well a binary model does on a day, before any label is known (CBPE).

Confidence-based performance estimation: calibrated scores say how many rows of
each cell are positive. It sees a shift of the inputs; it cannot see that the same
inputs have come to mean something else (concept drift).
"""

import math

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.confusion import (
    RATES,
    UNDEFINED,
    confusion_of,
    mean_worth,
    share,
)
from monitoring_tasks.estimate.metric_value import Number, measurements
from monitoring_tasks.estimate.ranking import expected_average_precision, roc_auc
from monitoring_tasks.statistics.calibration import calibrate
from monitoring_tasks.statistics.intervals import clipped, normal

Estimates = dict[str, float | None]


def estimate_performance(
    reference: ReferenceProfile,
    current: DayProfile,
    *,
    confidence: float,
    value: BusinessValue | None = None,
) -> list[Measurement]:
    """Estimate a day's metrics from its scores alone.

    Labels are not read, known or not. All within a score bin (1/10,000 wide) is
    taken at the cell's mean score: exact but in bins with a knot of the calibrator.

    Args:
        reference: Brings calibrator and sampling errors.
        current: The day of a binary model, as a whole or one segment.
        confidence: Level of the intervals, 0..1. They hold the sampling error only,
            not the error of the method; `learn` keeps account of that.
        value: Worth of each outcome; with it, `business_value` is the mean worth of
            one prediction.

    Returns:
        `roc_auc`, `average_precision`, `f1`, `precision`, `recall`, `specificity`,
        `accuracy` (and `business_value`), kind `estimated`.

    Raises:
        EstimationError: If the model is not binary.

    References:
        NannyML 0.13.1, `performance_estimation/confidence_based`; same values and
        standard errors (tests/estimate/test_parity_performance.py).
    """
    if not isinstance(current.outcome, BinaryOutcome):
        msg = f"{current.model}: only binary scores can be estimated from counts"
        raise EstimationError(msg)
    cells = cells_of(current.outcome)
    decided = cells.decided
    rankings = _rankings(cells, reference.calibrator)
    decisions = _decisions(decided, reference.calibrator, value)
    numbers = {
        metric: _number(reference, metric, estimate, confidence=confidence, rows=rows)
        for estimates, rows in (
            (rankings, int(cells.total)),
            (decisions, int(decided.total)),
        )
        for metric, estimate in estimates.items()
    }
    return measurements(Kind.ESTIMATED, numbers, current)


def standard_error(reference: ReferenceProfile, metric: str, rows: int) -> float | None:
    """Give the standard error of an estimate on `rows` rows, as NannyML has it.

    Standard deviation of one row / sqrt(rows x share of rows that count), both
    learnt on the reference. None if they were not learnt or there is no row.
    """
    components = reference.sampling.get(metric)
    if components is None or rows == 0:
        return None
    deviation, counting = components
    return deviation / math.sqrt(rows * counting)


def _number(
    reference: ReferenceProfile,
    metric: str,
    estimate: float | None,
    *,
    confidence: float,
    rows: int,
) -> Number:
    if estimate is None:
        reason = UNDEFINED.get(metric, "every row is expected to be of one class")
        return Number(rows=rows, reason=reason if rows else "no row has a valid score")
    error = standard_error(reference, metric, rows)
    if error is None:
        reason = "the reference has no sampling error for this metric"
        return Number(value=estimate, rows=rows, reason=reason)
    around = normal(estimate, error, confidence=confidence)
    if metric != "business_value":
        around = clipped(around, 0.0, 1.0)
    return Number(value=estimate, interval=around, rows=rows)


def _rankings(cells: Cells, calibrator: Calibrator) -> Estimates:
    expected = cells.rows * calibrate(cells.score, calibrator)
    positives = cells.by_bin(expected)
    negatives = cells.by_bin(cells.rows - expected)
    return {
        "roc_auc": roc_auc(positives, negatives),
        "average_precision": expected_average_precision(positives, negatives),
    }


def _decisions(
    cells: Cells, calibrator: Calibrator, value: BusinessValue | None
) -> Estimates:
    expected = cells.rows * calibrate(cells.score, calibrator)
    confusion = confusion_of(cells, expected)
    estimates: Estimates = {}
    for metric in RATES:
        hits, rows = share(confusion, metric)
        estimates[metric] = hits / rows if rows else None
    if value is not None:
        known = cells.total > 0
        estimates["business_value"] = mean_worth(confusion, value)[0] if known else None
    return estimates
