"""A day's labels as a later day remembers them."""

from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.label_summary import LabelSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDay:
    """The labels of a day that is fit and mature.

    Attributes:
        day: The day.
        labels: How its labels lie, all of them together.
        is_calm: Whether no objective was in breach and no statement about its labels
            failed.
    """

    day: date
    labels: LabelSummary
    is_calm: bool
