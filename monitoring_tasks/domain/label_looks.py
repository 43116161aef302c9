"""How many labels of a day were known at an instant."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLook:
    """One look at the labels of a day.

    Attributes:
        day: The day the rows are about.
        known_at: The instant of the look; aware.
        rows: Rows of predictions.
        labelled: Those of them whose label was known.
    """

    day: date
    known_at: datetime
    rows: int
    labelled: int
