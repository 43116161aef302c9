"""How well the model did on a day, from the rows whose label is known.

Whether enough labels have arrived to believe it is judged in `compare`.
"""

from collections.abc import Mapping
from typing import assert_never

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metric_table import LABEL_RATE
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.binary import FORMULAS as BINARY_FORMULAS
from monitoring_tasks.estimate.binary import realized_binary
from monitoring_tasks.estimate.metric_value import MetricValue, measurements
from monitoring_tasks.estimate.multiclass import FORMULAS as MULTICLASS_FORMULAS
from monitoring_tasks.estimate.multiclass import realized_multiclass
from monitoring_tasks.estimate.regression import FORMULAS as REGRESSION_FORMULAS
from monitoring_tasks.estimate.regression import realized_regression

FORMULAS: Mapping[Problem, frozenset[str]] = {
    Problem.BINARY: frozenset(BINARY_FORMULAS),
    Problem.MULTICLASS: frozenset({*MULTICLASS_FORMULAS, LABEL_RATE}),
    Problem.REGRESSION: frozenset(REGRESSION_FORMULAS),
}
"""The realized metrics that have a formula, by problem."""


def realize(
    current: DayProfile,
    *,
    confidence: float,
    value: BusinessValue | None = None,
    classes: tuple[str, ...] = (),
) -> list[Measurement]:
    """Measure a day's metrics on its labelled rows.

    Args:
        current: The day, as a whole or one segment.
        confidence: Level of the intervals, 0..1.
        value: Worth of each outcome of a binary decision; with it, `business_value`
            is the mean worth of one prediction.
        classes: Declared classes of a multiclass model.

    Returns:
        Kind `realized`. Binary: `roc_auc`, `average_precision`, `f1`, `precision`,
        `recall`, `specificity`, `accuracy`, `positive_rate`, `log_loss`, `brier`,
        `calibration_error` (and `business_value`). Multiclass: `accuracy` and macro
        `f1`, `precision`, `recall`, and `label_rate_<class>`. Regression: `mae`,
        `mse`, `rmse`, `rmsle`, `bias`, `label_mean`. What the labels do not allow
        (none at all, one class only) has no value and a reason.
    """
    values = _realized(current.outcome, confidence, value=value, classes=classes)
    return measurements(Kind.REALIZED, values, current)


def _realized(
    outcome: Outcome,
    confidence: float,
    *,
    value: BusinessValue | None,
    classes: tuple[str, ...],
) -> dict[str, MetricValue]:
    match outcome:
        case BinaryOutcome():
            return realized_binary(outcome, confidence=confidence, value=value)
        case MulticlassOutcome():
            return realized_multiclass(outcome, confidence=confidence, classes=classes)
        case RegressionOutcome():
            return realized_regression(outcome, confidence=confidence)
        case _:
            assert_never(outcome)
