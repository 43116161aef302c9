"""The last day whose labels tell how the model did."""

from dataclasses import dataclass
from datetime import date, datetime

from monitoring_tasks.domain.findings import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDay:
    """What was said of a day on enough labels to believe it.

    Attributes:
        day: The calendar day.
        verdict: Its verdict.
        confirmed: Whether a breach had lasted long enough to act on.
        severity: How much it matters; None when nobody must act.
        cause: Where the trouble comes from; None when there is none.
        rows: Rows of the day.
        labelled: Those of them whose label was known.
        as_of: The instant its labels were known at.
    """

    day: date
    verdict: Verdict
    confirmed: bool
    severity: str | None
    cause: str | None
    rows: int
    labelled: int
    as_of: datetime

    def sentence(self, today: date) -> str:
        """Say what labels told last, beside a day that may still wait for its own."""
        grave = " ".join(filter(None, [self.severity, self.cause]))
        verdict = f"{self.verdict.value} ({grave})" if grave else self.verdict.value
        last = "confirmed " if self.confirmed else ""
        age = (today - self.day).days
        if age <= 0:
            return f"by its labels {last}{verdict}"
        days = "1 day" if age == 1 else f"{age} days"
        return f"last labelled day {self.day}, {days} earlier: {last}{verdict}"
