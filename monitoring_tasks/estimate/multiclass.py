"""What a multiclass model's labelled rows say, from the confusion matrix."""

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np

from monitoring_tasks.domain.counts import MulticlassOutcome
from monitoring_tasks.domain.metrics import LABEL_RATE
from monitoring_tasks.estimate.metric_value import Number, undefined
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import clipped, normal, wilson

MACRO = ("f1", "precision", "recall")


def realized_multiclass(
    outcome: MulticlassOutcome, *, confidence: float, classes: tuple[str, ...]
) -> dict[str, Number]:
    """Give accuracy, macro averages of F1, precision and recall, and label rates.

    Averages run over the declared classes that occur on the day, as label or as
    prediction; all that occur when none are declared. A class that is never
    predicted has precision 0, one that is never a label recall 0, as scikit-learn
    has it. Label rates are of the declared classes and of those that occur: a declared
    class that no label names any more has rate 0. Intervals: Wilson for accuracy and
    rates; the delta method on the multinomial confusion matrix for the averages
    (Takahashi et al. 2022, Applied Intelligence 52, 4961-4972).
    """
    cells = {
        (predicted, label): rows
        for (predicted, label), rows in outcome.cells.items()
        if label is not None and rows
    }
    rows = sum(cells.values())
    if rows == 0:
        return dict.fromkeys(("accuracy", *MACRO), undefined(0, ""))
    seen = {name for pair in cells for name in pair}
    order = [*(c for c in classes if c in seen), *sorted(seen - {*classes}, key=repr)]
    place = {name: number for number, name in enumerate(order)}
    matrix = np.zeros((len(order), len(order)))
    for (predicted, label), n in cells.items():
        matrix[place[label], place[predicted]] += n
    averaged = len(seen & {*classes}) if classes else len(order)
    hits = float(np.trace(matrix))
    around = wilson(hits, rows, confidence=confidence)
    accuracy = Number(value=hits / rows, interval=around, rows=rows)
    averages = {
        metric: _macro(matrix, metric, averaged, confidence) for metric in MACRO
    }
    shares = dict.fromkeys(classes, 0) | _rows_by_label(cells)
    return {"accuracy": accuracy} | averages | _label_rates(shares, confidence)


def _rows_by_label(cells: Mapping[tuple[str, str], int]) -> Counter[str]:
    rows: Counter[str] = Counter()
    for (_, label), n in cells.items():
        rows[label] += n
    return rows


def _label_rates(shares: Mapping[str, int], confidence: float) -> dict[str, Number]:
    """Give the share of each class among the labels, from its rows."""
    rows = sum(shares.values())
    return {
        f"{LABEL_RATE}{name}": Number(
            value=hits / rows,
            interval=wilson(hits, rows, confidence=confidence),
            rows=rows,
        )
        for name, hits in sorted(shares.items())
    }


def _macro(matrix: Floats, metric: str, averaged: int, confidence: float) -> Number:
    """Average a metric over the first classes of a (label, predicted) matrix.

    Each class's metric is a weight times its hits over a weighted sum of its row
    (labels) and column (predictions); from that follow value and gradient.
    """
    rows = float(matrix.sum())
    if averaged == 0:
        return undefined(int(rows), "no declared class occurs")
    of_label, of_prediction = {"f1": (0.5, 0.5), "precision": (0, 1), "recall": (1, 0)}[
        metric
    ]
    within = of_label * matrix.sum(axis=1) + of_prediction * matrix.sum(axis=0)
    inverse = np.divide(1.0, within, out=np.zeros_like(within), where=within > 0)
    inverse[averaged:] = 0.0
    scores = np.diag(matrix) * inverse
    slope = np.diag(inverse)
    slope = slope - (of_label * scores * inverse)[:, None]
    slope = slope - (of_prediction * scores * inverse)[None, :]
    slope = slope * rows / averaged
    shares = matrix / rows
    variance = float(np.sum(shares * slope**2) - np.sum(shares * slope) ** 2)
    value = float(scores.sum() / averaged)
    error = math.sqrt(max(variance, 0.0) / rows)
    around = clipped(normal(value, error, confidence=confidence), 0.0, 1.0)
    return Number(value=value, interval=around, rows=int(rows))
