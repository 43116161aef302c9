"""A line of the journal, and the chain of digests that holds the lines together."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from monitoring_tasks.domain.json_values import JsonObject, hash_json
from monitoring_tasks.domain.rollbacks import RollbackState


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that happened to an alias, or to what may be done about one.

    Attributes:
        key: What it is about: the id of a rollback or of a hold, or `model@alias`.
        state: What happened, e.g. `applied`, `seen`, `hold`.
        at: When.
        model: Registered model name; `*` for all.
        alias: The alias; empty when it is not about one.
        from_version: Where the alias stood; empty when that is not known.
        to_version: Where it stands or shall stand.
        reason: Why.
        actor: Who did it: `daywatch`, a person, or `outside`.
        incident: The incident it belongs to, if any.
        guards: The guards, as JSON.
        evidence_digest: SHA-256 of what it rests on; empty when on nothing.
        fence: Token of the lease it was done under; 0 for none.
        detail: Whatever else is worth keeping, JSON only.
    """

    key: str
    state: str
    at: datetime
    model: str
    alias: str = ""
    from_version: str = ""
    to_version: str = ""
    reason: str = ""
    actor: str
    incident: str | None = None
    guards: list[Any] = field(default_factory=list)
    evidence_digest: str = ""
    fence: int = 0
    detail: JsonObject = field(default_factory=dict)


FIELDS = tuple(Line.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine(Line):
    """A line as the journal holds it, chained to the one before.

    Attributes:
        number: Its place in the journal, from 1.
        previous: Digest of the line before it; `BEFORE_FIRST` for the first.
        digest: SHA-256 of everything else.
    """

    number: int
    previous: str
    digest: str

    def to_json(self) -> JsonObject:
        """Return the line as a document, its keys in the order of the table."""
        fields = {name: getattr(self, name) for name in FIELDS}
        chain = {"previous": self.previous, "digest": self.digest}
        return {"number": self.number} | fields | chain

    def computed_digest(self) -> str:
        """Return the SHA-256 of what the line says now."""
        return digest_of(self.to_json())

    @classmethod
    def from_json(cls, document: JsonObject) -> Self:
        """Read a line back from plain JSON, where its instant is a text."""
        return cls(**dict(document) | {"at": datetime.fromisoformat(document["at"])})


def chained(line: Line, number: int, previous: str) -> JournalLine:
    """Return a line with its number and both digests.

    Args:
        line: What happened.
        number: Its place in the journal, from 1.
        previous: Digest of the line before it; `BEFORE_FIRST` for the first.
    """
    fields = {name: getattr(line, name) for name in FIELDS}
    row = fields | {"number": number, "previous": previous}
    return JournalLine(**row, digest=digest_of(row))


def digest_of(row: JsonObject) -> str:
    """Return the SHA-256 of a journal row, its own digest left out.

    Instants are written in UTC, so that the zone a database gives them back in does
    not matter.
    """
    kept = {name: row[name] for name in (*FIELDS, "number", "previous")}
    kept["at"] = kept["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hash_json(kept)


SEEN, OUTSIDE = "seen", "outside"
"""An alias was looked at for the first time; somebody else has moved it."""


STANDS = (SEEN, OUTSIDE, RollbackState.APPLIED.value)
"""Lines that say where an alias stands from then on."""
