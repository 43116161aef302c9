"""A day's rows that are in memory, as the step asks about them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import DataVerdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.validate.checks import check_predictions
from monitoring_tasks.validate.label_checks import judge_labels
from monitoring_tasks.validate.reference_checks import main_version, summarize_batch


@dataclass(frozen=True, kw_only=True)
class MemoryBatch:
    """All rows of a day; `pushed/engine_batch.py` has the same of rows in an engine.

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

    def check(
        self,
        *,
        suite: Path | None,
        known_versions: frozenset[str],
        other_days: OtherDays | None,
    ) -> DataVerdict:
        """Say whether the rows are fit to judge the model by.

        Args:
            suite: The user's suite for predictions; None for none.
            known_versions: Versions in the registry.
            other_days: Rows of other days that were left out.
        """
        return check_predictions(
            self.table,
            contract=self.contract,
            suite=suite,
            known_versions=known_versions,
            other_days=other_days,
        )

    def judge_labels(
        self, labels: pa.Table | None, *, suite: Path | None, unreadable: str
    ) -> LabelVerdict:
        """Say whether labels may be used, and why.

        Args:
            labels: The labels known; None for none.
            suite: The user's suite for labels; None for none.
            unreadable: Why they could not be read; empty when they could.
        """
        return judge_labels(
            labels, self.table, self.contract, suite=suite, unreadable=unreadable
        )

    def summarize(self, day: date, reference: ReferenceProfile | None) -> BatchSummary:
        """Describe the rows so that they can be held against a reference.

        Args:
            day: Their calendar day.
            reference: Of the version most rows carry; None where it has none.
        """
        return summarize_batch(self.table, day, self.contract, reference)
