"""Scores, predictions and labels counted in an engine: one statement a problem."""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.engine.grouping_sets import Keys, computed_once
from monitoring_tasks.engine.values import (
    double,
    number_of,
    present_number,
    text_of,
    whole_number_of,
)
from monitoring_tasks.estimate.bin_tally import stable
from monitoring_tasks.estimate.engine.segment_rows import SegmentRows
from monitoring_tasks.estimate.outcome_tally import MOMENTS

BINARY = ("bin", "predicted", "label")
CLASSES = ("predicted", "label")
LABELLED = "labelled"


def read_outcomes(rows: SegmentRows) -> tuple[dict[str, Outcome], dict[str, int]]:
    """Return the outcome of each segment that has rows, and its labelled rows.

    Args:
        rows: The rows; their contract says which problem it is.
    """
    read, outcome_of = OUTCOMES[rows.rows.contract.problem]
    answers = read(rows)
    return (
        {segment: outcome_of(answer) for segment, answer in answers.items()},
        {segment: pc.sum(a[LABELLED]).as_py() or 0 for segment, a in answers.items()},
    )


def _read(
    rows: SegmentRows,
    columns: Mapping[str, ir.Value],
    by: Keys,
    metrics: Callable[[ir.Table], Mapping[str, ir.Scalar]] = lambda _: {},
) -> dict[str, pa.Table]:
    """Count rows by segment and some of the columns, labelled ones apart."""
    label = rows.rows.table[rows.rows.contract.columns.label]
    # Of keys that are not computed once Postgres sorts all rows.
    table = computed_once(rows.table({**columns, LABELLED: label.notnull()}))
    asked = {LABELLED: table.count(where=table[LABELLED]), **metrics(table)}
    return rows.read(table, rows.sets(by), asked)


def _binary(rows: SegmentRows) -> dict[str, pa.Table]:
    columns, table = rows.rows.contract.columns, rows.rows.table
    score = present_number(table[str(columns.score)])
    usable = (score >= 0) & (score <= 1)
    # A score of exactly 1 belongs to the last bin.
    number = ibis.least((score * double(SCORE_BINS)).floor(), double(SCORE_BINS - 1))
    return _read(
        rows,
        {
            # -1 stands for what is not known, as in `BinaryOutcome`.
            "bin": usable.ifelse(number, -1.0).fill_null(-1.0).cast("int64"),
            "predicted": whole_number_of(table[columns.prediction]),
            "label": whole_number_of(table[columns.label]),
            "score": usable.ifelse(score, double(0)).fill_null(double(0)),
        },
        BINARY,
        lambda cells: {"scores": cells["score"].sum()},
    )


def _binary_outcome(answer: pa.Table) -> BinaryOutcome:
    records = zip(
        *(answer[name].to_pylist() for name in (*BINARY, "n", "scores")), strict=True
    )
    # Sorted, so that a profile is the same whatever order the engine answers in.
    ordered = sorted(records, key=lambda record: record[: len(BINARY)])
    valid = [
        (record[: len(BINARY)], *record[-2:]) for record in ordered if record[0] >= 0
    ]
    return BinaryOutcome(
        cells={cell: rows for cell, rows, _ in valid},
        score_sums={cell: stable(scores) for cell, _, scores in valid},
        invalid=sum(record[-2] for record in ordered if record[0] < 0),
    )


def _multiclass(rows: SegmentRows) -> dict[str, pa.Table]:
    columns, table = rows.rows.contract.columns, rows.rows.table
    classes = {
        "predicted": text_of(table[columns.prediction]),
        "label": text_of(table[columns.label]),
    }
    return _read(rows, classes, CLASSES)


def _multiclass_outcome(answer: pa.Table) -> MulticlassOutcome:
    records = zip(*(answer[n].to_pylist() for n in (*CLASSES, "n")), strict=True)
    cells = {(p, label): n for p, label, n in records if p is not None}
    # By repr: a label may be None, which does not compare with texts.
    return MulticlassOutcome(cells=dict(sorted(cells.items(), key=repr)))


def _regression(rows: SegmentRows) -> dict[str, pa.Table]:
    columns, table = rows.rows.contract.columns, rows.rows.table
    pairs = {
        "predicted": number_of(table[columns.prediction]),
        "label": number_of(table[columns.label]),
    }
    return _read(rows, pairs, (), _regression_sums)


def _regression_sums(pairs: ir.Table) -> dict[str, ir.Scalar]:
    predicted, label = pairs["predicted"], pairs["label"]
    # Null where either side is none, so that every sum is over the same rows.
    error = predicted - label
    paired = error.notnull().ifelse(label, ibis.null("float64"))
    # RMSLE has no value at -1 and below; such rows count for all else.
    logs = (predicted > -1) & (label > -1)
    none = ibis.null("float64")
    # Of numbers that have no logarithm none is asked: some engines refuse to answer.
    log_error = _log_of(predicted, logs) - _log_of(label, logs)
    sums = {
        "e": error,
        "e2": error * error,
        "e4": error * error * (error * error),
        "abs": error.abs(),
        "y": paired,
        "y2": paired * paired,
        "sq_log": log_error * log_error,
        "sq_log2": log_error * log_error * (log_error * log_error),
    }
    return {
        "pairs": error.count(),
        "logs": logs.ifelse(log_error, none).count(),
        **{name: value.sum().fill_null(double(0)) for name, value in sums.items()},
    }


def _log_of(value: ir.FloatingColumn, usable: ir.BooleanValue) -> ir.FloatingValue:
    return usable.ifelse(value + double(1), ibis.null("float64")).ln()


def _regression_outcome(answer: pa.Table) -> RegressionOutcome:
    record = answer.to_pylist()[0]
    sums = {str(name): stable(float(record[name])) for name in MOMENTS}
    return RegressionOutcome(
        rows=record["n"],
        labelled=record["pairs"],
        sums=sums | {"logs": stable(float(record["logs"]))},
    )


OUTCOMES: Mapping[
    Problem,
    tuple[Callable[[SegmentRows], dict[str, pa.Table]], Callable[[pa.Table], Outcome]],
] = {
    Problem.BINARY: (_binary, _binary_outcome),
    Problem.MULTICLASS: (_multiclass, _multiclass_outcome),
    Problem.REGRESSION: (_regression, _regression_outcome),
}
"""Problem -> what is counted of it by segment, and what becomes of the counts."""
