"""How many labels of a day were known at an instant, and when all were asked for."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRound:
    """An instant at which the labels of all days looked back at were asked for.

    Attributes:
        known_at: The instant; aware.
        look_back_days: How far back days were asked.
    """

    known_at: datetime
    look_back_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCoverage:
    """How many rows of a day had a label at an instant.

    Attributes:
        day: The day the rows are about.
        known_at: The instant at which it was evaluated; aware.
        rows: Rows of predictions.
        labelled: Those of them whose label was known.
    """

    day: date
    known_at: datetime
    rows: int
    labelled: int
