"""What a regression model's labelled rows say: errors from their moments."""

import math
from collections.abc import Mapping

from monitoring_tasks.domain.counts import RegressionOutcome
from monitoring_tasks.estimate.metric_value import Number, undefined
from monitoring_tasks.statistics.intervals import clipped, normal

MOMENTS = {
    "mae": ("abs", "e2"),
    "mse": ("e2", "e4"),
    "bias": ("e", "e2"),
    "label_mean": ("y", "y2"),
}
"""Metric -> the sum it is the mean of, and the sum of that one's squares."""
SIGNED = ("bias", "label_mean")


def realized_regression(
    outcome: RegressionOutcome, *, confidence: float
) -> dict[str, Number]:
    """Give every error of the labelled rows by name, in units of the label.

    `bias` is mean prediction - label. Intervals are normal, from the exact variance
    of the rows; a few huge errors make them too narrow. `rmsle` needs prediction and
    label above -1 on every row.
    """
    rows, sums = outcome.labelled, outcome.sums
    names = (*MOMENTS, "rmse", "rmsle")
    if rows == 0:
        return dict.fromkeys(names, undefined(0, ""))
    realized = {
        metric: _mean(sums, MOMENTS[metric], rows, confidence) for metric in MOMENTS
    }
    for metric in MOMENTS:
        if metric not in SIGNED:
            realized[metric] = _not_negative(realized[metric])
    realized["rmse"] = _root(realized["mse"])
    realized["rmsle"] = undefined(rows, "a prediction or label is -1 or less")
    if sums["logs"] == rows:
        logs = _mean(sums, ("sq_log", "sq_log2"), rows, confidence)
        realized["rmsle"] = _root(_not_negative(logs))
    return realized


def _mean(
    sums: Mapping[str, float], names: tuple[str, str], rows: int, confidence: float
) -> Number:
    mean = sums[names[0]] / rows
    if rows == 1:
        return Number(value=mean, rows=rows, reason="one row has no spread")
    variance = max(sums[names[1]] / rows - mean**2, 0.0) * rows / (rows - 1)
    around = normal(mean, math.sqrt(variance / rows), confidence=confidence)
    return Number(value=mean, interval=around, rows=rows)


def _not_negative(number: Number) -> Number:
    if number.interval is None:
        return number
    return Number(
        value=number.value, interval=clipped(number.interval, 0.0), rows=number.rows
    )


def _root(square: Number) -> Number:
    """Carry a mean square and its interval over to the root."""
    if square.value is None:
        return square
    ends = square.interval
    around = (math.sqrt(ends[0]), math.sqrt(ends[1])) if ends else None
    return Number(
        value=math.sqrt(square.value),
        interval=around,
        rows=square.rows,
        reason=square.reason,
    )
