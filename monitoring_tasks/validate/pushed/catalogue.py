"""The expectations an engine is asked about, and the answers to many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.engine.grouping_sets import in_parts
from monitoring_tasks.validate.engine_checks import tables
from monitoring_tasks.validate.engine_checks.batch import Batch
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import statistic_between
from monitoring_tasks.validate.pushed import distinct, records, statistics, values
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.question import Ask, Question

SCALARS_A_SCAN = 400
"""Numbers one statement reckons at most: engines bound how wide an answer may be."""
ROWS_BETWEEN = "expect_table_row_count_to_be_between"
ROWS_EQUAL = "expect_table_row_count_to_equal"


def _rows_between(batch: PushedBatch, kwargs: Kwargs) -> Question:
    return Question(
        asked={"rows": batch.table.count()},
        judge=lambda answers: statistic_between(answers["rows"], kwargs),
    )


def _rows_equal(batch: PushedBatch, kwargs: Kwargs) -> Question:
    return Question(
        asked={"rows": batch.table.count()},
        judge=lambda answers: Outcome(
            holds=answers["rows"] == kwargs["value"], observed=answers["rows"]
        ),
    )


ASKS: Mapping[str, Ask] = {
    ROWS_BETWEEN: _rows_between,
    ROWS_EQUAL: _rows_equal,
    **values.ASKS,
    **statistics.ASKS,
    **distinct.ASKS,
    **records.ASKS,
}


def question_of(kind: str, kwargs: Kwargs, batch: PushedBatch) -> Question | None:
    """Return what an engine is asked about an expectation; None where it is not.

    What is expected of the columns as such is read off their names, without asking.

    Args:
        kind: Type of the expectation.
        kwargs: Its arguments, as `read_kwargs` returns them.
        batch: The rows.
    """
    if kind in tables.RULES and kind not in ASKS:
        names = pa.table({name: pa.nulls(0) for name in batch.names})
        outcome = tables.RULES[kind].count(Batch(names), kwargs)
        return Question(judge=lambda _: outcome)
    try:
        return ASKS[kind](batch, kwargs) if kind in ASKS else None
    # A column that is not there once; a bound that Python has no room for.
    except (KeyError, OverflowError, ValueError):
        return None


def answers_to(table: ir.Table, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Ask an engine many questions, as many in one scan as it can take.

    Args:
        table: The rows all questions are about.
        questions: What is asked.

    Returns:
        The answers to each question, by the names it asks under.
    """
    asked = {
        f"q{at}_{name}": (at, name, scalar)
        for at, question in enumerate(questions)
        for name, scalar in question.asked.items()
    }
    answers: list[dict[str, Any]] = [{} for _ in questions]
    for names in in_parts(asked, SCALARS_A_SCAN):
        row = _only_row(table.aggregate(**{name: asked[name][2] for name in names}))
        for name in names:
            at, own, _ = asked[name]
            answers[at][own] = row[name]
    for at, question in enumerate(questions):
        if question.apart is not None:
            answers[at] |= _only_row(question.apart)
    return answers


def _only_row(statement: ir.Table) -> dict[str, Any]:
    (row,) = statement.to_pyarrow().to_pylist()
    return dict(row)
