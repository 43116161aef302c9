"""Metrics of decisions: what follows from four numbers.

The four may be counted (realized) or expected (estimated before labels).
"""

import math
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.estimate.cells import Cells
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import Interval, normal, wilson

RATES = ("f1", "precision", "recall", "specificity", "accuracy")
UNDEFINED = {
    "f1": "no row is positive, in truth or by prediction",
    "precision": "no row was predicted positive",
    "recall": "no row is positive",
    "specificity": "no row is negative",
    "accuracy": "no row has a predicted class",
    "business_value": "no row has a predicted class",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Rows by predicted class and truth; not necessarily whole numbers."""

    true_positive: float
    false_positive: float
    true_negative: float
    false_negative: float

    @property
    def rows(self) -> float:
        """All rows."""
        return (
            self.true_positive
            + self.false_positive
            + self.true_negative
            + self.false_negative
        )


def confusion_of(cells: Cells, positives: Floats) -> Confusion:
    """Add up the cells.

    Args:
        cells: Cells with a known predicted class.
        positives: Positive rows of each cell, counted or expected, 0..rows.
    """
    yes, no = cells.predicted == 1, cells.predicted == 0
    negatives = cells.rows - positives
    return Confusion(
        true_positive=float(np.sum(positives[yes])),
        false_positive=float(np.sum(negatives[yes])),
        true_negative=float(np.sum(negatives[no])),
        false_negative=float(np.sum(positives[no])),
    )


def share(confusion: Confusion, metric: str) -> tuple[float, float]:
    """Give numerator and denominator of a rate; the denominator may be 0.

    Args:
        confusion: The four numbers.
        metric: One of `RATES`.
    """
    hit, wrong = confusion.true_positive, confusion.false_positive
    rest, missed = confusion.true_negative, confusion.false_negative
    return {
        "f1": (2 * hit, 2 * hit + wrong + missed),
        "precision": (hit, hit + wrong),
        "recall": (hit, hit + missed),
        "specificity": (rest, rest + wrong),
        "accuracy": (hit + rest, confusion.rows),
    }[metric]


def rate_interval(
    confusion: Confusion, metric: str, *, confidence: float
) -> Interval | None:
    """Give Wilson's interval of a rate; None where the rate is undefined.

    F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), a proportion: its interval is
    that of J, carried over. To first order this is the delta method; unlike it, it
    stays inside 0..1 and works at 0 and 1.
    """
    hits, rows = share(confusion, metric)
    if rows == 0:
        return None
    if metric != "f1":
        return wilson(hits, rows, confidence=confidence)
    hit = confusion.true_positive
    union = hit + confusion.false_positive + confusion.false_negative
    low, high = wilson(hit, union, confidence=confidence)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def mean_worth(confusion: Confusion, value: BusinessValue) -> tuple[float, float]:
    """Give the mean worth of one prediction and its standard error over the rows.

    Times the rows it is NannyML's `business_value` (not normalised). Needs a row.
    """
    rows = (
        (confusion.true_positive, value.true_positive),
        (confusion.false_positive, value.false_positive),
        (confusion.true_negative, value.true_negative),
        (confusion.false_negative, value.false_negative),
    )
    total = confusion.rows
    mean = sum(n * worth for n, worth in rows) / total
    variance = sum(n * (worth - mean) ** 2 for n, worth in rows) / total
    return mean, math.sqrt(variance / total)


def worth_interval(
    confusion: Confusion, value: BusinessValue, *, confidence: float
) -> Interval:
    """Give the normal interval of the mean worth. Needs a row."""
    return normal(*mean_worth(confusion, value), confidence=confidence)
