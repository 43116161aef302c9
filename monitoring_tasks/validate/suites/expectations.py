"""Holding statements against a batch, one check each.

The engine counts what it understands to the letter. The rest, and columns the engine
does not compute with, are left to Great Expectations, which is loaded for nothing else:
that takes seconds.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text, short_text
from monitoring_tasks.validate.engine_checks.catalogue import count_expectation
from monitoring_tasks.validate.engine_checks.counting import AnswerT, Batch
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS, Outcome
from monitoring_tasks.validate.engine_checks.table_batch import TableBatch
from monitoring_tasks.validate.suites.statements import Statement

MAX_TEXT = 160


def run_statements(
    table: pa.Table,
    statements: Sequence[Statement],
    *,
    id_column: str | None,
    as_text: frozenset[str] = frozenset(),
) -> list[Check]:
    """Hold every statement against the rows; one check per statement, in order.

    Args:
        table: The rows, at least one. Every column spoken of is present once.
        statements: What is expected.
        id_column: Column to take the ids of failing rows from; None for no ids.
        as_text: Columns whose values are compared as text.

    Returns:
        Checks with status `passed`, `failed`, or `errored` when it could not be
        evaluated; at most 20 ids each.
    """
    batch = TableBatch(table, as_text)
    outcomes: dict[int, Outcome] = {}
    # Column by column, so that each is made ready once.
    for position in sorted(range(len(statements)), key=lambda i: statements[i].columns):
        outcome = count_statement(statements[position], batch)
        if outcome is not None:
            outcomes[position] = outcome
    left = [i for i in range(len(statements)) if i not in outcomes]
    if left:
        from monitoring_tasks.validate import gx_door  # noqa: PLC0415 (loads GX)

        evaluated = gx_door.evaluate(table, [statements[i] for i in left], as_text)
        outcomes |= dict(zip(left, evaluated, strict=True))
    ids = table.column(id_column) if id_column else None
    return [check_of(s, outcomes[i], ids) for i, s in enumerate(statements)]


def count_statement(statement: Statement, batch: Batch[AnswerT]) -> AnswerT | None:
    """Return how a batch answers a statement; None where it does not count that."""
    kwargs = statement.counted
    return None if kwargs is None else count_expectation(statement.kind, kwargs, batch)


def check_of(
    statement: Statement, outcome: Outcome, ids: pa.ChunkedArray | None
) -> Check:
    """Write down how a statement fared.

    Args:
        statement: What was expected.
        outcome: How the rows fared.
        ids: The ids its positions point at; None where the batch has none.
    """
    if outcome.error:
        return statement.check("errored", observed=outcome.error[:MAX_TEXT])
    if outcome.holds:
        return statement.check("passed")
    return statement.check(
        "failed",
        observed=_observed(outcome, statement.counted or statement.kwargs),
        failing_rows=outcome.failing_rows,
        failing_ids=failing_ids(ids, outcome.positions),
    )


def failing_ids(
    ids: pa.ChunkedArray | None, positions: Iterable[int]
) -> tuple[str, ...]:
    """Return the ids at the first 20 positions; rows without an id are left out.

    Args:
        ids: The id of every row; None where the batch has none.
        positions: Rows that failed, from 0.
    """
    if ids is None:
        return ()
    values = (ids[position].as_py() for position in list(positions)[:MOST_ROWS])
    return tuple(short_text(str(value)) for value in values if value is not None)


def _observed(outcome: Outcome, kwargs: Kwargs) -> str:
    """Return in words what was seen, and between which bounds it was agreed to lie."""
    if outcome.failing_values is None:
        observed = _text(outcome.observed)
    else:
        # Each value once: the first twenty may all be the same.
        values = dict.fromkeys(_text(value) for value in outcome.failing_values)
        observed = ", ".join(list(values)[:3])
    bounds = [kwargs.get(key) for key in ("min_value", "max_value")]
    if any(bound is not None for bound in bounds):
        observed += (
            f" (agreed {' to '.join('any' if b is None else _text(b) for b in bounds)})"
        )
    return observed[:MAX_TEXT]


def _text(value: object) -> str:
    if isinstance(value, dict) and "values" in value:
        return ", ".join(_text(part) for part in value["values"])
    if value is None:
        return "no value"
    return f"{value:.6g}" if isinstance(value, float) else escaped_text(str(value))
