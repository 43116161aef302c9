"""A day's rows that lie in an engine, as the step asks about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import DataVerdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.label_checks import judge_labels
from monitoring_tasks.validate.pushed.gates import check_pushed_predictions
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary import summarize_pushed
from monitoring_tasks.validate.reference_checks import count_unlike


@dataclass(frozen=True, kw_only=True)
class EngineBatch:
    """The rows of a day where they lie, and a sample of them in memory.

    Attributes:
        rows: The rows.
        sample: Some of them, for what no engine is asked.
        versions: Rows by version, most rows first.
        contract: Declares the columns.
        labels: Labels whose ids are compared with `ids_of_labels`; None for none.
        ids_of_labels: Returns the ids that tell how labels meet all rows.
    """

    rows: EngineRows
    sample: Sample
    versions: Mapping[str, int]
    contract: Contract
    labels: pa.Table | None
    ids_of_labels: Callable[[pa.Table], pa.Table]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could look like anything."""
        # Without an id no row could be picked; the gates say that it lacks.
        return not self.sample.rows.num_rows

    @property
    def version(self) -> str:
        """The version most rows carry; empty where no row names one."""
        return next(iter(self.versions), "")

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
        return check_pushed_predictions(
            self.rows,
            contract=self.contract,
            suite=suite,
            sample=self.sample,
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
            labels if self.labels is None else self.labels,
            self.ids_of_labels(self.sample.rows),
            self.contract,
            suite=suite,
            unreadable=unreadable,
        )

    def summarize(self, day: date, reference: ReferenceProfile | None) -> BatchSummary:
        """Describe the rows so that they can be held against a reference.

        Args:
            day: Their calendar day.
            reference: Of the version most rows carry; None where it has none.
        """
        baseline = reference.baseline if reference else None
        columns = self.contract.columns
        short = Sample(
            rows=with_short_texts(self.sample.rows, columns.named), of=self.sample.of
        )
        named = baseline.categories if baseline else {}
        summary = summarize_pushed(
            self.rows, day, self.contract, sample=short, named=named
        )
        # Two days' samples are of different rows: what was there the day before, and
        # copies, are not looked for.
        unlike = count_unlike(short.rows, self.contract, reference)
        return replace(summary, unlike=unlike)
