"""What a multiclass model's labelled rows say, from the confusion matrix."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from monitoring_tasks.domain.counts import MulticlassOutcome
from monitoring_tasks.domain.metric_table import LABEL_RATE
from monitoring_tasks.estimate.metric_value import MetricValue, undefined
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import clipped, normal, wilson

MACRO: Mapping[str, tuple[float, float]] = {
    "f1": (0.5, 0.5),
    "precision": (0, 1),
    "recall": (1, 0),
}
"""Metric averaged over classes -> weights of a class's labels and of its predictions
in the rows its hits are divided by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClasses:
    """What the metrics of a multiclass model's labelled rows are computed from.

    Attributes:
        matrix: Rows by label and predicted class, shape (n_classes, n_classes); the
            classes averages run over come first.
        averaged: How many those are.
        rows: All of them; whole unless rows are weighted.
        confidence: Level of the intervals, 0..1.
    """

    matrix: Floats
    averaged: int
    rows: float
    confidence: float


def realized_multiclass(
    outcome: MulticlassOutcome, *, confidence: float, classes: tuple[str, ...]
) -> dict[str, MetricValue]:
    """Return accuracy, macro averages of F1, precision and recall, and label rates.

    Averages run over the declared classes that occur on the day, as label or as
    prediction; all that occur when none are declared. A class that is never
    predicted has precision 0, one that is never a label recall 0, as scikit-learn
    has it. Label rates are of the declared classes and of those that occur: a declared
    class that no label names any more has rate 0. Intervals: Wilson for accuracy and
    rates; the delta method on the multinomial confusion matrix for the averages
    (Takahashi et al. 2022, Applied Intelligence 52, 4961-4972).

    Args:
        outcome: Predicted class against label, counted. Not modified.
        confidence: Level of the intervals, 0..1.
        classes: Declared classes; empty where the contract declares none.
    """
    cells = {
        (predicted, label): rows
        for (predicted, label), rows in outcome.cells.items()
        if label is not None and rows
    }
    if not cells:
        return dict.fromkeys(FORMULAS, undefined(0, ""))
    labelled = LabelledClasses(
        matrix=_matrix(cells, classes),
        averaged=_averaged(cells, classes),
        rows=sum(cells.values()),
        confidence=confidence,
    )
    rows_by_class = dict.fromkeys(classes, 0) | _rows_by_label(cells)
    return {
        metric: formula(labelled) for metric, formula in FORMULAS.items()
    } | _label_rates(rows_by_class, confidence)


def _matrix(cells: Mapping[tuple[str, str], int], classes: Sequence[str]) -> Floats:
    """Arrange rows by label and predicted class, declared classes first."""
    occurring = {name for pair in cells for name in pair}
    others = sorted(occurring - {*classes}, key=repr)
    order = [*(c for c in classes if c in occurring), *others]
    index_of = {name: number for number, name in enumerate(order)}
    matrix = np.zeros((len(order), len(order)))
    for (predicted, label), rows in cells.items():
        matrix[index_of[label], index_of[predicted]] += rows
    return matrix


def _averaged(cells: Mapping[tuple[str, str], int], classes: Sequence[str]) -> int:
    """Count the classes that averages run over."""
    occurring = {name for pair in cells for name in pair}
    return len(occurring & {*classes}) if classes else len(occurring)


def _rows_by_label(cells: Mapping[tuple[str, str], int]) -> Counter[str]:
    rows: Counter[str] = Counter()
    for (_, label), n in cells.items():
        rows[label] += n
    return rows


def _label_rates(
    rows_by_class: Mapping[str, int], confidence: float
) -> dict[str, MetricValue]:
    """Return the share of each class among the labels, from its rows."""
    rows = sum(rows_by_class.values())
    return {
        f"{LABEL_RATE}{name}": MetricValue(
            value=labelled / rows,
            interval=wilson(labelled, rows, confidence=confidence),
            rows=rows,
        )
        for name, labelled in sorted(rows_by_class.items())
    }


def _accuracy(labelled: LabelledClasses) -> MetricValue:
    right, rows = float(np.trace(labelled.matrix)), labelled.rows
    around = wilson(right, rows, confidence=labelled.confidence)
    return MetricValue(value=right / rows, interval=around, rows=int(rows))


def _macro(labelled: LabelledClasses, *, metric: str) -> MetricValue:
    """Average a metric over the first classes of a (label, predicted) matrix.

    Each class's metric is its hits over a weighted sum of its row (labels) and column
    (predictions); from that follow value and gradient.
    """
    matrix, averaged = labelled.matrix, labelled.averaged
    rows = float(matrix.sum())
    if averaged == 0:
        return undefined(int(rows), "no declared class occurs")
    of_label, of_prediction = MACRO[metric]
    within = of_label * matrix.sum(axis=1) + of_prediction * matrix.sum(axis=0)
    inverse = np.divide(1.0, within, out=np.zeros_like(within), where=within > 0)
    # Undeclared classes take hits from the others and are no term of the average.
    inverse[averaged:] = 0.0
    scores = np.diag(matrix) * inverse
    # Gradient of the average by each cell of the matrix, for the delta method.
    slope = np.diag(inverse)
    slope = slope - (of_label * scores * inverse)[:, None]
    slope = slope - (of_prediction * scores * inverse)[None, :]
    slope = slope * rows / averaged
    shares = matrix / rows
    variance = float(np.sum(shares * slope**2) - np.sum(shares * slope) ** 2)
    value = float(scores.sum() / averaged)
    # Rounding can take the difference of two sums below 0.
    error = math.sqrt(max(variance, 0.0) / rows)
    around = normal(value, error, confidence=labelled.confidence)
    return MetricValue(value=value, interval=clipped(around, 0.0, 1.0), rows=int(rows))


FORMULAS: Mapping[str, Callable[[LabelledClasses], MetricValue]] = {
    "accuracy": _accuracy,
    **{metric: partial(_macro, metric=metric) for metric in MACRO},
}
"""By metric, but for label rates, which are as many as there are classes. A new one is
a row here and one in `domain/metric_table.py`."""
