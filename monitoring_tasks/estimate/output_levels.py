"""How the outputs of a day lie: mean score, share of each decision, mean prediction.

Counts only, and no label; whether a level has moved is judged in `compare`.
"""

from typing import assert_never

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    ContinuousCounts,
    MulticlassOutcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metric_table import (
    CLASS_RATE,
    CLASS_SCORE,
    DECISION_RATE,
    PREDICTION_MEAN,
    SCORE_MEAN,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.estimate.metric_value import (
    MetricValue,
    mean_of_rows,
    measurements,
)
from monitoring_tasks.statistics.intervals import wilson


def measure_outputs(current: DayProfile, contract: Contract) -> list[Measurement]:
    """Measure how the outputs of a version's rows lie, labels or not.

    Args:
        current: The day, as a whole or one segment or group.
        contract: Its problem says what outputs there are.

    Returns:
        Kind `output`. Binary: `score_mean` and `decision_rate` (0..1), of rows with a
        valid score. Multiclass: `decision_rate_<class>` of the declared classes and of
        those that occur, `score_mean_<class>`. Regression: `prediction_mean`, in units
        of the label. Scores of classes and predicted numbers only where their columns
        were counted. Without a row there is no value, and a reason. Intervals: Wilson's
        of shares; normal of means, which may pass 0 or 1.
    """
    confidence = contract.policy.confidence
    match current.outcome:
        case BinaryOutcome() as outcome:
            values = _of_scores(cells_of(outcome), confidence)
        case MulticlassOutcome() as outcome:
            values = _of_classes(outcome, contract.classes, confidence)
        case RegressionOutcome():
            values = {}
        case _:
            assert_never(current.outcome)
    counted = {
        name: _mean(counts.total, counts.squares, counts.valid, confidence)
        for name, column in _columns_by_metric(contract).items()
        # Protected groups, and what was counted before predictions were, have none.
        if isinstance(counts := current.columns.get(column), ContinuousCounts)
    }
    return measurements(Kind.OUTPUT, values | counted, current)


def _columns_by_metric(contract: Contract) -> dict[str, str]:
    """Return the columns of numbers whose means are taken, by metric."""
    columns = contract.columns
    if contract.problem is Problem.REGRESSION:
        return {PREDICTION_MEAN: columns.prediction}
    by_class = columns.score if isinstance(columns.score, dict) else {}
    return {f"{CLASS_SCORE}{name}": column for name, column in by_class.items()}


def _of_scores(cells: Cells, confidence: float) -> dict[str, MetricValue]:
    decided = cells.decided
    positive = float(decided.rows[decided.predicted == 1].sum())
    squares = float(cells.rows @ np.square(cells.score))
    return {
        SCORE_MEAN: _mean(
            float(cells.rows @ cells.score), squares, int(cells.total), confidence
        ),
        DECISION_RATE: _share(positive, int(decided.total), confidence),
    }


def _of_classes(
    outcome: MulticlassOutcome, classes: tuple[str, ...], confidence: float
) -> dict[str, MetricValue]:
    # A class that is never predicted any more is news.
    counted = dict.fromkeys(classes, 0)
    for (predicted, _), rows in outcome.cells.items():
        counted[predicted] = counted.get(predicted, 0) + rows
    total = sum(counted.values())
    return {
        f"{CLASS_RATE}{name}": _share(rows, total, confidence)
        for name, rows in sorted(counted.items())
    }


def _share(hits: float, rows: int, confidence: float) -> MetricValue:
    if not rows:
        return MetricValue(rows=0, reason="no row has a decision")
    around = wilson(hits, rows, confidence=confidence)
    return MetricValue(value=hits / rows, interval=around, rows=rows)


def _mean(total: float, squares: float, rows: int, confidence: float) -> MetricValue:
    if not rows:
        return MetricValue(rows=0, reason="no row has a valid output")
    return mean_of_rows(total, squares, rows, confidence=confidence)
