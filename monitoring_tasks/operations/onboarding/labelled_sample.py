"""Predictions of a sample with their labels, for volumes, delays and errors."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from monitoring_tasks.extract.samples import Sample
from monitoring_tasks.operations.onboarding.facts import texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_DAY = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSample:
    """Rows of a sample with their labels.

    Attributes:
        frame: `at` (the rows' instants), `label`, `prediction`, `arrived`.
        zone: The time zone the instants' type names.
        is_aware: Whether they have one.
        label_day: Column of the labels with the day of the prediction, if any.
        are_labels_by_day: Whether the labels' files are named by that day; else by
            another, as that of their arrival.
        is_whole: Whether the sample holds all rows, so that its first day is whole.
    """

    frame: pd.DataFrame
    zone: str
    is_aware: bool
    label_day: str = ""
    are_labels_by_day: bool = True
    is_whole: bool = True
    rows_by_day: Mapping[date, int] = field(default_factory=dict)

    def in_zone(self, zone: str) -> "LabelledSample":
        """Return the same with days cut in a time zone."""
        at = self.frame["at"]
        # An hour that comes twice cannot be told; one that never was is the next.
        local = at.dt.tz_convert(zone) if self.is_aware else at.dt.tz_localize(
            zone, ambiguous="NaT", nonexistent="shift_forward"
        )  # fmt: skip
        arrived = self.frame["arrived"]
        if arrived.dt.tz is None:
            arrived = arrived.dt.tz_localize(
                zone, ambiguous="NaT", nonexistent="shift_forward"
            )
        frame = self.frame.assign(at=local, arrived=arrived.dt.tz_convert(zone))
        counted = Counter(local.dropna().dt.date)
        if not self.is_whole and len(counted) > 1:
            # The sample may begin within its first day, whose rows would count as few.
            del counted[min(counted)]
        return replace(
            self, frame=frame, zone=zone, is_aware=True,
            rows_by_day=dict(sorted(counted.items())),
        )  # fmt: skip

    @property
    def rows(self) -> int:
        """Rows of the sample that are older than the latest tenth of its days."""
        return int(self._settled.sum())

    @property
    def labelled(self) -> int:
        """How many of those have a label."""
        return int(self.frame["label"].notna()[self._settled].sum())

    @property
    def _settled(self) -> "pd.Series[bool]":
        labelled = self.frame.loc[self.frame["label"].notna(), "at"]
        latest = labelled.max() if len(labelled) else self.frame["at"].max()
        settled: pd.Series[bool] = self.frame["at"] <= latest
        return settled

    @property
    def delays(self) -> "Sequence[float]":
        """Seconds from the end of a row's day to the arrival of its label."""
        ends = self.frame["at"].dt.normalize() + pd.Timedelta(days=1)
        late = (self.frame["arrived"] - ends).dt.total_seconds().dropna()
        return [float(value) for value in late]

    @property
    def arrival_hours(self) -> "Sequence[int]":
        """Local hours at which labels came."""
        return [int(hour) for hour in self.frame["arrived"].dropna().dt.hour]

    @property
    def predicted(self) -> NDArray[np.float64]:
        """Predicted numbers; nothing where they are none."""
        return _numbers(self.frame["prediction"])

    @property
    def truth(self) -> NDArray[np.float64]:
        """Labels as numbers, in the same order."""
        return _numbers(self.frame["label"])


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


def _numbers(values: "pd.Series") -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = pd.to_numeric(values, errors="coerce").to_numpy(
        dtype="float64", na_value=np.nan
    )
    return numbers
