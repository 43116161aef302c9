"""What people do in other systems, as Daywatch hears of it, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitoring_tasks.domain.incidents import ENDED, Incident, IncidentState
from monitoring_tasks.domain.messages import dedup_key


class What(StrEnum):
    """What somebody did."""

    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    NOTED = "noted"
    NAMED = "named"
    """Nobody did anything; it says how the other side calls an incident."""


class Outcome(StrEnum):
    """What became of something that was heard."""

    PENDING = "pending"
    DONE = "done"
    ALREADY = "already"
    LATE = "late"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    REPEATED = "repeated"
    """Settled at an earlier hearing; never written down."""


UNSETTLED = frozenset({Outcome.PENDING, Outcome.UNKNOWN})
"""Worth acting on again when it is heard again."""
OVER = ENDED | {IncidentState.CLOSED}
"""What is resolved is here, and stays resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something a person did in a channel, with the proof behind it checked.

    Attributes:
        event: The other side's name for it; the same event has the same name however
            often and by whatever way it comes.
        channel: Name of the channel.
        what: What was done.
        who: Who did it, as the other side calls them.
        at: When, by the other side's clock; aware.
        text: What they said; empty for nothing.
        field: Part of a receipt that names the incident, e.g. `dedup_key`; empty
            where only `other` does.
        value: What that part holds.
        key: Key of the episode they saw, where the other side gives it back.
        other: The other side's own id of the incident.
    """

    event: str
    channel: str
    what: What
    who: str
    at: datetime
    text: str = ""
    field: str = ""
    value: str = ""
    key: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Which incident a receipt of a message belongs to.

    Attributes:
        incident: Its id.
        key: Key of the episode the message was about.
        environment: Which Daywatch sent it.
        is_latest: Whether the channel's latest message about the incident has it, too.
    """

    incident: str
    key: str
    environment: str
    is_latest: bool


def why_late(heard: Heard, incident: Incident, address: Address) -> str:
    """Return why something came too late to count; empty where it did not.

    Args:
        heard: What was heard; a note is never late.
        incident: As it stands now.
        address: What it was heard about.
    """
    if heard.what not in {What.ACKNOWLEDGED, What.RESOLVED}:
        return ""
    current = dedup_key(
        incident.id, environment=address.environment, reopened=incident.reopened
    )
    if (heard.key or address.key) != current:
        return "the incident was opened again since"
    if heard.what is What.RESOLVED and not address.is_latest:
        return "another alert had taken its place"
    is_over = heard.what is What.RESOLVED and incident.state in OVER
    if not incident.is_active and not is_over:
        return f"the incident was {incident.state} by then"
    return ""
