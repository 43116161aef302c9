"""What a partition that was scored again changes for those who read it. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Old predictions of a day against new ones.

    Attributes:
        rows: Rows of the day.
        rescored: Rows the withdrawn version had scored.
        changed: Rows whose prediction changed.
        mean_shift: Mean change of the score, or of the predicted number, over the rows
            scored again; None when there is no number.
        largest_shift: Largest absolute change; None likewise.
    """

    rows: int
    rescored: int
    changed: int
    mean_shift: float | None = None
    largest_shift: float | None = None


def differences(
    old: "pd.DataFrame", new: "pd.DataFrame", *, prediction: str, number: str | None
) -> Differences:
    """Return what new predictions change, row by row.

    Args:
        old: The day as it was published; one row a prediction.
        new: The rows that were scored again, under the same index.
        prediction: Column of the prediction.
        number: Column of the score, or of the predicted number; None without one.
    """
    before = old.loc[new.index]
    same = before[prediction].eq(new[prediction])
    same |= before[prediction].isna() & new[prediction].isna()
    changes = Differences(
        rows=len(old), rescored=len(new), changed=int((~same.astype(bool)).sum())
    )
    if number is None:
        return changes
    shift = new[number].astype("float64") - before[number].astype("float64")
    shift = shift.dropna()
    if shift.empty:
        return changes
    return Differences(
        rows=changes.rows,
        rescored=changes.rescored,
        changed=changes.changed,
        mean_shift=float(shift.mean()),
        largest_shift=float(shift.abs().max()),
    )
