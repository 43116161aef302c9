"""Labels onto predictions, one to one, as known at an instant."""

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.contract import Columns
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.errors import LabelMismatchError


def join_labels(
    predictions: pa.Table,
    labels: pa.Table | None,
    columns: Columns,
    *,
    arrived_at: str | None = None,
) -> tuple[pa.Table, LabelCounts]:
    """Give the predictions a label column; null where the label is not known.

    An id that is labelled twice with the same value counts once; an id whose labels
    contradict each other counts as unknown. Neither input is changed.

    Raises:
        LabelMismatchError: If the labels lack the id or the label column.
    """
    if labels is None or labels.num_rows == 0:
        empty = pa.nulls(predictions.num_rows, pa.float64())
        counts = LabelCounts(missing=predictions.num_rows)
        return _with_label(predictions, columns.label, empty), counts
    _require(labels, columns)
    labels = labels.filter(pc.is_valid(labels[columns.label]))
    ids = labels[columns.id].cast(predictions[columns.id].type)
    labels = labels.set_column(
        labels.schema.get_field_index(columns.id), columns.id, ids
    )
    unique, duplicates, conflicts = _one_per_id(labels, columns)
    positions = pc.index_in(
        predictions[columns.id], value_set=unique[columns.id].combine_chunks()
    )
    joined = unique[columns.label].take(positions)
    known = pc.sum(pc.is_valid(joined)).as_py() or 0
    counts = LabelCounts(
        rows=labels.num_rows,
        joined=known,
        missing=predictions.num_rows - known,
        orphans=_orphans(unique, predictions, columns),
        duplicates=duplicates,
        conflicts=conflicts,
        early=_early(predictions, labels, columns, arrived_at),
    )
    return _with_label(predictions, columns.label, joined), counts


def _require(labels: pa.Table, columns: Columns) -> None:
    lacking = [
        name for name in (columns.id, columns.label) if name not in labels.schema.names
    ]
    if lacking:
        msg = (
            f"the labels lack {', '.join(lacking)}; they have "
            f"{', '.join(labels.schema.names)}. Correct the source or its `rename`"
        )
        raise LabelMismatchError(msg)


def _one_per_id(labels: pa.Table, columns: Columns) -> tuple[pa.Table, int, int]:
    grouped = labels.group_by(columns.id).aggregate(
        [(columns.label, "min"), (columns.label, "max"), (columns.label, "count")]
    )
    low, high = grouped[f"{columns.label}_min"], grouped[f"{columns.label}_max"]
    agree = pc.equal(low, high)
    extra = pc.subtract(grouped[f"{columns.label}_count"], 1).filter(agree)
    unique = pa.table({columns.id: grouped[columns.id], columns.label: low})
    return (
        unique.filter(agree),
        pc.sum(extra).as_py() or 0,
        pc.sum(pc.invert(agree)).as_py() or 0,
    )


def _orphans(unique: pa.Table, predictions: pa.Table, columns: Columns) -> int:
    known = pc.is_in(
        unique[columns.id], value_set=predictions[columns.id].combine_chunks()
    )
    met = pc.sum(known).as_py() or 0
    return int(unique.num_rows - met)


def _early(
    predictions: pa.Table, labels: pa.Table, columns: Columns, arrived_at: str | None
) -> int:
    if arrived_at is None or arrived_at not in labels.schema.names:
        return 0
    if columns.timestamp not in predictions.schema.names:
        return 0
    positions = pc.index_in(
        labels[columns.id], value_set=predictions[columns.id].combine_chunks()
    )
    about = predictions[columns.timestamp].take(positions)
    arrived = labels[arrived_at]
    if getattr(about.type, "tz", None) is None or arrived.type.tz is None:
        return 0
    return int(pc.sum(pc.less(arrived, about.cast(arrived.type))).as_py() or 0)


def _with_label(
    predictions: pa.Table, name: str, values: pa.ChunkedArray | pa.Array
) -> pa.Table:
    if name in predictions.schema.names:
        predictions = predictions.drop_columns([name])
    return predictions.append_column(name, values)
