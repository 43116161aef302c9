"""What a binary model's labelled rows say: realized metrics with intervals."""

import math

import numpy as np

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import SCORE_BINS, BinaryOutcome
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.confusion import (
    RATES,
    UNDEFINED,
    Confusion,
    confusion_of,
    mean_worth,
    rate_interval,
    share,
    worth_interval,
)
from monitoring_tasks.estimate.metric_value import Number, undefined
from monitoring_tasks.estimate.ranking import auc_interval, average_precision, roc_auc
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import clipped, normal, wilson

CALIBRATION_BINS = 10
SMALLEST_PROBABILITY = float(np.finfo(np.float64).eps)
"""Scores are kept this far from 0 and 1 in the log loss, as scikit-learn does."""


def realized_binary(
    outcome: BinaryOutcome, *, confidence: float, value: BusinessValue | None
) -> dict[str, Number]:
    """Give every metric of the labelled rows by name.

    Within a score bin (1/10,000 wide) rows count as tied and at their cell's mean
    score: Brier is exact to 2.5e-9, AUC to `ranking.auc_bin_error`.
    """
    cells = cells_of(outcome).labelled
    realized = _rankings(cells, confidence)
    realized |= _rates(cells, confidence)
    realized |= _probabilities(cells, confidence)
    if value is not None:
        realized["business_value"] = _worth(cells, value, confidence)
    return realized


def _rankings(cells: Cells, confidence: float) -> dict[str, Number]:
    """Area under the ROC curve (DeLong) and average precision.

    The interval of average precision is Wilson's with the positive rows as sample
    size: Boyd, Eng, Page (2013), ECML PKDD, 451-466, "binomial interval".
    """
    positives = cells.by_bin(_positives(cells))
    negatives = cells.by_bin(cells.rows) - positives
    rows, n_positive = int(cells.total), float(positives.sum())
    area = roc_auc(positives, negatives)
    precision = average_precision(positives, negatives)
    auc = undefined(rows, "the labels are all of one class")
    ap = undefined(rows, "no row is positive")
    if area is not None:
        around = auc_interval(positives, negatives, confidence=confidence)
        auc = Number(value=area, interval=around, rows=rows)
    if precision is not None:
        around = wilson(precision * n_positive, n_positive, confidence=confidence)
        ap = Number(value=precision, interval=around, rows=rows)
    return {"roc_auc": auc, "average_precision": ap}


def _rates(cells: Cells, confidence: float) -> dict[str, Number]:
    decided = cells.decided
    confusion = confusion_of(decided, _positives(decided))
    realized = {metric: _rate(confusion, metric, confidence) for metric in RATES}
    rows, hits = int(cells.total), float(_positives(cells).sum())
    realized["positive_rate"] = undefined(rows, "no row is labelled")
    if rows:
        around = wilson(hits, rows, confidence=confidence)
        realized["positive_rate"] = Number(
            value=hits / rows, interval=around, rows=rows
        )
    return realized


def _rate(confusion: Confusion, metric: str, confidence: float) -> Number:
    hits, counting = share(confusion, metric)
    rows = int(confusion.rows)
    if not counting:
        return undefined(rows, UNDEFINED[metric])
    around = rate_interval(confusion, metric, confidence=confidence)
    return Number(value=hits / counting, interval=around, rows=rows)


def _worth(cells: Cells, value: BusinessValue, confidence: float) -> Number:
    decided = cells.decided
    confusion = confusion_of(decided, _positives(decided))
    rows = int(confusion.rows)
    if not rows:
        return undefined(rows, UNDEFINED["business_value"])
    around = worth_interval(confusion, value, confidence=confidence)
    return Number(value=mean_worth(confusion, value)[0], interval=around, rows=rows)


def _probabilities(cells: Cells, confidence: float) -> dict[str, Number]:
    """Log loss, Brier score and calibration error of the scores as they are."""
    rows = int(cells.total)
    if not rows:
        names = ("log_loss", "brier", "calibration_error")
        return dict.fromkeys(names, undefined(rows, "no row is labelled"))
    truth = (cells.label == 1).astype(np.float64)
    right = np.where(truth == 1, cells.score, 1 - cells.score)
    surprise = -np.log(np.clip(right, SMALLEST_PROBABILITY, 1.0))
    return {
        "log_loss": _mean(surprise, cells, confidence),
        "brier": _mean((cells.score - truth) ** 2, cells, confidence),
        "calibration_error": _calibration_error(cells, truth, confidence),
    }


def _mean(losses: Floats, cells: Cells, confidence: float) -> Number:
    rows = cells.total
    mean = float(np.sum(losses * cells.rows) / rows)
    if rows == 1:
        return Number(value=mean, rows=1, reason="one row has no spread")
    variance = float(np.sum(cells.rows * (losses - mean) ** 2) / (rows - 1))
    around = normal(mean, math.sqrt(variance / rows), confidence=confidence)
    return Number(value=mean, interval=clipped(around, 0.0), rows=int(rows))


def _calibration_error(cells: Cells, truth: Floats, confidence: float) -> Number:
    """Expected calibration error over ten equal-width bins of the score.

    The mean gap of mean score and positive share, weighted by rows. On few rows it
    is above 0 even for perfect scores. Its interval takes the sign of each bin's gap
    as known and each positive share as binomial.

    References:
        Guo et al. (2017), ICML, 1321-1330, equation 3.
    """
    group = cells.score_bin * CALIBRATION_BINS // SCORE_BINS
    rows = np.bincount(group, weights=cells.rows, minlength=CALIBRATION_BINS)
    hits = np.bincount(group, weights=cells.rows * truth, minlength=CALIBRATION_BINS)
    scores = np.bincount(
        group, weights=cells.rows * cells.score, minlength=CALIBRATION_BINS
    )
    total = cells.total
    error = float(np.sum(np.abs(scores - hits)) / total)
    shares = np.divide(hits, rows, out=np.zeros_like(hits), where=rows > 0)
    spread = math.sqrt(float(np.sum(rows * shares * (1 - shares)))) / total
    around = clipped(normal(error, spread, confidence=confidence), 0.0, 1.0)
    return Number(value=error, interval=around, rows=int(total))


def _positives(cells: Cells) -> Floats:
    return np.where(cells.label == 1, cells.rows, 0.0)
