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
        LabelMismatchError: If a side lacks the id, the labels lack the label, or the
            ids of one side cannot be read as those of the other.
    """
    _require("predictions", predictions, (columns.id,))
    if labels is not None and labels.num_rows:
        _require("labels", labels, (columns.id, columns.label))
        labels = _known(labels, columns)
    if labels is None or labels.num_rows == 0:
        empty = pa.nulls(predictions.num_rows, pa.float64())
        counts = LabelCounts(missing=predictions.num_rows)
        return _with_label(predictions, columns.label, empty), counts
    labels = labels.set_column(
        labels.schema.get_field_index(columns.id),
        columns.id,
        _same_ids(labels, predictions, columns.id),
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


def _require(what: str, table: pa.Table, names: tuple[str, ...]) -> None:
    lacking = [name for name in names if name not in table.schema.names]
    if lacking:
        msg = (
            f"the {what} lack {', '.join(lacking)}; they have "
            f"{', '.join(table.schema.names)}. Correct the source or its `rename`"
        )
        raise LabelMismatchError(msg)


def _known(labels: pa.Table, columns: Columns) -> pa.Table:
    """Give the rows that say something: an id, and a label that is a value."""
    known = pc.and_(
        pc.is_valid(labels[columns.id]),
        pc.is_valid(labels[columns.label]),
    )
    if pa.types.is_floating(labels[columns.label].type):
        known = pc.and_(known, pc.invert(pc.is_nan(labels[columns.label])))
    return labels.filter(known)


def _same_ids(labels: pa.Table, predictions: pa.Table, name: str) -> pa.ChunkedArray:
    ids, wanted = labels[name], predictions[name].type
    try:
        return ids.cast(wanted)
    except pa.ArrowException as error:
        msg = (
            f"'{name}' is {ids.type} in the labels and {wanted} in the predictions; "
            "not every id of the one can be read as the other. Correct a source"
        )
        raise LabelMismatchError(msg) from error


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
