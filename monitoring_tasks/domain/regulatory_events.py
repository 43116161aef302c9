"""What was put on a regulatory record, and the chain of digests that holds it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from monitoring_tasks.domain.json_values import JsonObject, hash_json


class EventKind(StrEnum):
    """What was put on the record. `opened` alone holds facts by machine."""

    OPENED = "opened"
    ASSESSED = "assessed"
    AWARE = "aware"
    CAUSAL_LINK = "causal_link"
    MEASURE = "measure"
    SUBMISSION_NOTED = "submission_noted"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryEvent:
    """One thing a person put on the record of an incident; never changed.

    Attributes:
        incident: Id of the incident.
        kind: What was put there.
        at: When it was put there.
        actor: Who put it there.
        reason: Why, in the person's own words.
        detail: What was said, JSON only.
    """

    incident: str
    kind: EventKind
    at: datetime
    actor: str
    reason: str
    detail: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent(RegulatoryEvent):
    """An event as the store holds it, chained to the one before, of any incident.

    Attributes:
        number: Its place, from 1.
        previous: Digest of the event before it; `BEFORE_FIRST` for the first.
        digest: SHA-256 of everything else.
    """

    number: int
    previous: str
    digest: str

    def computed_digest(self) -> str:
        """Return the SHA-256 of what the event says now."""
        return digest_of(self, self.number, self.previous)


FIELDS = tuple(RegulatoryEvent.__dataclass_fields__)


def chained(event: RegulatoryEvent, number: int, previous: str) -> ChainedEvent:
    """Return an event with its number and both digests.

    Args:
        event: What was put on the record.
        number: Its place, from 1.
        previous: Digest of the event before it; `BEFORE_FIRST` for the first.
    """
    fields = {name: getattr(event, name) for name in FIELDS}
    digest = digest_of(event, number, previous)
    return ChainedEvent(**fields, number=number, previous=previous, digest=digest)


def digest_of(event: RegulatoryEvent, number: int, previous: str) -> str:
    """Return the SHA-256 of an event in its place.

    Args:
        event: What was put on the record.
        number: Its place, from 1.
        previous: Digest of the event before it.
    """
    kept = {name: getattr(event, name) for name in FIELDS}
    # In UTC, so that the zone a database gives instants back in does not matter.
    kept["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hash_json(kept | {"number": number, "previous": previous})
