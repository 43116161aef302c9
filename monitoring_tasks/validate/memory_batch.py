"""A day's rows that are in memory, as the step asks about them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.validate.gates.table_rows import TableRows
from monitoring_tasks.validate.reference_checks import main_version, summarize_batch


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
        return main_version(self.table, self.contract)

    @property
    def rows(self) -> TableRows:
        """All rows, for the gates."""
        return TableRows(self.table)

    def to_join(self, labels: pa.Table | None) -> tuple[pa.Table | None, pa.Table]:
        """Return the labels, and the rows they are to meet."""
        return labels, self.table

    def summarize(self, day: date, reference: ReferenceProfile) -> BatchSummary:
        """Describe the rows so that they can be held against a reference."""
        return summarize_batch(self.table, day, self.contract, reference)
