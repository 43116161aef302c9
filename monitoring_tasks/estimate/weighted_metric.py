"""A metric of labelled rows of which some count for more than others."""

import math
from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import SCORE_BINS, MulticlassOutcome
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.binary import BUSINESS_VALUE
from monitoring_tasks.estimate.cells import Cells
from monitoring_tasks.estimate.confusion import (
    RATES,
    confusion_of,
    mean_worth,
    rate_of,
)
from monitoring_tasks.estimate.multiclass import FORMULAS as MULTICLASS_FORMULAS
from monitoring_tasks.estimate.multiclass import realized_multiclass
from monitoring_tasks.estimate.ranking import average_precision, roc_auc
from monitoring_tasks.estimate.score_losses import SCORE_LOSSES
from monitoring_tasks.rows.encoding import numbers, texts
from monitoring_tasks.statistics.arrays import Floats

RANKINGS: Mapping[str, Callable[[Floats, Floats], float | None]] = {
    "roc_auc": roc_auc,
    "average_precision": average_precision,
}
"""Metric -> its value from positive and negative weight by score bin."""
ERROR_LOSSES: Mapping[str, Callable[[Floats], Floats]] = {
    "mae": np.abs,
    "mse": np.square,
    "rmse": np.square,
}
"""Metric -> the loss of one row, from prediction - label, that it is the mean of."""
ROOTS = frozenset({"rmse"})
"""Metrics that are the root of that mean."""
METRICS: Mapping[Problem, frozenset[str]] = {
    Problem.BINARY: frozenset({*RATES, *RANKINGS, *SCORE_LOSSES, BUSINESS_VALUE}),
    Problem.MULTICLASS: frozenset(MULTICLASS_FORMULAS),
    Problem.REGRESSION: frozenset(ERROR_LOSSES),
}
"""What can be weighted, by problem."""
Weighted = Callable[[Floats], float | None]
"""From a weight >= 0 for each row, shape (n_rows,), to the metric.

None where the rows with a weight do not define it (no row, one class).
"""


def is_usable(rows: pd.DataFrame, contract: Contract) -> NDArray[np.bool_]:
    """Whether label and score (or prediction) of each row are known.

    Args:
        rows: Rows with the contract's columns. Not modified.
        contract: Names the columns and the problem.

    Returns:
        Shape (n_rows,).
    """
    columns = contract.columns
    if contract.problem is Problem.MULTICLASS:
        is_known = rows[[columns.prediction, columns.label]].notna().all(axis=1)
        return is_known.to_numpy(dtype=bool)
    label = numbers(rows[columns.label])
    if contract.problem is Problem.REGRESSION:
        return np.isfinite(numbers(rows[columns.prediction]) - label)
    score = numbers(rows[str(columns.score)])
    return np.isin(label, (0, 1)) & (score >= 0) & (score <= 1)


def weighted_metric(rows: pd.DataFrame, contract: Contract, metric: str) -> Weighted:
    """Prepare a metric of usable rows, to be computed under many weights.

    With equal weights it is the realized metric of the rows (`realized.realize`).

    Args:
        rows: Usable rows (`is_usable`). Not modified.
        contract: Names the columns, the problem, the classes and the worths.
        metric: One of `METRICS` of the problem.
    """
    if contract.problem is Problem.MULTICLASS:
        return _multiclass(rows, contract, metric)
    if contract.problem is Problem.REGRESSION:
        return _regression(rows, contract, metric)
    return _binary(rows, contract, metric)


def _binary(rows: pd.DataFrame, contract: Contract, metric: str) -> Weighted:
    columns = contract.columns
    score = numbers(rows[str(columns.score)])
    truth = numbers(rows[columns.label])
    predicted = np.nan_to_num(numbers(rows[columns.prediction]), nan=-1)
    # As counted: -1 is no predicted class, and 1 belongs to the last bin.
    score_bin = np.minimum(np.floor(score * SCORE_BINS), SCORE_BINS - 1)

    if metric in SCORE_LOSSES:
        return _mean_of(SCORE_LOSSES[metric](score, truth))

    def value(weights: Floats) -> float | None:
        cells = Cells(
            score_bin=score_bin.astype(np.int64),
            predicted=predicted.astype(np.int64),
            label=truth.astype(np.int64),
            rows=weights,
            score=score,
        )
        return _of_cells(cells, contract, metric)

    return value


def _of_cells(cells: Cells, contract: Contract, metric: str) -> float | None:
    positive = np.where(cells.label == 1, cells.rows, 0.0)
    if metric in RANKINGS:
        negative = np.where(cells.label == 1, 0.0, cells.rows)
        return RANKINGS[metric](cells.by_bin(positive), cells.by_bin(negative))
    decided = cells.decided
    confusion = confusion_of(decided, np.where(decided.label == 1, decided.rows, 0.0))
    if metric == BUSINESS_VALUE:
        worth = contract.value
        return mean_worth(confusion, worth)[0] if worth and confusion.rows else None
    return rate_of(confusion, metric)


def _regression(rows: pd.DataFrame, contract: Contract, metric: str) -> Weighted:
    columns = contract.columns
    error = numbers(rows[columns.prediction]) - numbers(rows[columns.label])
    mean = _mean_of(ERROR_LOSSES[metric](error))

    def root(weights: Floats) -> float | None:
        square = mean(weights)
        return None if square is None else math.sqrt(square)

    return root if metric in ROOTS else mean


def _multiclass(rows: pd.DataFrame, contract: Contract, metric: str) -> Weighted:
    columns = contract.columns
    pairs = pd.MultiIndex.from_arrays(
        [texts(rows[columns.prediction]), texts(rows[columns.label])]
    )
    # Once for all weights: the jackknife asks for the metric some sixty times a column.
    cell_of, cell_names = pairs.factorize()

    def value(weights: Floats) -> float | None:
        rows_of = np.bincount(cell_of, weights=weights, minlength=len(cell_names))
        # Weighted counts are not whole; all arithmetic on cells is in floats.
        cells = cast(
            "Mapping[tuple[str, str | None], int]",
            dict(zip(cell_names, map(float, rows_of), strict=True)),
        )
        realized = realized_multiclass(
            MulticlassOutcome(cells=cells),
            confidence=contract.policy.confidence,
            classes=contract.classes,
        )
        return realized[metric].value

    return value


def _mean_of(losses: Floats) -> Weighted:
    def value(weights: Floats) -> float | None:
        total = float(weights.sum())
        return float(np.sum(weights * losses)) / total if total > 0 else None

    return value
