"""A day's rows that are in memory, as the step asks about them."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.gates.table_rows import TableRows
from monitoring_tasks.validate.reference_checks import count_unlike
from monitoring_tasks.validate.summary.batch_summary import summarize
from monitoring_tasks.validate.summary.row_identity import with_identity


@dataclass(frozen=True, kw_only=True)
class MemoryBatch:
    """All rows of a day; see `DayBatch`.

    Attributes:
        table: The rows.
        contract: Declares the columns.
    """

    table: pa.Table
    contract: Contract

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could look like anything."""
        return not self.table.num_rows

    @cached_property
    def version(self) -> str:
        """The version most rows carry; empty where no row names one."""
        column = self.contract.columns.model_version
        if self.table.column_names.count(column) != 1:
            return ""
        counted = pc.value_counts(self.table[column].cast(pa.string()).drop_null())
        # Of two with as many rows the first by name, on every run.
        pairs = [(-c["counts"].as_py(), c["values"].as_py()) for c in counted]
        return str(min(pairs)[1]) if pairs else ""

    @property
    def rows(self) -> TableRows:
        """All rows, for the gates."""
        return TableRows(self.table)

    def to_join(self, labels: pa.Table | None) -> tuple[pa.Table | None, pa.Table]:
        """Return the labels, and the rows they are to meet."""
        return labels, self.table

    def summarize(self, day: date, reference: ReferenceProfile) -> BatchSummary:
        """Describe the rows so that they can be held against a reference."""
        contract, baseline = self.contract, reference.baseline
        rows = with_short_texts(self.table, contract.columns.named)
        # Rare on the day, common in the reference: uncounted they would pass for new.
        named = baseline.categories if baseline else {}
        summary = replace(
            summarize(rows, day, contract, named=named),
            unlike=count_unlike(rows, contract, reference),
        )
        return with_identity(summary, rows, contract)
