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
    performance: Verdict,
    history: Sequence[PastDay],
    recovery_days: int,
) -> FollowUp | None:
    """Say what a day without trouble does to an active incident.

    After a rollback the first thing to verify is that the version put back serves at
    all; whether it does well shows over the next good days.

    Args:
        incident: An active incident.
        day: The day; one no later than the incident's last bad day is nothing.
        version: The version that served it.
        performance: Verdict of its performance: `ok`, or one that says nothing.
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
    is_good = performance is Verdict.OK
    good = _good_days(history, after=incident.last_day) + is_good
    text = f"{day}: {performance} on version {version}"
    if incident.cause is Cause.MODEL:
        text = f"{day}: verified, version {version} serves; performance {performance}"
    text = f"{text}, {good} of {recovery_days} good days"
    if not is_good:
        return FollowUp(text=text) if incident.cause is Cause.MODEL else None
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
