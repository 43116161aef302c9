"""What is told to people and other systems: the occasion and the notice."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from monitoring_tasks.domain.decisions import Severity

LONGEST_KEY = 255
"""PagerDuty takes so many characters of a deduplication key, others more."""
MOST_LINES = 12
"""A message has no more lines, its headline included."""


class Occasion(StrEnum):
    """Why a message is sent."""

    OPENED = "opened"
    REOPENED = "reopened"
    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"
    MERGED = "merged"
    NOTED = "noted"
    REVIEW_DUE = "review_due"
    CLOSED = "closed"
    ALIAS_MOVED = "alias_moved"
    WARNED = "warned"
    DIGEST = "digest"
    REVIEW = "review"
    DEAD_LETTER = "dead_letter"
    CANARY = "canary"
    TEST = "test"


BEGINNINGS = frozenset({Occasion.OPENED, Occasion.REOPENED})
"""From here on an incident needs somebody."""
URGENT = BEGINNINGS | {Occasion.RAISED, Occasion.ESCALATED, Occasion.DEAD_LETTER}
"""Occasions that ask a person to act."""
ENDINGS = frozenset(
    {Occasion.RESOLVED, Occasion.FALSE_POSITIVE, Occasion.MERGED, Occasion.CLOSED}
)
"""After these an incident asks nobody any more."""
REHEARSALS = frozenset({Occasion.CANARY, Occasion.TEST})
"""They prove that a channel works; nothing is wrong with any model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something a reader can open.

    Attributes:
        text: What it is.
        href: Its address, absolute.
    """

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that one message says, whatever channel it goes through.

    Frozen when a message is first sent, so that a second attempt says the same.

    Attributes:
        id: The message's idempotency key, the same at every attempt.
        occasion: Why it is sent.
        key: Names the incident to systems that gather messages under one;
            `dedup_key` makes it. The same from its beginning to its end.
        incident: Id of the incident; empty where it is about none.
        model: Registered model name; `*` and more for the whole fleet.
        environment: Which Daywatch speaks, e.g. `production`.
        severity: How much it matters now.
        cause: Where the trouble comes from; empty where it is about none.
        state: Where the incident stands; empty where it is about none.
        at: When what it tells of happened; aware.
        since: First bad day; None where it is about none.
        headline: First line: model, what broke, since when, how sure, what was done.
        lines: The lines below it, plain text, `MOST_LINES` - 1 at most.
        facts: Names and values for systems that show them as a table.
        links: What a reader can open, the most useful first.
        owners: Who answers for the model.
        commands: What a reader can type, the first thing first.
    """

    id: str
    occasion: Occasion
    key: str
    incident: str = ""
    model: str
    environment: str = ""
    severity: Severity
    cause: str = ""
    state: str = ""
    at: datetime
    since: date | None = None
    headline: str
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    owners: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole message as plain text, a line each."""
        return "\n".join((self.headline, *self.lines))


def dedup_key(incident: str, *, environment: str, reopened: int) -> str:
    """Return the name under which other systems gather all messages of an episode.

    After a resolve the same key would open something new elsewhere, so each reopening
    has a key of its own.

    Args:
        incident: Id of the incident.
        environment: Which Daywatch speaks.
        reopened: How often it came back.

    >>> dedup_key("churn-data-2026-01-02", environment="production", reopened=1)
    'daywatch:production:churn-data-2026-01-02.r1'
    """
    again = f".r{reopened}" if reopened else ""
    key = f"daywatch:{environment}:{incident}{again}"
    if len(key) <= LONGEST_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}-{digest}"


def digest_key(channel: str, *, environment: str, at: datetime) -> str:
    """Return the key of a channel's digest of a day: full or bare, it is the same one.

    Args:
        channel: Name of the channel.
        environment: Which Daywatch speaks.
        at: When it is sent.
    """
    about = f"digest-{channel}-{at.date()}"
    return dedup_key(about, environment=environment, reopened=0)
