"""What a good day means for an incident that is still active. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.evaluations import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A line for the time line, and the states to go through, in order."""

    text: str
    states: tuple[IncidentState, ...] = ()


def follow_up(
    incident: Incident,
    *,
    day: date,
    version: str,
    history: Sequence[PastDay],
    recovery_days: int,
) -> FollowUp | None:
    """Say what a good day does to an active incident.

    Args:
        incident: An active incident.
        day: The good day; one no later than the incident's last bad day is nothing.
        version: The version that served it.
        history: Earlier days, oldest first.
        recovery_days: Consecutive good valid days after which it is over. Automation
            resolves P2 and P3; P0 and P1 are left for a person to close.

    Returns:
        None when the day says nothing about the incident.
    """
    if day <= incident.last_day:
        return None
    if incident.cause is Cause.MODEL and version == incident.version:
        return None
    good = 1 + _good_days(history, after=incident.last_day)
    text = f"{day}: good on version {version}, {good} of {recovery_days} good days"
    if incident.cause is Cause.MODEL:
        text = f"verified {text}"
    watching = (
        ()
        if incident.state is IncidentState.MONITORING
        else (IncidentState.MONITORING,)
    )
    if good < recovery_days:
        return FollowUp(text=text, states=watching)
    if incident.severity in {Severity.P0, Severity.P1}:
        return FollowUp(text=f"{text}; a person may resolve it", states=watching)
    return FollowUp(text=text, states=(*watching, IncidentState.RESOLVED))


def _good_days(history: Sequence[PastDay], *, after: date) -> int:
    """Count the unbroken good valid days right before today and after a day."""
    count = 0
    for past in reversed(history):
        if past.day <= after:
            break
        if past.performance not in VALID:
            continue
        if past.performance is not Verdict.OK:
            break
        count += 1
    return count
