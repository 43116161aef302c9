"""An event of an incident's time line, and its place in the chain of all of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from monitoring_tasks.domain.json_values import JsonObject, hash_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said of an incident, to be written on its time line.

    Attributes:
        at: When it is said; aware.
        actor: Who says it: `daywatch`, a person, or another system.
        text: What is said, or why something is done.
        origin: Channel through which it was said, which is not told back; empty for
            none.
    """

    at: datetime
    actor: str
    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """Something that happened to an incident; never changed.

    Attributes:
        number: Its place among the events of all incidents, from 1.
        incident: Id of the incident.
        event: Names it; an incident has one event of a name.
        at: When it happened; aware.
        actor: Who did it: `daywatch`, a person, or another system.
        kind: The state of the incident after it.
        text: What happened, a sentence.
        detail: What it rests on, JSON only.
        previous: Digest of the event before it; `BEFORE_FIRST` for the first.
        digest: SHA-256 of everything else.
    """

    number: int
    incident: str
    event: str
    at: datetime
    actor: str
    kind: str
    text: str
    detail: JsonObject
    previous: str
    digest: str

    def computed_digest(self) -> str:
        """Return the SHA-256 of what the event says now."""
        return event_digest({name: getattr(self, name) for name in CHAINED_FIELDS})


CHAINED_FIELDS = (
    "number",
    "incident",
    "event",
    "at",
    "actor",
    "kind",
    "text",
    "detail",
    "previous",
)
"""What the digest of an event is made of."""


def event_digest(fields: JsonObject) -> str:
    """Return the SHA-256 of an event; `fields` holds all of `CHAINED_FIELDS`."""
    kept = {name: fields[name] for name in CHAINED_FIELDS}
    # In UTC, so that the zone a database gives instants back in does not matter.
    kept["at"] = kept["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hash_json(kept)
