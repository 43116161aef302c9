"""The statement that counts scores, predictions and labels: one a kind of problem."""

import ibis
import ibis.expr.types as ir

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import SCORE_BINS
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.engine.batch import KEYS, number_of, text_of


def outcome_counts(rows: ir.Table, contract: Contract) -> ir.Table:
    """Count the outcomes of rows by day and segment.

    Args:
        rows: Rows under the engine's names, repeated by segment.
        contract: The contract in those names.

    Returns:
        Binary: rows `n` and `scores` by `bin` (-1: no valid score), `predicted` and
        `label` (-1: unknown). Multiclass: rows `n` by `predicted` and `label`.
        Regression: sums over the rows with a number on both sides.
    """
    if contract.problem is Problem.BINARY:
        return _binary(rows, contract.columns)
    if contract.problem is Problem.MULTICLASS:
        return _multiclass(rows, contract.columns)
    return _regression(rows, contract.columns)


def _binary(rows: ir.Table, columns: Columns) -> ir.Table:
    score = rows[str(columns.score)].cast("float64")
    usable = score.between(0, 1) & score.notnull() & ~score.isnan()
    # -1 stands for what is not known, as in `BinaryOutcome`.
    cells = rows.mutate(
        # A score of exactly 1 belongs to the last bin.
        bin=usable.ifelse((score * SCORE_BINS).floor().clip(0, SCORE_BINS - 1), -1.0)
        .fill_null(-1.0)
        .cast("int64"),
        predicted=rows[columns.prediction].cast("int64").fill_null(-1),
        label=rows[columns.label].cast("int64").fill_null(-1),
        score=usable.ifelse(score, 0.0).fill_null(0.0),
    )
    return cells.group_by([*KEYS, "bin", "predicted", "label"]).aggregate(
        n=cells.count(), scores=cells["score"].sum()
    )


def _multiclass(rows: ir.Table, columns: Columns) -> ir.Table:
    cells = rows.mutate(
        predicted=text_of(rows, columns.prediction), label=text_of(rows, columns.label)
    )
    return cells.group_by([*KEYS, "predicted", "label"]).aggregate(n=cells.count())


def _regression(rows: ir.Table, columns: Columns) -> ir.Table:
    predicted = number_of(rows[columns.prediction])
    label = number_of(rows[columns.label])
    # Null where either side is none, so that every sum is over the same rows.
    error = predicted - label
    # RMSLE has no value at -1 and below; such rows count for all else.
    logs = (predicted > -1) & (label > -1)
    log_error = logs.ifelse(
        (predicted + 1).ln() - (label + 1).ln(), ibis.null("float64")
    )
    sums = {
        "e": error,
        "e2": error**2,
        "e4": error**4,
        "abs": error.abs(),
        "y": error.notnull().ifelse(label, ibis.null("float64")),
        "y2": error.notnull().ifelse(label**2, ibis.null("float64")),
        "sq_log": log_error**2,
        "sq_log2": log_error**4,
    }
    return rows.group_by(KEYS).aggregate(
        n=rows.count(),
        labelled=error.count(),
        logs=log_error.count(),
        **{name: value.sum().fill_null(0.0) for name, value in sums.items()},
    )
