"""Metrics of decisions: what follows from four numbers.

The four may be counted (realized) or expected (estimated before labels).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.estimate.cells import Cells
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import Interval, normal, wilson

UNDECIDED = "no row has a predicted class"
"""Why there is no number where the four are all 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Rows by predicted class and truth, each >= 0; not necessarily whole numbers.

    Attributes:
        tp: True positives.
        fp: False positives.
        tn: True negatives.
        fn: False negatives.
    """

    tp: float
    fp: float
    tn: float
    fn: float

    @property
    def rows(self) -> float:
        """All rows."""
        return self.tp + self.fp + self.tn + self.fn


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How a rate follows from the four numbers.

    Attributes:
        numerator: Rows that speak for the model.
        denominator: Rows that count; 0 where the rate is undefined.
        undefined: Why, in words.
        interval: Its interval at a confidence; None for Wilson's of the two numbers.
    """

    numerator: Callable[[Confusion], float]
    denominator: Callable[[Confusion], float]
    undefined: str
    interval: Callable[[Confusion, float], Interval] | None = None


def _f1_interval(confusion: Confusion, confidence: float) -> Interval:
    """Carry Wilson's interval of a proportion over to F1.

    F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), a proportion. To first order this
    is the delta method; unlike it, it stays inside 0..1 and works at 0 and 1.
    """
    union = confusion.tp + confusion.fp + confusion.fn
    low, high = wilson(confusion.tp, union, confidence=confidence)
    return 2 * low / (1 + low), 2 * high / (1 + high)


RATES: Mapping[str, Rate] = {
    "f1": Rate(
        numerator=lambda c: 2 * c.tp,
        denominator=lambda c: 2 * c.tp + c.fp + c.fn,
        undefined="no row is positive, in truth or by prediction",
        interval=_f1_interval,
    ),
    "precision": Rate(
        numerator=lambda c: c.tp,
        denominator=lambda c: c.tp + c.fp,
        undefined="no row was predicted positive",
    ),
    "recall": Rate(
        numerator=lambda c: c.tp,
        denominator=lambda c: c.tp + c.fn,
        undefined="no row is positive",
    ),
    "specificity": Rate(
        numerator=lambda c: c.tn,
        denominator=lambda c: c.tn + c.fp,
        undefined="no row is negative",
    ),
    "accuracy": Rate(
        numerator=lambda c: c.tp + c.tn,
        denominator=lambda c: c.rows,
        undefined=UNDECIDED,
    ),
}
"""By metric. A new rate is a row here and one in `domain/metric_table.py`."""


def confusion_of(cells: Cells, positives: Floats) -> Confusion:
    """Add up the cells.

    Args:
        cells: Cells with a known predicted class.
        positives: Positive rows of each cell, counted or expected, 0..rows; shape
            (n_cells,).
    """
    yes, no = cells.predicted == 1, cells.predicted == 0
    negatives = cells.rows - positives
    return Confusion(
        tp=float(np.sum(positives[yes])),
        fp=float(np.sum(negatives[yes])),
        tn=float(np.sum(negatives[no])),
        fn=float(np.sum(positives[no])),
    )


def rate_of(confusion: Confusion, metric: str) -> float | None:
    """Return a rate, 0..1; None where its denominator is 0.

    Args:
        confusion: The four numbers.
        metric: One of `RATES`.
    """
    rate = RATES[metric]
    rows = rate.denominator(confusion)
    return rate.numerator(confusion) / rows if rows else None


def rate_interval(
    confusion: Confusion, metric: str, *, confidence: float
) -> Interval | None:
    """Return the interval of a rate, inside 0..1; None where the rate is undefined.

    Args:
        confusion: The four numbers.
        metric: One of `RATES`.
        confidence: Level of the interval, 0..1.
    """
    rate = RATES[metric]
    rows = rate.denominator(confusion)
    if rows == 0:
        return None
    if rate.interval is not None:  # F1 is no proportion of rows
        return rate.interval(confusion, confidence)
    return wilson(rate.numerator(confusion), rows, confidence=confidence)


def mean_worth(confusion: Confusion, value: BusinessValue) -> tuple[float, float]:
    """Return the mean worth of one prediction and its standard error over the rows.

    Times the rows it is NannyML's `business_value` (not normalised).

    Args:
        confusion: The four numbers; at least one row.
        value: Worth of each outcome, in the contract's own unit.
    """
    # Divided by the rows, not rows - 1, as NannyML does (`numpy.std`).
    worths = (
        (confusion.tp, value.true_positive),
        (confusion.fp, value.false_positive),
        (confusion.tn, value.true_negative),
        (confusion.fn, value.false_negative),
    )
    total = confusion.rows
    mean = sum(rows * worth for rows, worth in worths) / total
    variance = sum(rows * (worth - mean) ** 2 for rows, worth in worths) / total
    return mean, math.sqrt(variance / total)


def worth_interval(
    confusion: Confusion, value: BusinessValue, *, confidence: float
) -> Interval:
    """Return the normal interval of the mean worth.

    Args:
        confusion: The four numbers; at least one row.
        value: Worth of each outcome, in the contract's own unit.
        confidence: Level of the interval, 0..1.
    """
    return normal(*mean_worth(confusion, value), confidence=confidence)
