"""A day's rows in memory, as the gates ask about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import Count
from monitoring_tasks.validate.engine_checks.table_batch import TableBatch
from monitoring_tasks.validate.gates.day_rows import FailingRows
from monitoring_tasks.validate.suites.expectations import failing_ids, run_statements
from monitoring_tasks.validate.suites.statements import Statement


@dataclass(frozen=True)
class TableRows:
    """All rows of a day; see `DayRows`.

    Attributes:
        table: The rows. Not modified.
    """

    table: pa.Table

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def times(self, name: str) -> int:
        """Return how many columns have a name."""
        return int(self.table.column_names.count(name))

    def kind(self, name: str) -> pa.DataType:
        """Return the type of a column's values."""
        kind = self.table.column(name).type
        return kind.value_type if pa.types.is_dictionary(kind) else kind

    def missing(self, name: str) -> int:
        """Return how many rows lack a value."""
        is_missing = pc.is_null(self.table.column(name), nan_is_null=True)
        return int(pc.sum(is_missing).as_py() or 0)

    def unreadable(self, name: str, holds: Holds, *, ids: str | None) -> FailingRows:
        """Return the texts that are no numbers or instants; one of them in short."""
        kind = self.kind(name)
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return FailingRows()
        # pandas reads with a remainder; an Arrow cast fails as a whole, naming no row.
        values = self.table.column(name).cast(pa.string()).to_pandas()
        if holds is Holds.NUMBERS:
            read = pd.to_numeric(values, errors="coerce")
        elif holds is Holds.TIMESTAMPS:
            read = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=True)
        else:
            return FailingRows()
        unread = (read.isna() & values.notna()).to_numpy().nonzero()[0].tolist()
        if not unread:
            mixed = "; with and without an offset" if holds is Holds.TIMESTAMPS else ""
            return FailingRows(example=mixed)
        example = f", such as {quoted_text(values.iloc[unread[0]])}"
        return FailingRows(
            count=len(unread), ids=self._ids_at(unread, ids), example=example
        )

    def failing(
        self, asked: Sequence[tuple[Count, Kwargs]], *, ids: str | None
    ) -> list[FailingRows]:
        """Return the rows that fail each of some rules."""
        batch = TableBatch(self.table)
        outcomes = [count(batch, kwargs) for count, kwargs in asked]
        return [
            FailingRows(count=o.failing_rows, ids=self._ids_at(o.positions, ids))
            for o in outcomes
        ]

    def check_statements(
        self,
        statements: Sequence[Statement],
        *,
        ids: str | None,
        as_text: frozenset[str],
    ) -> list[Check]:
        """Hold statements against the rows."""
        return run_statements(self.table, statements, id_column=ids, as_text=as_text)

    def _ids_at(self, positions: Sequence[int], ids: str | None) -> tuple[str, ...]:
        return failing_ids(self.table.column(ids) if ids else None, positions)
