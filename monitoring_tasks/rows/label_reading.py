"""Labels as the join and every check read them: ids as text, values that are labels."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.rows.id_codes import codes_of, encoded, is_newest
from monitoring_tasks.rows.keys import key_texts
from monitoring_tasks.rows.label_values import ANY_VALUE, LabelValues, refuse_values


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLabels:
    """Labels as the join and every check read them.

    Attributes:
        rows: The rows that say something, ids as text.
        newest: All rows that arrived last for their id; null where refused.
        prediction_ids: The ids of the predictions, as text likewise.
        kinds_differ: Whether one side's ids are texts and the other's are not.
        refused: How many values are no labels.
        remark: Why they are none, in words.
    """

    rows: pa.Table
    newest: pa.Table
    prediction_ids: pa.ChunkedArray
    kinds_differ: bool
    refused: int
    remark: str


def read_labels(
    predictions: pa.Table,
    labels: pa.Table,
    columns: Columns,
    *,
    arrived_at: str | None = None,
    values: LabelValues = ANY_VALUE,
) -> ReadLabels:
    """Read ids and values of labels that are to be joined.

    Args:
        predictions: The rows of the day. Not modified.
        labels: The labels known, at least one. Not modified.
        columns: Names the id and the label.
        arrived_at: Column of the labels with the instant they became known, if any.
        values: What a label may be.

    Raises:
        LabelMismatchError: If a side lacks the id, or the labels lack the label, or
            one of these holds lists or records.
    """
    require_columns("predictions", predictions, (columns.id,))
    require_columns("labels", labels, (columns.id, columns.label))
    _refuse_nested("predictions", predictions, (columns.id,))
    _refuse_nested("labels", labels, (columns.id, columns.label))
    table, refused, remark = refuse_values(labels, columns.label, values)
    sides = (predictions[columns.id], labels[columns.id])
    # Ids that are numbers on one side only are compared as the numbers they are.
    texts = [pa.types.is_string(side.type) for side in sides]
    ids, label_ids = (key_texts(side, as_numbers=not all(texts)) for side in sides)
    index = table.schema.get_field_index(columns.id)
    table = table.set_column(index, columns.id, label_ids)
    return ReadLabels(
        rows=_with_value(table, columns),
        newest=latest(table, columns, arrived_at),
        prediction_ids=ids,
        kinds_differ=any(texts) and not all(texts),
        refused=refused,
        remark=remark,
    )


def latest(labels: pa.Table, columns: Columns, arrived_at: str | None) -> pa.Table:
    """Return the rows that arrived last for their id; all of them where none say.

    Args:
        labels: Labels with their id. Not modified.
        columns: Names the id.
        arrived_at: Column with the instant a row became known; None without one.
    """
    arrived = arrivals_in(labels, arrived_at)
    if arrived is None:
        return labels
    ids = codes_of(encoded(labels[columns.id]).indices)
    # A null id is an id of its own here: such rows are told of, not dropped.
    return labels.filter(pa.array(is_newest(ids + 1, arrived)))


def arrivals_in(labels: pa.Table, arrived_at: str | None) -> pa.ChunkedArray | None:
    """Return the instants labels became known; None where none say.

    Args:
        labels: Labels.
        arrived_at: The column that holds them; None without one.
    """
    if arrived_at is None or arrived_at not in labels.schema.names:
        return None
    arrived = labels[arrived_at]
    return arrived if pa.types.is_timestamp(arrived.type) else None


def require_columns(side: str, table: pa.Table, names: tuple[str, ...]) -> None:
    """Refuse a table that lacks a column the join needs.

    Args:
        side: What the table is, for the error.
        table: Predictions or labels.
        names: The columns.

    Raises:
        LabelMismatchError: If it lacks one.
    """
    lacking = [name for name in names if name not in table.schema.names]
    if lacking:
        msg = (
            f"the {side} lack {', '.join(lacking)}; they have "
            f"{', '.join(table.schema.names)}. Correct the source or its `rename`"
        )
        raise LabelMismatchError(msg)


def _refuse_nested(side: str, table: pa.Table, names: tuple[str, ...]) -> None:
    for name in names:
        kind = table.schema.field(name).type
        if pa.types.is_nested(kind):
            msg = (
                f"the {side} hold {kind} in '{name}', in all {table.num_rows} rows: no "
                "plain values to join by; write one value a row in the source"
            )
            raise LabelMismatchError(msg)


def _with_value(labels: pa.Table, columns: Columns) -> pa.Table:
    """Return the rows that say something: an id, and a label that is a value."""
    says_something = pc.and_(
        pc.is_valid(labels[columns.id]),
        pc.is_valid(labels[columns.label]),
    )
    if pa.types.is_floating(labels[columns.label].type):
        says_something = pc.and_(
            says_something, pc.invert(pc.is_nan(labels[columns.label]))
        )
    # Most often all do, and are not copied.
    says_all = pc.all(says_something, skip_nulls=False).as_py()
    return labels if says_all else labels.filter(says_something)
