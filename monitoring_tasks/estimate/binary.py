"""What a binary model's labelled rows say: realized metrics with intervals."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.estimate.calibration_error import calibration_error
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.confusion import (
    RATES,
    UNDECIDED,
    Confusion,
    confusion_of,
    mean_worth,
    rate_interval,
    rate_of,
    worth_interval,
)
from monitoring_tasks.estimate.metric_value import MetricValue, undefined
from monitoring_tasks.estimate.ranking import auc_interval, average_precision, roc_auc
from monitoring_tasks.estimate.score_losses import SCORE_LOSSES
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import clipped, normal, wilson

BUSINESS_VALUE = "business_value"
"""The metric that is measured where the contract says what outcomes are worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRows:
    """What the metrics of a binary model's labelled rows are computed from.

    Attributes:
        cells: Cells whose label is known.
        positives: Positive rows by score bin, lowest first; shape (SCORE_BINS,).
        negatives: Negative rows likewise.
        confusion: Rows by predicted class and label, as far as a class was predicted.
        value: Worth of each outcome; None where the contract does not say.
        confidence: Level of the intervals, 0..1.
    """

    cells: Cells
    positives: Floats
    negatives: Floats
    confusion: Confusion
    value: BusinessValue | None
    confidence: float

    @property
    def rows(self) -> int:
        """All of them."""
        return int(self.cells.total)


def realized_binary(
    outcome: BinaryOutcome, *, confidence: float, value: BusinessValue | None
) -> dict[str, MetricValue]:
    """Return every metric of the labelled rows by name.

    Within a score bin (1/10,000 wide) rows count as tied and at their cell's mean
    score: Brier is exact to 2.5e-9, AUC to `ranking.auc_bin_error`.

    Args:
        outcome: Scores, predictions and labels, counted. Not modified.
        confidence: Level of the intervals, 0..1.
        value: Worth of each outcome; None leaves `business_value` out.
    """
    cells = cells_of(outcome).labelled
    # Decisions alone need a predicted class; scores of the other rows count as well.
    decided = cells.decided
    positives = cells.by_bin(_positives(cells))
    labelled = LabelledRows(
        cells=cells,
        positives=positives,
        negatives=cells.by_bin(cells.rows) - positives,
        confusion=confusion_of(decided, _positives(decided)),
        value=value,
        confidence=confidence,
    )
    return {
        metric: formula(labelled)
        for metric, formula in FORMULAS.items()
        if metric != BUSINESS_VALUE or value is not None
    }


def _roc_auc(labelled: LabelledRows) -> MetricValue:
    """Area under the ROC curve, with DeLong's interval."""
    positives, negatives = labelled.positives, labelled.negatives
    area = roc_auc(positives, negatives)
    if area is None:
        return undefined(labelled.rows, "the labels are all of one class")
    around = auc_interval(positives, negatives, confidence=labelled.confidence)
    return MetricValue(value=area, interval=around, rows=labelled.rows)


def _average_precision(labelled: LabelledRows) -> MetricValue:
    """Average precision, with Wilson's interval on the positive rows.

    References:
        Boyd, Eng, Page (2013), ECML PKDD, 451-466, "binomial interval".
    """
    precision = average_precision(labelled.positives, labelled.negatives)
    if precision is None:
        return undefined(labelled.rows, "no row is positive")
    # It is a mean over the positive rows, so it is bounded as a proportion of them.
    positive = float(labelled.positives.sum())
    around = wilson(precision * positive, positive, confidence=labelled.confidence)
    return MetricValue(value=precision, interval=around, rows=labelled.rows)


def _rate(labelled: LabelledRows, *, metric: str) -> MetricValue:
    confusion, rows = labelled.confusion, int(labelled.confusion.rows)
    value = rate_of(confusion, metric)
    if value is None:
        return undefined(rows, RATES[metric].undefined)
    around = rate_interval(confusion, metric, confidence=labelled.confidence)
    return MetricValue(value=value, interval=around, rows=rows)


def _positive_rate(labelled: LabelledRows) -> MetricValue:
    rows, positive = labelled.rows, float(_positives(labelled.cells).sum())
    if not rows:
        return undefined(rows, "no row is labelled")
    around = wilson(positive, rows, confidence=labelled.confidence)
    return MetricValue(value=positive / rows, interval=around, rows=rows)


def _business_value(labelled: LabelledRows) -> MetricValue:
    confusion, value = labelled.confusion, labelled.value
    rows = int(confusion.rows)
    if not rows or value is None:
        return undefined(rows, UNDECIDED)
    around = worth_interval(confusion, value, confidence=labelled.confidence)
    return MetricValue(
        value=mean_worth(confusion, value)[0], interval=around, rows=rows
    )


def _mean_loss(labelled: LabelledRows, *, metric: str) -> MetricValue:
    """Average a loss over the rows; normal interval from its variance."""
    cells, rows = labelled.cells, labelled.cells.total
    if not rows:
        return undefined(0, "no row is labelled")
    losses = SCORE_LOSSES[metric](cells.score, cells.truth)
    mean = float(np.sum(losses * cells.rows) / rows)
    if rows == 1:
        return MetricValue(value=mean, rows=1, reason="one row has no spread")
    variance = float(np.sum(cells.rows * (losses - mean) ** 2) / (rows - 1))
    around = normal(mean, math.sqrt(variance / rows), confidence=labelled.confidence)
    # No loss is negative; the normal interval of a few rows may be.
    return MetricValue(value=mean, interval=clipped(around, 0.0), rows=int(rows))


FORMULAS: Mapping[str, Callable[[LabelledRows], MetricValue]] = {
    "roc_auc": _roc_auc,
    "average_precision": _average_precision,
    **{metric: partial(_rate, metric=metric) for metric in RATES},
    "positive_rate": _positive_rate,
    **{metric: partial(_mean_loss, metric=metric) for metric in SCORE_LOSSES},
    "calibration_error": lambda labelled: calibration_error(
        labelled.cells, confidence=labelled.confidence
    ),
    BUSINESS_VALUE: _business_value,
}
"""By metric. A new one is a row here and one in `domain/metric_table.py`."""


def _positives(cells: Cells) -> Floats:
    return np.where(cells.label == 1, cells.rows, 0.0)
