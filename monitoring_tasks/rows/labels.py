"""Labels onto predictions, one to one, as known at an instant."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.rows.id_codes import (
    IdCodes,
    agreed_values,
    codes_of,
    encoded,
    id_codes,
    is_newest,
)
from monitoring_tasks.rows.label_reading import (
    ReadLabels,
    arrivals_in,
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
    rows = read.rows
    ids = id_codes(read.prediction_ids, rows[columns.id])
    own = _with_one_zero(rows[columns.label])
    values = encoded(own)
    value_codes = codes_of(values.indices)
    ever, conflicts = agreed_values(ids.labels, value_codes, ids.count)
    last, arrived = ever, arrivals_in(rows, arrived_at)
    if arrived is not None:
        newest = is_newest(ids.labels, arrived)
        newest_codes = ids.labels[newest], value_codes[newest]
        last, conflicts = agreed_values(*newest_codes, ids.count)
    # An id that is null has no label; -1 would read the last one.
    of_row = np.where(ids.predictions < 0, -1, last[ids.predictions])
    joined = values.dictionary.take(pa.array(of_row, mask=of_row < 0))
    labelled = int((of_row >= 0).sum())
    orphans = ids.strangers.filter(pa.array(last[ids.known :] >= 0))
    alone = read.prediction_ids.filter(pa.array(of_row < 0))
    apart = why_apart(orphans, alone, columns.id)
    # A source of many days holds labels of others too: that most fit none is usual.
    if not apart and (of_day or read.kinds_differ) and len(orphans) > labelled:
        apart = _strangers(orphans, columns.id, labelled)
    agreeing = int((ever >= 0).sum())
    has_instants = (
        arrived_at in rows.schema.names
        and columns.timestamp in predictions.schema.names
    )
    early = (
        _early(ids, rows[arrived_at], predictions[columns.timestamp])
        if has_instants
        else 0
    )
    counts = LabelCounts(
        rows=rows.num_rows,
        joined=labelled,
        missing=predictions.num_rows - labelled,
        orphans=len(orphans),
        duplicates=int((ever[ids.labels] >= 0).sum()) - agreeing,
        corrected=max(int((last >= 0).sum()) - agreeing, 0),
        conflicts=conflicts,
        early=early,
        refused=read.refused,
        lost=read.refused + (len(orphans) if apart else 0),
        remark="; ".join(remark for remark in (read.remark, apart) if remark),
    )
    return _with_label(predictions, columns.label, _shared(joined, own)), counts


def _unlabelled(
    predictions: pa.Table, columns: Columns, counts: LabelCounts
) -> tuple[pa.Table, LabelCounts]:
    empty = pa.nulls(predictions.num_rows, pa.float64())
    table = _with_label(predictions, columns.label, empty)
    return table, replace(counts, missing=predictions.num_rows)


def _strangers(orphans: pa.Array, name: str, joined: int) -> str:
    """Say that most labels fit no prediction and nothing in their ids tells why."""
    example = quoted_text(orphans[0].as_py())
    return (
        f"{len(orphans)} labels fit no prediction of the day and {joined} do: no "
        f"prediction has the '{name}' {example}; were predictions lost, or are they "
        "labels of another day or system?"
    )


def _early(ids: IdCodes, arrived: pa.ChunkedArray, about: pa.ChunkedArray) -> int:
    """Count the labels that arrived before the event they are about.

    Args:
        ids: Of predictions and labels.
        arrived: Instants of the labels.
        about: Instants of the predictions.
    """
    if not (_has_zone(about.type) and _has_zone(arrived.type)):
        return 0
    is_about_a_row = ids.labels < ids.known
    positions = ids.first_rows[ids.labels[is_about_a_row]]
    alike = pa.timestamp("us", "UTC")
    is_early = pc.less(
        arrived.filter(pa.array(is_about_a_row)).cast(alike, safe=False),
        about.take(pa.array(positions)).cast(alike, safe=False),
    )
    return int(pc.sum(is_early).as_py() or 0)


def _shared(joined: pa.Array, labels: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return labels of rows; the labels' own column where it is the same: kept once."""
    column = pa.chunked_array([joined])
    is_same = labels.type == joined.type and labels.equals(column)
    return labels if is_same else column


def _with_one_zero(labels: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the labels with one zero only: hashes tell -0.0 from 0.0."""
    return pc.add(labels, 0) if pa.types.is_floating(labels.type) else labels


def _has_zone(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _with_label(
    predictions: pa.Table, name: str, values: pa.ChunkedArray | pa.Array
) -> pa.Table:
    if name in predictions.schema.names:
        predictions = predictions.drop_columns([name])
    return predictions.append_column(name, values)
