"""Labels as they are laid beside rows that lie in an engine: one row an id."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.rows.keys import is_increasing, key_texts
from monitoring_tasks.rows.label_reading import arrivals_in, read_labels
from monitoring_tasks.rows.label_values import LabelValues
from monitoring_tasks.rows.labels import join_labels

KEY, LABEL, ARRIVED = "label_key", "label_value", "label_arrived"
UTC = pa.timestamp("us", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedLabels:
    """The labels of a day, their ids as the texts that rows are compared by.

    Attributes:
        labels: All rows of the labels.
        as_numbers: Whether ids that are whole numbers are compared as numbers.
        kinds_differ: Whether one side's ids are texts and the other's are not.
        columns: Names id and label.
        arrived_at: Column with the instant a label became known; None without one.
        values: What a label may be.
    """

    labels: pa.Table
    as_numbers: bool
    kinds_differ: bool
    columns: Columns
    arrived_at: str | None
    values: LabelValues

    @property
    def by_key(self) -> pa.Table:
        """One row an id, with the label that counts, null where that is not known.

        `KEY`, `LABEL`, and `ARRIVED` where labels say when they came: the earliest.
        """
        ids = self.labels[self.columns.id]
        everyone = pa.table({self.columns.id: pc.unique(ids).drop_null()})
        resolved, _ = self.joined_to(everyone)
        by_key = pa.table({KEY: resolved[self.columns.id].cast(pa.string())})
        by_key = by_key.append_column(LABEL, _storable(resolved[self.columns.label]))
        arrived = arrivals_in(self.labels, self.arrived_at)
        if arrived is None or arrived.type.tz is None:
            return by_key
        first = (
            pa.table({KEY: ids, ARRIVED: arrived.cast(UTC, safe=False)})
            .group_by(KEY)
            .aggregate([(ARRIVED, "min")])
            .rename_columns([KEY, ARRIVED])
        )
        # In the order of the keys: a join of Arrow's gives any.
        at = pc.index_in(by_key[KEY], value_set=first[KEY].combine_chunks())
        return by_key.append_column(ARRIVED, first[ARRIVED].take(at))

    def joined_to(
        self, predictions: pa.Table, *, of_day: bool = False
    ) -> tuple[pa.Table, LabelCounts]:
        """Return rows in memory with their label, and how the two met.

        Args:
            predictions: Rows with their id as text.
            of_day: Whether the source was asked for the labels of this day alone.
        """
        return join_labels(
            predictions,
            self.labels,
            self.columns,
            arrived_at=self.arrived_at,
            values=self.values,
            of_day=of_day or self.kinds_differ,
        )

    def ids_beside(self, sample: pa.ChunkedArray, strangers: pa.Array) -> pa.Table:
        """Return the ids of rows that have a label, and of a sample, each once.

        Args:
            sample: Ids of some rows.
            strangers: Ids of labels that no row has, as texts.
        """
        ids = self.labels[self.columns.id].drop_null()
        met = ids.filter(pc.invert(pc.is_in(ids, value_set=strangers)))
        # Frozen labels are in order, and seldom repeat: no hash of all is made.
        met = met if is_increasing(met) else pa.chunked_array([pc.unique(met)])
        sampled = pc.unique(key_texts(sample, as_numbers=self.as_numbers))
        # Labels are many: what is looked up in is the sample.
        labelled = met.filter(pc.is_in(met, value_set=sampled)).combine_chunks()
        alone = sampled.filter(pc.invert(pc.is_in(sampled, value_set=labelled)))
        both = pa.chunked_array([*met.chunks, alone], pa.string())
        return pa.table({self.columns.id: both})

    def count_early(self, about: pa.Table) -> int:
        """Count the labels that arrived before the instant their row is about.

        Args:
            about: `KEY` and, as `ARRIVED`, the instant of rows that a label precedes.
        """
        if not about.num_rows or self.arrived_at is None:
            return 0
        ids = pa.table({self.columns.id: about[KEY]})
        rows = read_labels(
            ids,
            self.labels,
            self.columns,
            arrived_at=self.arrived_at,
            values=self.values,
        ).rows
        at = pc.index_in(rows[self.columns.id], value_set=about[KEY].combine_chunks())
        arrived = rows[self.arrived_at].cast(UTC, safe=False)
        is_early = pc.less(arrived, about[ARRIVED].take(at).cast(UTC))
        return int(pc.sum(is_early).as_py() or 0)


def keyed_labels(
    labels: pa.Table | None,
    columns: Columns,
    *,
    arrived_at: str | None,
    values: LabelValues,
    ids_are_texts: bool,
) -> KeyedLabels | None:
    """Return labels whose ids are texts; None where nothing can be joined by them.

    Args:
        labels: The labels known; None when there are none.
        columns: Names id and label.
        arrived_at: Column with the instant a label became known; None without one.
        values: What a label may be.
        ids_are_texts: Whether the ids of the predictions are texts.
    """
    if labels is None or not labels.num_rows:
        return None
    for name in (columns.id, columns.label):
        if name not in labels.schema.names or pa.types.is_nested(
            labels.schema.field(name).type
        ):
            return None
    ids = labels[columns.id]
    are_texts = bool(pa.types.is_string(ids.type))
    as_numbers = not (ids_are_texts and are_texts)
    at = labels.schema.get_field_index(columns.id)
    return KeyedLabels(
        labels=labels.set_column(at, columns.id, key_texts(ids, as_numbers=as_numbers)),
        as_numbers=as_numbers,
        kinds_differ=ids_are_texts != are_texts,
        columns=columns,
        arrived_at=arrived_at,
        values=values,
    )


def labels_of(rows: pa.Table, labels: pa.Table, columns: Columns) -> pa.Table:
    """Return the labels of some rows, so that those of a large day are not all joined.

    Args:
        rows: Rows with their id. Not modified.
        labels: The labels known, at least one. Not modified.
        columns: Names id and label.

    Returns:
        Labels whose id a row has; any one where there is none, for the type it has.
        All of them where there is nothing to join by.
    """
    sides = (rows, labels)
    if not all(columns.id in side.column_names for side in sides):
        return labels
    kinds = [side[columns.id].type for side in sides]
    if any(pa.types.is_nested(kind) for kind in kinds):
        return labels
    as_numbers = not all(pa.types.is_string(kind) for kind in kinds)
    wanted, ids = (key_texts(side[columns.id], as_numbers=as_numbers) for side in sides)
    met = labels.filter(pc.is_in(ids, value_set=pc.unique(wanted.drop_null())))
    return met if met.num_rows else labels.slice(0, 1)


def _storable(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return labels in one of the few types that every engine keeps."""
    kind = values.type
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return values
    if pa.types.is_integer(kind):
        return values.cast(pa.int64())
    is_number = pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return values.cast(
        pa.float64() if is_number or pa.types.is_null(kind) else pa.string()
    )
