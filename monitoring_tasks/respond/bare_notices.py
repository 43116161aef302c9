"""What is told where the words for it cannot be written: from a row alone. Pure."""

from collections.abc import Sequence
from datetime import datetime

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.messages import Notice, Occasion, dedup_key, digest_key
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.respond.notices import subject_of

MARK = ("text", "bare: the full one could not be written")
"""The fact by which a substitute is known."""
LONGEST_FAULT = 200
MOST_NAMED = 8
"""So many incidents a bare digest names."""


def is_bare(notice: Notice) -> bool:
    """Whether a notice stands in the place of one that could not be written."""
    return MARK in notice.facts


def bare_notice(
    message: Message, incident: Incident | None, fault: str, *, environment: str
) -> Notice:
    """Return what can be said of a message without its evidence.

    Args:
        message: The message whose words cannot be written.
        incident: The row of its incident as it stands; None for none.
        fault: What failed.
        environment: Which Daywatch speaks.
    """
    about = message.belongs_to or message.model
    show = (
        f"daywatch incident show {about}" if message.belongs_to else "daywatch status"
    )
    subject = subject_of(incident) if incident else message.model
    what = f"{message.occasion.replace('_', ' ')}: {message.severity} {subject}"
    lines = [f"About {about}; nothing else could be written."]
    if incident is not None:
        cause = incident.cause.replace("_", " ")
        what = f"{what}: {cause}"
        lines = [
            f"{incident.id} is {incident.state.replace('_', ' ')}, cause: {cause}",
            f"Bad days {incident.onset_day} to {incident.last_day}: {incident.title}",
        ]
    return Notice(
        id=message.id,
        occasion=message.occasion,
        key=dedup_key(
            about,
            environment=environment,
            reopened=incident.reopened if incident else 0,
        ),
        incident=message.belongs_to or "",
        model=message.model,
        environment=environment,
        severity=incident.severity if incident else Severity(message.severity),
        cause=incident.cause.value if incident else "",
        state=incident.state.value if incident else "",
        at=message.created_at,
        since=incident.onset_day if incident else None,
        headline=f"Bare message, the full one could not be written; {what}",
        lines=(*lines, f"Run: {show}", _failed(fault)),
        facts=(MARK,),
        commands=(show,),
    )


def bare_digest(
    messages: Sequence[Message], fault: str, *, environment: str, at: datetime
) -> Notice:
    """Return a digest that names what was gathered, and tells nothing of it.

    Args:
        messages: What was gathered; at least one.
        fault: What failed.
        environment: Which Daywatch speaks.
        at: When it is sent.
    """
    first = messages[0]
    told = list(dict.fromkeys(m.belongs_to or m.model for m in messages))
    further = len(told) - MOST_NAMED
    command = "daywatch incident list"
    return Notice(
        id=f"digest-{first.id}",
        occasion=Occasion.DIGEST,
        key=digest_key(first.channel, environment=environment, at=at),
        model="*",
        environment=environment,
        severity=min(Severity(m.severity) for m in messages),
        at=at,
        headline=(
            "Bare digest, the full one could not be written; it would have told of "
            f"{', '.join(told[:1])}" + (f" and {len(told) - 1} more" * bool(told[1:]))
        ),
        lines=(
            *told[:MOST_NAMED],
            *((f"and {further} more",) if further > 0 else ()),
            f"Run: {command}",
            _failed(fault),
        ),
        facts=(MARK,),
        commands=(command,),
    )


def _failed(fault: str) -> str:
    return f"What failed: {' '.join(fault.split())[:LONGEST_FAULT]}"
