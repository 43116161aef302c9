"""Which clocks of an incident have run out: who should have done what by now. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring_tasks.contract.notify import ResponseClock
from monitoring_tasks.domain.incidents import Incident, IncidentState

S = IncidentState
UNCONTAINED = frozenset({S.OPEN, S.ACKNOWLEDGED})
MOST_STEPS = 10
"""An incident that nobody answers is escalated no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What should have happened to an incident by now.

    Attributes:
        steps: How many spans have passed without anybody taking it on.
        is_uncontained: Whether nothing was done about it in time.
        text: What should have happened, a sentence.
    """

    steps: int
    is_uncontained: bool
    text: str


def overdue(
    incident: Incident, clock: ResponseClock, *, paged_at: datetime, now: datetime
) -> Overdue | None:
    """Return what should have happened to an incident by now; None for nothing.

    Each further span without anybody taking it on is one more step of its escalation.

    Args:
        incident: As it stands.
        clock: Of its severity.
        paged_at: When somebody was first told of it: no clock runs before.
        now: The present instant.
    """
    if not incident.is_active:
        return None
    steps, is_uncontained, texts = 0, False, []
    if clock.acknowledge_hours and incident.acknowledged_at is None:
        span = timedelta(hours=clock.acknowledge_hours)
        steps = min((now - paged_at) // span, MOST_STEPS)
        if steps > 0:
            texts.append(f"nobody has taken it on for {in_words(steps * span)}")
    if clock.contain_hours and incident.state in UNCONTAINED:
        span = timedelta(hours=clock.contain_hours)
        if now - paged_at >= span:
            is_uncontained = True
            texts.append(f"it is not contained after {in_words(span)}")
    if not texts:
        return None
    return Overdue(
        steps=steps, is_uncontained=is_uncontained, text=", and ".join(texts)
    )


def silence_since(
    incident: Incident, clock: ResponseClock, *, last_said: datetime, now: datetime
) -> str | None:
    """Return that an incident somebody works on has had no news for too long.

    Args:
        incident: As it stands.
        clock: Of its severity.
        last_said: When something was last written on its time line.
        now: The present instant.

    Returns:
        A sentence; None where there is nothing to say.
    """
    hours = clock.update_hours
    if hours is None or not incident.is_active or incident.acknowledged_at is None:
        return None
    span = timedelta(hours=hours)
    if now - last_said < span:
        return None
    return f"no news of it for {in_words(span)}"


def in_words(span: timedelta) -> str:
    """Return a span in the largest unit that fits.

    >>> [in_words(timedelta(minutes=m)) for m in (15, 60, 90, 2880)]
    ['15 minutes', '1 hour', '90 minutes', '2 days']
    """
    minutes = round(span.total_seconds() / 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= size and minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}{'s'[: count != 1]}"
    return f"{minutes} minute{'s'[: minutes != 1]}"
