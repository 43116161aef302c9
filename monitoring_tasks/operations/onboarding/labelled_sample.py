"""Predictions of a sample with their labels, for volumes, delays and errors."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    def labelled_by_day(self) -> "Sequence[float]":
        """Rows of each day that have a label once it has come; all, where none has."""
        share = self.labelled / self.rows if self.labelled else 1.0
        return [share * rows for rows in self.rows_by_day.values()]

    @property
    def rarer(self) -> float:
        """Share of the rarest label; a half where there is not more than one."""
        shares = self.frame["label"].value_counts(normalize=True)
        return float(shares.min()) if len(shares) > 1 else 0.5

    @property
    def _settled(self) -> "pd.Series[bool]":
        labelled = self.frame.loc[self.frame["label"].notna(), "at"]
        latest = labelled.max() if len(labelled) else self.frame["at"].max()
        settled: pd.Series[bool] = self.frame["at"] <= latest
        return settled

    @property
    def behind_days(self) -> int:
        """Whole days from the newest row with a label to the newest row; 0 of none."""
        days = self.frame["at"].dt.normalize()
        labelled = days[self.frame["label"].notna()]
        behind = days.max() - labelled.max() if labelled.notna().any() else pd.NaT
        return 0 if pd.isna(behind) else round(behind / pd.Timedelta(days=1))

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


def _numbers(values: "pd.Series") -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = pd.to_numeric(values, errors="coerce").to_numpy(
        dtype="float64", na_value=np.nan
    )
    return numbers
