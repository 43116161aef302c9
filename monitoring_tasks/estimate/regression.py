"""What a regression model's labelled rows say: errors from their moments."""

import math
from collections.abc import Callable, Mapping
from functools import partial

from monitoring_tasks.domain.counts import RegressionOutcome
from monitoring_tasks.estimate.metric_value import MetricValue, mean_of_rows, undefined
from monitoring_tasks.statistics.intervals import clipped

MOMENTS = {
    "mae": ("abs", "e2"),
    "mse": ("e2", "e4"),
    "bias": ("e", "e2"),
    "label_mean": ("y", "y2"),
}
"""Metric -> the sum it is the mean of, and the sum of that one's squares."""
SIGNED = ("bias", "label_mean")
"""Metrics that may be negative; the intervals of others are cut at 0."""


def realized_regression(
    outcome: RegressionOutcome, *, confidence: float
) -> dict[str, MetricValue]:
    """Return every error of the labelled rows by name, in units of the label.

    `bias` is mean prediction - label. Intervals are normal, from the exact variance
    of the rows; a few huge errors make them too narrow. `rmsle` needs prediction and
    label above -1 on every row.

    Args:
        outcome: Sums of errors and labels over the labelled rows. Not modified.
        confidence: Level of the intervals, 0..1.
    """
    if outcome.labelled == 0:
        return dict.fromkeys(FORMULAS, undefined(0, ""))
    return {
        metric: formula(outcome, confidence) for metric, formula in FORMULAS.items()
    }


def _moment(
    outcome: RegressionOutcome, confidence: float, *, metric: str
) -> MetricValue:
    total, squares = (outcome.sums[name] for name in MOMENTS[metric])
    mean = mean_of_rows(total, squares, outcome.labelled, confidence=confidence)
    return mean if metric in SIGNED else _not_negative(mean)


def _rmse(outcome: RegressionOutcome, confidence: float) -> MetricValue:
    return _root(_moment(outcome, confidence, metric="mse"))


def _rmsle(outcome: RegressionOutcome, confidence: float) -> MetricValue:
    rows, sums = outcome.labelled, outcome.sums
    # A mean over the other rows would be of other rows than every metric beside it.
    if sums["logs"] != rows:
        return undefined(rows, "a prediction or label is -1 or less")
    mean = mean_of_rows(sums["sq_log"], sums["sq_log2"], rows, confidence=confidence)
    return _root(_not_negative(mean))


FORMULAS: Mapping[str, Callable[[RegressionOutcome, float], MetricValue]] = {
    **{metric: partial(_moment, metric=metric) for metric in MOMENTS},
    "rmse": _rmse,
    "rmsle": _rmsle,
}
"""By metric. A new one is a row here and one in `domain/metric_table.py`."""


def _not_negative(number: MetricValue) -> MetricValue:
    if number.interval is None:
        return number
    return MetricValue(
        value=number.value, interval=clipped(number.interval, 0.0), rows=number.rows
    )


def _root(square: MetricValue) -> MetricValue:
    """Carry a mean square and its interval over to the root."""
    if square.value is None:
        return square
    ends = square.interval
    # The root is monotone, so the ends of the interval may be carried over.
    around = (math.sqrt(ends[0]), math.sqrt(ends[1])) if ends else None
    return MetricValue(
        value=math.sqrt(square.value),
        interval=around,
        rows=square.rows,
        reason=square.reason,
    )
