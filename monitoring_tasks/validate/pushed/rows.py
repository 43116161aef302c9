"""A day's rows in an engine, as the gates ask about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import Count
from monitoring_tasks.validate.gates.day_rows import FailingRows
from monitoring_tasks.validate.pushed.answered import answers_to, ask
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.question import (
    Question,
    count_of,
)
from monitoring_tasks.validate.pushed.statements import Sample, run_pushed_statements
from monitoring_tasks.validate.suites.statements import Statement


@dataclass(frozen=True, kw_only=True)
class PushedRows:
    """All predictions of a day; see `DayRows`. Only the first failing rows are fetched.

    Attributes:
        rows: The rows.
        contract: Declares the columns, by their own names.
        sample: Rows of the day, for what is not asked of an engine.
    """

    rows: EngineRows
    contract: Contract
    sample: Sample

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self._sizes["rows"])

    def times(self, name: str) -> int:
        """Return how many columns have a name; one there twice was left out."""
        return int(name in self._batch.names)

    def kind(self, name: str) -> pa.DataType:
        """Return the type of a column's values."""
        return self._batch.table[self._batch.names[name]].type().to_pyarrow()

    def missing(self, name: str) -> int:
        """Return how many rows lack a value."""
        return int(self._sizes[f"missing_{self._batch.names[name]}"])

    def unreadable(self, name: str, holds: Holds, *, ids: str | None) -> FailingRows:  # noqa: ARG002 (see `DayRows`)
        """Return none: no row of a column of the wrong type is looked at."""
        return FailingRows()

    def failing(
        self, asked: Sequence[tuple[Count, Kwargs]], *, ids: str | None
    ) -> list[FailingRows]:
        """Return the rows that fail each of some rules, counted in one scan."""
        questions = [count(self._batch, kwargs) for count, kwargs in asked]
        answers = ask(self._batch, questions, id_column=ids)
        return [
            FailingRows(count=answer.outcome.failing_rows, ids=answer.failing_ids)
            for answer in answers
            if answer is not None
        ]

    def check_statements(
        self,
        statements: Sequence[Statement],
        *,
        ids: str | None,
        as_text: frozenset[str],
    ) -> list[Check]:
        """Hold statements against the rows, or the sample where no engine tells."""
        batch = replace(self._batch, as_text=as_text)
        return run_pushed_statements(
            batch, statements, id_column=ids, sample=self.sample
        )

    @cached_property
    def _batch(self) -> PushedBatch:
        rows, declared = self.rows, prediction_columns(self.contract)
        own = {n: rows.names[n] for n in declared if rows.has(rows.names[n])}
        return PushedBatch(table=rows.table, names=own)

    @cached_property
    def _sizes(self) -> Mapping[str, Any]:
        """Count the rows, and those without a value of each column, in one scan."""
        batch = self._batch
        missing = {
            f"missing_{inside}": count_of(batch.column(name).values.isnull())
            for name, inside in batch.names.items()
        }
        question = Question(
            asked={"rows": batch.table.count(), **missing}, judge=lambda _: None
        )
        return answers_to(batch.table, [question])[0]
