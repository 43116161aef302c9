"""Moving an alias back: what is asked, what must hold, what came of it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One thing that must hold before an alias may move.

    Attributes:
        name: Short name, e.g. `alias_unchanged`.
        passed: Whether it held.
        seen: What was seen, in words or numbers.
        needed: What was needed.
    """

    name: str
    passed: bool
    seen: str
    needed: str


class MoveState(StrEnum):
    """Where an alias move stands; the journal keeps one line for each step."""

    INTENT = "intent"
    APPLIED = "applied"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A wish to move an alias from one version to another, once.

    Attributes:
        key: Idempotence key; the same wish has the same key for ever.
        model: Registered model name.
        alias: The alias to move.
        from_version: Where the alias must stand now.
        to_version: Where it shall stand.
        reason: Why, in a sentence.
        actor: Who asked: `daywatch` or a person.
        incident: The incident it belongs to, if any.
    """

    key: str
    model: str
    alias: str
    from_version: str
    to_version: str
    reason: str
    actor: str
    incident: str | None = None


def refusals(guards: list[Guard]) -> list[Guard]:
    """Give the guards that did not hold; an empty list of guards holds nothing.

    Raises:
        ValueError: If there are no guards at all: an unguarded move is a bug.
    """
    if not guards:
        msg = "an alias move without guards is not allowed"
        raise ValueError(msg)
    return [guard for guard in guards if not guard.passed]
