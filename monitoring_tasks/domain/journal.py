"""A line of the journal, and the chain of digests that holds the lines together."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.domain.rollbacks import RollbackState

BEFORE_FIRST = "0" * 64
"""What the first line names as the digest of the line before it."""


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
    detail: dict[str, Any] = field(default_factory=dict)


FIELDS = tuple(Line.__dataclass_fields__)


def chained(line: Line, number: int, previous: str) -> dict[str, Any]:
    """Return the row of a line: itself, its number, and both digests.

    Args:
        line: What happened.
        number: Its place in the journal, from 1.
        previous: Digest of the line before it; `BEFORE_FIRST` for the first.
    """
    row = asdict(line) | {"number": number, "previous": previous}
    return row | {"digest": digest_of(row)}


def digest_of(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a journal row, its own digest left out.

    Instants are written in UTC, so that the zone a database gives them back in does
    not matter.
    """
    kept = {name: row[name] for name in (*FIELDS, "number", "previous")}
    kept["at"] = kept["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hash_json(kept)


def first_break(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Say where the chain breaks; None when it holds.

    Args:
        rows: Every row of the journal, by number.
    """
    previous, number = BEFORE_FIRST, 0
    for row in rows:
        # In this order: a line cut out is the reason why the next one does not follow.
        if row["number"] != number + 1:
            return (
                f"line {number + 1} is missing; line {row['number']} follows {number}"
            )
        if row["previous"] != previous:
            return f"line {row['number']} does not follow the line before it"
        if row["digest"] != digest_of(row):
            return f"line {row['number']} was changed after it was written"
        previous, number = row["digest"], row["number"]
    return None


SEEN, OUTSIDE = "seen", "outside"
"""An alias was looked at for the first time; somebody else has moved it."""


STANDS = (SEEN, OUTSIDE, RollbackState.APPLIED.value)
"""Lines that say where an alias stands from then on."""
