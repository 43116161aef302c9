"""A day's rows that lie in an engine, as the step asks about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.pushed.rows import PushedRows
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary import summarize_pushed
from monitoring_tasks.validate.reference_checks import count_unlike


@dataclass(frozen=True, kw_only=True)
class EngineBatch:
    """The rows of a day where they lie, and a sample of them; see `DayBatch`.

    Attributes:
        source: The rows.
        sample: Some of them, for what no engine is asked.
        versions: Rows by version, most rows first.
        contract: Declares the columns.
        labels: Labels whose ids are compared with `ids_of_labels`; None for none.
        ids_of_labels: Returns the ids that tell how labels meet all rows.
    """

    source: EngineRows
    sample: Sample
    versions: Mapping[str, int]
    contract: Contract
    labels: pa.Table | None
    ids_of_labels: Callable[[pa.Table], pa.Table]

    @property
    def rows(self) -> PushedRows:
        """All rows, for the gates."""
        return PushedRows(rows=self.source, contract=self.contract, sample=self.sample)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could look like anything."""
        # Without an id no row could be picked; the gates say that it lacks.
        return not self.sample.rows.num_rows

    @property
    def version(self) -> str:
        """The version most rows carry; empty where no row names one."""
        return next(iter(self.versions), "")

    def to_join(self, labels: pa.Table | None) -> tuple[pa.Table | None, pa.Table]:
        """Return the labels that are compared, and the ids of rows they may meet."""
        compared = labels if self.labels is None else self.labels
        return compared, self.ids_of_labels(self.sample.rows)

    def summarize(self, day: date, reference: ReferenceProfile) -> BatchSummary:
        """Describe the rows so that they can be held against a reference."""
        baseline, columns = reference.baseline, self.contract.columns
        short = Sample(
            rows=with_short_texts(self.sample.rows, columns.named), of=self.sample.of
        )
        named = baseline.categories if baseline else {}
        summary = summarize_pushed(
            self.source, day, self.contract, sample=short, named=named
        )
        # Two days' samples are of different rows: what was there the day before, and
        # copies, are not looked for.
        unlike = count_unlike(short.rows, self.contract, reference)
        return replace(summary, unlike=unlike)
