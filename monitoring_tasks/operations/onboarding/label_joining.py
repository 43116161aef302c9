"""Labels of a sample joined with its predictions, and instants read from columns."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract.samples import Sample
from monitoring_tasks.operations.onboarding.facts import texts_of
from monitoring_tasks.operations.onboarding.labelled_sample import LabelledSample

SAME_DAY = 0.95
MOST_ROWS_AN_ID = 2
"""Ids with more rows than this, on average, begin again each day or are none."""


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

    Raises:
        ConfigurationError: If ids begin again each day, and nothing says of which day
            a label is.
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
    label_day = _day_column(frame, labels.rows, names.label_id, names.arrival)
    by_day = _are_by_day(frame, labels, names.label_id)
    of_day: pd.Series = pd.Series(None, index=range(labels.rows.num_rows), dtype=object)
    if frame["id"].nunique() * MOST_ROWS_AN_ID < len(frame):
        of_day = _days_of_labels(labels, label_day, names, is_by_day=by_day)
        frame["day"] = frame["at"].dt.date
    label_frame = pd.DataFrame(
        {
            "id": _texts(labels.rows.column(names.label_id)),
            "day": of_day,
            "label": labels.rows.column(names.label).to_pandas(),
        }
    )
    label_frame["arrived"] = (
        instants_of(labels.rows.column(names.arrival))
        if names.arrival
        else pd.Series(pd.NaT, index=label_frame.index, dtype="datetime64[us]")
    )
    keys = ["id", "day"] if "day" in frame else ["id"]
    # A label that came twice would make two rows of one; the later one counts.
    label_frame = label_frame.dropna(subset=["label"]).drop_duplicates(
        keys, keep="last"
    )
    wanted = label_frame[[*keys, "label", "arrived"]]
    merged = frame.merge(wanted, on=keys, how="left")
    at = rows.column(names.timestamp)
    joined = _joined(merged, at, predictions, label_day=label_day)
    return replace(joined, are_labels_by_day=by_day)


def _days_of_labels(
    labels: Sample, label_day: str, names: Names, *, is_by_day: bool
) -> "pd.Series":
    """Return of which day each label is, which ids that begin again do not say."""
    if labels.row_days is not None and is_by_day:
        return pd.Series(labels.row_days.to_pylist(), dtype=object)
    if label_day:
        days: pd.Series = instants_of(labels.rows.column(label_day)).dt.date
        return days
    msg = (
        f"columns.id: '{names.id}' has the same values again and again, and nothing "
        "says of which day a label is: name the files of labels by the day of their "
        "predictions, let them have a column with that day, or say an id of its own "
        "for every row with --column id=NAME"
    )
    raise ConfigurationError(msg)


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
    days = _days_of_ids(frame)
    named = zip(ids, labels.row_days.to_pylist(), strict=True)
    fits = [day in days[of_label] for of_label, day in named if of_label in days]
    return not fits or float(np.mean(fits)) >= SAME_DAY


def _day_column(
    frame: pd.DataFrame, labels: pa.Table, label_id: str, arrival: str | None
) -> str:
    """Return the labels' column whose days are those of the predictions."""
    ids = _texts(labels.column(label_id))
    days = _days_of_ids(frame)
    for name in labels.column_names:
        kind = labels.column(name).type
        is_instant = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
        if name in {label_id, arrival} or not is_instant:
            continue
        of_label = instants_of(labels.column(name)).dt.date
        fits = [d in days[i] for i, d in zip(ids, of_label, strict=True) if i in days]
        if fits and np.mean(fits) >= SAME_DAY:
            return str(name)
    return ""


def _days_of_ids(frame: pd.DataFrame) -> dict[str, set[date]]:
    """Return on which days each id was; more than one where ids begin again."""
    days: dict[str, set[date]] = {}
    for of_row, day in zip(frame["id"], frame["at"].dt.date, strict=True):
        days.setdefault(of_row, set()).add(day)
    return days


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
