"""Questions asked of an engine, many at once, and what their answers say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.engine.grouping_sets import columns_a_scan
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.question import Question, with_examples
from monitoring_tasks.validate.suites.expectations import failing_ids

SCALARS_A_SCAN = 400
"""Numbers one statement reckons at most: engines bound how wide an answer may be."""
COLUMNS_A_SCAN = 8
"""Columns one reads, where columns are read alone: some 20 MB each meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How an expectation fared, and the ids of the rows that show it.

    Attributes:
        outcome: Its positions point into `ids`.
        ids: Of the first failing rows; None where the batch has none.
    """

    outcome: Outcome
    ids: pa.ChunkedArray | None

    @property
    def failing_ids(self) -> tuple[str, ...]:
        """The ids as a check shows them."""
        return failing_ids(self.ids, self.outcome.positions)


def ask(
    batch: PushedBatch, questions: Sequence[Question], *, id_column: str | None
) -> list[Answered | None]:
    """Ask all questions, and fetch the first rows of what failed.

    Args:
        batch: The rows.
        questions: What is asked.
        id_column: Column to take the ids of failing rows from; None for no ids.

    Returns:
        An answer to each question; None where the engine cannot tell.
    """
    key = batch.names[id_column] if id_column else None
    answers = answers_to(batch.table, questions)
    return [
        _answered(question, question.judge(given), key)
        for question, given in zip(questions, answers, strict=True)
    ]


def _answered(
    question: Question, outcome: Outcome | None, key: str | None
) -> Answered | None:
    if outcome is None:
        return None
    # Of statistics nothing but the number is shown; healthy rows are not fetched.
    is_shown = not outcome.holds and outcome.failing_values is not None
    if not is_shown or question.examples is None:
        return Answered(outcome=outcome, ids=None)
    shown, ids = with_examples(outcome, question.examples(), key)
    return Answered(outcome=shown, ids=pa.chunked_array([pa.array(ids)]))


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
    scalars = {name: scalar for name, (_, _, scalar) in asked.items()}
    for scan in _scans(table, scalars):
        (row,) = table.aggregate(**scan).to_pyarrow().to_pylist()
        for name in scan:
            at, own, _ = asked[name]
            answers[at][own] = row[name]
    for at, question in enumerate(questions):
        if question.apart is not None:
            answers[at] |= question.apart()
    return answers


def _scans(
    table: ir.Table, asked: Mapping[str, ir.Scalar]
) -> Iterator[dict[str, ir.Scalar]]:
    """Yield what one statement asks each: numbers of few columns, in order."""
    most = columns_a_scan(table, COLUMNS_A_SCAN, SCALARS_A_SCAN)
    scan: dict[str, ir.Scalar] = {}
    read: set[str] = set()
    for name, scalar in asked.items():
        columns = _columns_of(scalar)
        if scan and (len(scan) == SCALARS_A_SCAN or len(read | columns) > most):
            yield scan
            scan, read = {}, set()
        scan[name] = scalar
        read |= columns
    if scan:
        yield scan


def _columns_of(scalar: ir.Scalar) -> set[str]:
    """Return the columns a number is reckoned from, none of those these come from."""
    return {field.name for field in scalar.op().find(ops.Field, filter=ops.Value)}
