"""What a list of days says of each."""

from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A looked-at day in a line.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day.
        mode: Why it was looked at.
        verdict: The day as a whole; None where it was never decided.
        severity: How much it matters; None when nobody must act.
        cause: Where the trouble comes from; None when there is none.
        action: What was done, in a sentence; empty when nothing was.
    """

    model: str
    day: date
    mode: Mode
    verdict: Verdict | None = None
    severity: Severity | None = None
    cause: Cause | None = None
    action: str = ""
