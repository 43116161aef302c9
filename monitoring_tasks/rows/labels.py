"""Labels onto predictions, one to one, as known at an instant."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.rows.label_reading import (
    ReadLabels,
    latest,
    read_labels,
    require_columns,
)
from monitoring_tasks.rows.label_values import ANY_VALUE, LabelValues
from monitoring_tasks.rows.mismatch import why_apart


def join_labels(
    predictions: pa.Table,
    labels: pa.Table | None,
    columns: Columns,
    *,
    arrived_at: str | None = None,
    values: LabelValues = ANY_VALUE,
    of_day: bool = False,
) -> tuple[pa.Table, LabelCounts]:
    """Return the predictions with a label column; null where the label is not known.

    Of several labels of an id the one that arrived last counts. Where arrivals do not
    tell them apart, an id that is labelled twice with the same value counts once, and
    one whose labels contradict each other counts as unknown. A value that is no label
    is refused and counted; the others are used. Neither input is changed.

    Args:
        predictions: The rows of the day.
        labels: The labels known; None when there are none.
        columns: Brings the names of id, label and timestamp.
        arrived_at: Column of the labels with the instant they became known, if any.
        values: What a label may be.
        of_day: Whether the source was asked for the labels of this day alone.

    Raises:
        LabelMismatchError: If a side lacks the id, or the labels lack the label, or
            one of these holds lists or records.
    """
    require_columns("predictions", predictions, (columns.id,))
    if labels is None or labels.num_rows == 0:
        return _unlabelled(predictions, columns, LabelCounts())
    read = read_labels(
        predictions, labels, columns, arrived_at=arrived_at, values=values
    )
    if not read.rows.num_rows:
        counts = LabelCounts(
            refused=read.refused, lost=read.refused, remark=read.remark
        )
        return _unlabelled(predictions, columns, counts)
    return _joined(read, predictions, columns, arrived_at=arrived_at, of_day=of_day)


def _joined(
    read: ReadLabels,
    predictions: pa.Table,
    columns: Columns,
    *,
    arrived_at: str | None,
    of_day: bool,
) -> tuple[pa.Table, LabelCounts]:
    """Put labels onto predictions and count how they met; see `join_labels`."""
    rows, ids = read.rows, read.prediction_ids
    unique, conflicts = _one_per_id(latest(rows, columns, arrived_at), columns)
    agreeing, _ = _one_per_id(rows, columns)
    said_again = pc.is_in(rows[columns.id], value_set=_values(agreeing, columns.id))
    joined = unique[columns.label].take(
        pc.index_in(ids, value_set=_values(unique, columns.id))
    )
    labelled = pc.sum(pc.is_valid(joined)).as_py() or 0
    orphans = unique[columns.id].filter(
        pc.invert(pc.is_in(unique[columns.id], value_set=ids.combine_chunks()))
    )
    apart = why_apart(orphans, ids.filter(pc.is_null(joined)), columns.id)
    # A source of many days holds labels of others too: that most fit none is usual.
    if not apart and (of_day or read.kinds_differ) and len(orphans) > labelled:
        apart = _strangers(orphans, columns.id, labelled)
    counts = LabelCounts(
        rows=rows.num_rows,
        joined=labelled,
        missing=predictions.num_rows - labelled,
        orphans=len(orphans),
        duplicates=(pc.sum(said_again).as_py() or 0) - agreeing.num_rows,
        corrected=unique.num_rows - agreeing.num_rows,
        conflicts=conflicts,
        early=_early(read, predictions, columns, arrived_at),
        refused=read.refused,
        lost=read.refused + (len(orphans) if apart else 0),
        remark="; ".join(remark for remark in (read.remark, apart) if remark),
    )
    return _with_label(predictions, columns.label, joined), counts


def _unlabelled(
    predictions: pa.Table, columns: Columns, counts: LabelCounts
) -> tuple[pa.Table, LabelCounts]:
    empty = pa.nulls(predictions.num_rows, pa.float64())
    table = _with_label(predictions, columns.label, empty)
    return table, replace(counts, missing=predictions.num_rows)


def _strangers(orphans: pa.ChunkedArray, name: str, joined: int) -> str:
    """Say that most labels fit no prediction and nothing in their ids tells why."""
    example = quoted_text(orphans[0].as_py())
    return (
        f"{len(orphans)} labels fit no prediction of the day and {joined} do: no "
        f"prediction has the '{name}' {example}; are they labels of another day or "
        "system?"
    )


def _values(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()


def _one_per_id(labels: pa.Table, columns: Columns) -> tuple[pa.Table, int]:
    """Return the ids whose labels agree, each once, and how many ids' do not."""
    grouped = labels.group_by(columns.id).aggregate(
        [(columns.label, "min"), (columns.label, "max")]
    )
    low, high = grouped[f"{columns.label}_min"], grouped[f"{columns.label}_max"]
    # Where smallest and largest are the same, all labels of the id are.
    agree = pc.equal(low, high)
    unique = pa.table({columns.id: grouped[columns.id], columns.label: low})
    return unique.filter(agree), pc.sum(pc.invert(agree)).as_py() or 0


def _early(
    read: ReadLabels, predictions: pa.Table, columns: Columns, arrived_at: str | None
) -> int:
    labels, ids = read.rows, read.prediction_ids
    if arrived_at is None or arrived_at not in labels.schema.names:
        return 0
    if columns.timestamp not in predictions.schema.names:
        return 0
    positions = pc.index_in(labels[columns.id], value_set=ids.combine_chunks())
    about = predictions[columns.timestamp].take(positions)
    arrived = labels[arrived_at]
    if not (_has_zone(about.type) and _has_zone(arrived.type)):
        return 0
    alike = pa.timestamp("us", "UTC")
    is_early = pc.less(arrived.cast(alike, safe=False), about.cast(alike, safe=False))
    return int(pc.sum(is_early).as_py() or 0)


def _has_zone(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _with_label(
    predictions: pa.Table, name: str, values: pa.ChunkedArray | pa.Array
) -> pa.Table:
    if name in predictions.schema.names:
        predictions = predictions.drop_columns([name])
    return predictions.append_column(name, values)
