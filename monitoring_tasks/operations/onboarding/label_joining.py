"""Labels of a sample joined with its predictions, and instants read from columns."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from monitoring_tasks.extract.samples import Sample
from monitoring_tasks.operations.onboarding.facts import texts_of
from monitoring_tasks.operations.onboarding.labelled_sample import LabelledSample

SAME_DAY = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What columns are called.

    Attributes:
        id: What identifies a row.
        label_id: The same among the labels.
        timestamp: The rows' instants.
        arrival: Instants at which labels came, if any.
        label: The labels' column, if any.
        prediction: The predictions' column.
    """

    id: str
    label_id: str
    timestamp: str
    arrival: str | None
    label: str | None
    prediction: str


def join_sample(predictions: Sample, labels: Sample, names: Names) -> LabelledSample:
    """Return rows with their labels, joined on the ids as texts.

    Args:
        predictions: Some rows.
        labels: Some labels, which may be the same rows.
        names: What the columns of both are called.
    """
    rows = predictions.rows
    frame = pd.DataFrame(
        {
            "id": _texts(rows.column(names.id)),
            "at": instants_of(rows.column(names.timestamp)),
            "prediction": rows.column(names.prediction).to_pandas(),
        }
    )
    if names.label is None:
        nothing = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
        frame = frame.assign(label=np.nan, arrived=nothing)
        return _joined(frame, rows.column(names.timestamp), predictions, label_day="")
    label_frame = pd.DataFrame(
        {
            "id": _texts(labels.rows.column(names.label_id)),
            "label": labels.rows.column(names.label).to_pandas(),
        }
    )
    label_frame["arrived"] = (
        instants_of(labels.rows.column(names.arrival))
        if names.arrival
        else pd.Series(pd.NaT, index=label_frame.index, dtype="datetime64[us]")
    )
    # A label that came twice would make two rows of one; the later one counts.
    label_frame = label_frame.dropna(subset=["label"]).drop_duplicates(
        "id", keep="last"
    )
    merged = frame.merge(label_frame, on="id", how="left")
    label_day = _day_column(frame, labels.rows, names.label_id, names.arrival)
    at = rows.column(names.timestamp)
    joined = _joined(merged, at, predictions, label_day=label_day)
    return replace(joined, are_labels_by_day=_are_by_day(frame, labels, names.label_id))


def _joined(
    frame: pd.DataFrame, at: pa.ChunkedArray, sample: Sample, *, label_day: str
) -> LabelledSample:
    zone = at.type.tz or "" if pa.types.is_timestamp(at.type) else ""
    is_aware = frame["at"].dt.tz is not None
    return LabelledSample(
        frame=frame, zone=zone, is_aware=is_aware, label_day=label_day,
        is_whole=sample.is_whole,
    )  # fmt: skip


def _are_by_day(frame: pd.DataFrame, labels: Sample, label_id: str) -> bool:
    """Whether files of labels are named by the days of their predictions."""
    if labels.row_days is None:
        return True
    ids = _texts(labels.rows.column(label_id))
    days = dict(zip(frame["id"], frame["at"].dt.date, strict=True))
    named = zip(ids, labels.row_days.to_pylist(), strict=True)
    pairs = [(days[of_label], day) for of_label, day in named if of_label in days]
    return not pairs or float(np.mean([a == b for a, b in pairs])) >= SAME_DAY


def _day_column(
    frame: pd.DataFrame, labels: pa.Table, label_id: str, arrival: str | None
) -> str:
    """Return the labels' column whose days are those of the predictions."""
    ids = _texts(labels.column(label_id))
    days = dict(zip(frame["id"], frame["at"].dt.date, strict=True))
    for name in labels.column_names:
        kind = labels.column(name).type
        is_instant = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
        if name in {label_id, arrival} or not is_instant:
            continue
        of_label = instants_of(labels.column(name)).dt.date
        pairs = [(days[i], d) for i, d in zip(ids, of_label, strict=True) if i in days]
        if pairs and np.mean([a == b for a, b in pairs]) >= SAME_DAY:
            return str(name)
    return ""


def instants_of(column: pa.ChunkedArray) -> "pd.Series":
    """Return a column as instants, null where a value is none."""
    values: pd.Series = column.to_pandas()
    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = values.astype("str").where(values.notna())
    has_zone = texts.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", na=False).any()
    read: pd.Series = pd.to_datetime(
        texts, errors="coerce", utc=bool(has_zone), format="mixed"
    )
    return read


def _texts(column: pa.ChunkedArray) -> list[str]:
    if column.null_count:
        return [str(value) for value in column.to_pylist()]
    return texts_of(column)
