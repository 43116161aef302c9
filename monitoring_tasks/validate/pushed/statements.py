"""Statements held against rows in an engine; what it cannot tell, against a sample."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.pushed.answered import ask
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.suites.expectations import (
    MAX_TEXT,
    check_of,
    count_statement,
    run_statements,
)
from monitoring_tasks.validate.suites.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows of a day that were fetched, and how many it has.

    Attributes:
        rows: The rows, under the columns' own names.
        of: How many rows the day has.
    """

    rows: pa.Table
    of: int

    @property
    def remark(self) -> str:
        """What a check made on it says; empty where it is the whole day."""
        if self.rows.num_rows == self.of:
            return ""
        return f"on a sample of {self.rows.num_rows} of {self.of} rows"


def run_pushed_statements(
    batch: PushedBatch,
    statements: Sequence[Statement],
    *,
    id_column: str | None,
    sample: Sample,
) -> list[Check]:
    """Hold every statement against the rows; one check per statement, in order.

    Args:
        batch: The rows, at least one. Every column spoken of is among them.
        statements: What is expected.
        id_column: Column to take the ids of failing rows from; None for no ids.
        sample: For what is not asked of an engine: quantiles, regular expressions, and
            all that is left to Great Expectations. Its checks say so.

    Returns:
        Checks as `run_statements` makes them of rows in memory.
    """
    asked = {
        position: question
        for position, statement in enumerate(statements)
        if (question := count_statement(statement, batch)) is not None
    }
    answers = ask(batch, [*asked.values()], id_column=id_column)
    checks = {
        position: check_of(statements[position], answer.outcome, answer.ids)
        for position, answer in zip(asked, answers, strict=True)
        if answer is not None
    }
    left = [position for position in range(len(statements)) if position not in checks]
    sampled = run_statements(
        sample.rows,
        [statements[position] for position in left],
        id_column=id_column,
        as_text=batch.as_text,
    )
    for position, check in zip(left, sampled, strict=True):
        checks[position] = _with_remark(check, sample.remark)
    return [checks[position] for position in range(len(statements))]


def _with_remark(check: Check, remark: str) -> Check:
    if not remark:
        return check
    # What was seen is cut and not the remark: it says what the check is worth.
    seen = check.observed[: MAX_TEXT - len(remark) - len("; ")]
    return replace(check, observed="; ".join(filter(None, (seen, remark))))
