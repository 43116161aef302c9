"""The rows of a day that stay with their source, opened for as long as a step needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.sources import is_of_day
from monitoring_tasks.domain.partitions import LabelCounts, Partition, SourceState
from monitoring_tasks.engine.label_join import (
    keyed,
    labelled_too_early,
    unmatched,
    with_labels,
)
from monitoring_tasks.engine.opened import Limits
from monitoring_tasks.engine.opening import OpenedDay, open_day
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.sampling import sampled_rows
from monitoring_tasks.errors import SourceChangedError
from monitoring_tasks.rows.label_keys import KEY, KeyedLabels, keyed_labels
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.sources.day_requests import predictions_request
from monitoring_tasks.store.manifests import read_source_state
from monitoring_tasks.workspace.source_versions import (
    by_number,
    numbers_of,
    versions_in,
    with_numbers,
)

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract
    from monitoring_tasks.workspace.day import Day

ReadOf = tuple[str, str]
"""Digests of a day's frozen predictions and labels."""
SHOWN = 3
"""So many parts of a source that changed are named."""
REMEDY = (
    "`freeze: facts` is for a source that does not change: its days keep what was "
    "said of them; to judge what it holds now, set sources.predictions.freeze: rows"
)


@dataclass(eq=False)
class SourceRows:
    """The rows of a day in an engine, versions by their number.

    Attributes:
        opened: The day, open.
        contract: Declares the columns.
        rows: Its rows.
        version_counts: Rows by version, those that name none left out.
        labels: What is known of labels; None where nothing can be joined.
        unmatched: Keys of labels that no row has, by what was read of both; kept for
            the next step in the same process.
        read_of: What was read of both; None where it was not frozen.
    """

    opened: OpenedDay
    contract: "Contract"
    rows: EngineRows
    version_counts: Mapping[str, int]
    labels: KeyedLabels | None
    unmatched: dict[ReadOf, pa.Array]
    read_of: ReadOf | None

    @property
    def count(self) -> int:
        """How many rows the day has."""
        return self.opened.day.count

    @cached_property
    def versions(self) -> dict[str, int]:
        """Rows by model version, most rows first; rows that name none left out."""
        counted = self.version_counts
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    def state_at(self, as_of: datetime, like: Partition | None) -> SourceState:
        """Return what tells that the source still holds the rows known at an instant.

        Args:
            as_of: The instant.
            like: The sample whose source's state it is compared with; None for none.

        Raises:
            UnreadableDataError: If the manifest beside the sample is gone.
        """
        return self.opened.state_at(as_of, read_source_state(like) if like else None)

    def require_unchanged(self, partition: Partition, as_of: datetime) -> None:
        """Refuse a source that holds others of the rows known at an instant.

        Args:
            partition: The sample taken of them, and what the source held.
            as_of: The instant.

        Raises:
            SourceChangedError: If the source holds others now.
            UnreadableDataError: If the manifest beside the sample is gone.
        """
        before = read_source_state(partition)
        changes = self.opened.state_at(as_of, before).changes_since(before)
        if changes:
            listed = "; ".join(changes[:SHOWN])
            rest = len(changes) - SHOWN
            more = f" and {rest} more" if rest > 0 else ""
            msg = (
                f"{self.opened.query}: the source changed since {partition.rows} rows "
                f"of {partition.day} were counted in it ({listed}{more}). {REMEDY}"
            )
            raise SourceChangedError(msg)

    def sample(self, most: int) -> pa.Table:
        """Fetch at most `most` rows by the hash of their id, under their own names.

        Without an id none can be picked: the gates say that it lacks.
        """
        key = self.rows.contract.columns.id
        if self.rows.has(key):
            picked = sampled_rows(self.rows.table, key, most=most, of=self.count)
        else:
            picked = self.rows.table.limit(0).to_pyarrow()
        own = self.rows.own_names
        return picked.rename_columns([own[name] for name in picked.column_names])

    def ids_of_labels(self, sample: pa.Table) -> pa.Table:
        """Return ids, as texts, by which labels are judged as by those of all rows.

        Those that have a label, and those of the sample.

        Args:
            sample: Rows of the day.
        """
        name, labels = self.contract.columns.id, self.labels
        if labels is None or name not in sample.column_names:
            return sample
        return labels.ids_beside(sample[name], self._strangers)

    @cached_property
    def labelled(self) -> EngineRows:
        """The rows with the label column, null where a row has none."""
        return with_labels(self.rows, self.opened.labels, self._keyed)

    def label_counts(
        self, sample: pa.Table, labelled: int | None = None
    ) -> LabelCounts:
        """Count how labels met the rows.

        Args:
            sample: Rows of the day, for what is said of labels that fit none.
            labelled: How many rows of a version have a label; None if it is not known.
        """
        if self.labels is None or self.opened.labels is None:
            return LabelCounts(missing=self.count)
        of_day = is_of_day(self.contract.sources.labels)
        _, counts = self.labels.joined_to(self.ids_of_labels(sample), of_day=of_day)
        joined = labelled
        if joined is None or sum(self.version_counts.values()) < self.count:
            label = self.labelled.table[self.rows.contract.columns.label]
            joined = int(label.count().to_pyarrow().as_py())
        about = labelled_too_early(self.rows, self.opened.labels, self._keyed)
        return replace(
            counts,
            joined=joined,
            missing=self.count - joined,
            early=self.labels.count_early(about),
        )

    @cached_property
    def _keyed(self) -> ir.Table:
        if self.labels is None:
            return self.rows.table
        return keyed(self.rows, as_numbers=self.labels.as_numbers)

    @cached_property
    def _strangers(self) -> pa.Array:
        """Keys of labels that no row has."""
        if self.opened.labels is None:
            return pa.array([], pa.string())
        of = self.read_of
        keys = self.unmatched.get(of) if of else None
        if keys is None:
            keys = unmatched(self.opened.labels, self._keyed)[KEY].combine_chunks()
        return self.unmatched.setdefault(of, keys) if of else keys


@contextmanager
def source_rows(
    day: "Day", *, labels: pa.Table | None = None, are_frozen: bool = False
) -> Iterator[SourceRows]:
    """Open the rows of a day where they lie; they are closed again after use.

    Args:
        day: Whose contract says where.
        labels: What is laid beside them; None for nothing.
        are_frozen: Whether the rows were frozen, and these are the day's own labels.

    Raises:
        DataError: If there are none, or they cannot be read where they lie.
        TransientError: If the source or the registry did not answer.
        ConfigurationError: If the source is in no engine.
    """
    contract, workspace = day.contract, day.workspace
    request = predictions_request(
        contract, day.unit, workspace.settings.home, workspace.look_up
    )
    laid: list[KeyedLabels | None] = [None]

    def labels_for(ids_are_texts: bool) -> pa.Table | None:  # noqa: FBT001 (Ibis' answer)
        laid[0] = keyed_labels(
            labels,
            contract.columns,
            arrived_at=contract.sources.labels.arrived_at,
            values=values_of(contract),
            ids_are_texts=ids_are_texts,
        )
        return laid[0].by_key if laid[0] else None

    settings = workspace.settings
    limits = Limits(memory=settings.engine_memory, threads=settings.engine_threads)
    with open_day(request, contract, labels_for, limits=limits) as opened:
        counted = versions_in(opened.day.rows)
        numbers = numbers_of(counted, contract, lambda: day.version_names)
        yield SourceRows(
            opened=opened,
            contract=contract,
            rows=with_numbers(opened.day.rows, numbers),
            version_counts=by_number(counted, numbers),
            labels=laid[0],
            unmatched=day.unmatched_labels,
            read_of=_read_of(day) if are_frozen else None,
        )


def _read_of(day: "Day") -> ReadOf | None:
    labels = day.evaluation.labels
    return (day.frozen.digest, labels) if day.frozen and labels else None
