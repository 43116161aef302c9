"""How well a binary model does on a day, before any label is known (CBPE).

Confidence-based performance estimation: calibrated scores say how many rows of
each cell are positive. It sees a shift of the inputs; it cannot see that the same
inputs have come to mean something else (concept drift).
"""

import math
from collections.abc import Callable, Mapping

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metrics import find_metric, metric_of
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.binary import BUSINESS_VALUE
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.confusion import (
    RATES,
    UNDECIDED,
    confusion_of,
    mean_worth,
    rate_of,
)
from monitoring_tasks.estimate.metric_value import MetricValue, measurements
from monitoring_tasks.estimate.ranking import expected_average_precision, roc_auc
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.calibration import calibrate
from monitoring_tasks.statistics.intervals import clipped, normal

Estimates = dict[str, float | None]
RANKINGS: Mapping[str, Callable[[Floats, Floats], float | None]] = {
    "roc_auc": roc_auc,
    "average_precision": expected_average_precision,
}
"""Metric -> its value from expected positive and negative rows by score bin."""
UNDEFINED = {
    **{metric: rate.undefined for metric, rate in RATES.items()},
    BUSINESS_VALUE: UNDECIDED,
}


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
    # Rankings need no predicted class, decisions do: their rows may differ.
    decided = cells.decided
    rankings = _rankings(cells, reference.calibrator)
    decisions = _decisions(decided, reference.calibrator, value)
    values = {
        metric: _value(reference, metric, estimate, confidence=confidence, rows=rows)
        for estimates, rows in (
            (rankings, int(cells.total)),
            (decisions, int(decided.total)),
        )
        for metric, estimate in estimates.items()
        # A formula is estimated once the table of metrics says that it may be.
        if find_metric(Kind.ESTIMATED, metric) is not None
    }
    return measurements(Kind.ESTIMATED, values, current)


def standard_error(reference: ReferenceProfile, metric: str, rows: int) -> float | None:
    """Return the standard error of an estimate on `rows` rows, as NannyML has it.

    Standard deviation of one row / sqrt(rows x share of rows that count), both
    learnt on the reference. None if they were not learnt or there is no row.

    Args:
        reference: Brings both.
        metric: Name of the metric.
        rows: Rows the estimate is made on, >= 0.
    """
    components = reference.sampling.get(metric)
    if components is None or rows == 0:
        return None
    # Kept as NannyML has it, for parity, though that of an AUC is too small by a
    # quarter (docs/statistics.md); trust is earned by coverage on real days.
    deviation, counting = components
    return deviation / math.sqrt(rows * counting)


def _value(
    reference: ReferenceProfile,
    metric: str,
    estimate: float | None,
    *,
    confidence: float,
    rows: int,
) -> MetricValue:
    if estimate is None:
        reason = UNDEFINED.get(metric, "every row is expected to be of one class")
        return MetricValue(
            rows=rows, reason=reason if rows else "no row has a valid score"
        )
    error = standard_error(reference, metric, rows)
    if error is None:
        reason = "the reference has no sampling error for this metric"
        return MetricValue(value=estimate, rows=rows, reason=reason)
    around = normal(estimate, error, confidence=confidence)
    # The normal interval knows no range: near 0 or 1 it would promise the impossible.
    row = metric_of(Kind.ESTIMATED, metric)
    around = clipped(around, row.low, row.high)
    return MetricValue(value=estimate, interval=around, rows=rows)


def _rankings(cells: Cells, calibrator: Calibrator) -> Estimates:
    expected = cells.rows * calibrate(cells.score, calibrator)
    positives = cells.by_bin(expected)
    negatives = cells.by_bin(cells.rows - expected)
    return {metric: rank(positives, negatives) for metric, rank in RANKINGS.items()}


def _decisions(
    cells: Cells, calibrator: Calibrator, value: BusinessValue | None
) -> Estimates:
    expected = cells.rows * calibrate(cells.score, calibrator)
    confusion = confusion_of(cells, expected)
    estimates = {metric: rate_of(confusion, metric) for metric in RATES}
    if value is not None:
        is_known = cells.total > 0
        worth = mean_worth(confusion, value)[0] if is_known else None
        estimates[BUSINESS_VALUE] = worth
    return estimates
