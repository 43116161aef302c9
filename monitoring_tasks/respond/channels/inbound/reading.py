"""A request that came in, and what reading it gave: what was heard, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.respond.channels.lengths import one_line, shortened
from monitoring_tasks.respond.channels.wording import CLIENT

LONGEST_WHO = 100
LONGEST_TEXT = 2_000
LONGEST_ID = 300
NOBODY = frozenset({"", "system", CLIENT.lower()})
"""Names under which no person acts: the other side itself, and Daywatch."""
SECONDS_END = 1e11
"""Larger numbers are milliseconds or finer: as seconds it is the year 5138."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRequest:
    """A request as it came in; nothing of it is in its repr.

    Attributes:
        headers: By name in small letters.
        body: The bytes that were signed.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a request said whose sender is proved.

    Attributes:
        heard: What people did; empty for nothing.
        ignored: What it told besides that nobody needs, in a word each.
        answer: What the sender wants to be answered; empty for nothing.
    """

    heard: tuple[Heard, ...] = ()
    ignored: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request that is not listened to; the sender is not told why.

    Attributes:
        reason: Why, for the log; no secret and nothing of the request.
    """

    reason: str


def heard_of(  # noqa: PLR0913 (keyword-only: the parts of what was heard)
    *,
    event: str,
    channel: str,
    what: What,
    who: str,
    at: datetime,
    text: str = "",
    mark: tuple[str, str] = ("", ""),
    key: str = "",
    other: str = "",
) -> Heard:
    """Return what was heard, its texts cleaned and cut.

    Args:
        event: The other side's name for it.
        channel: Name of the channel.
        what: What was done.
        who: Who did it.
        at: When; aware.
        text: What they said.
        mark: Name and value of the part of a receipt that names the incident.
        key: Key of the episode they saw.
        other: The other side's id of the incident.

    Raises:
        ValueError: If the event has no name, or one too long to be one.
    """
    name = one_line(event)
    if not 0 < len(name) <= LONGEST_ID:
        msg = "an event without a name"
        raise ValueError(msg)
    return Heard(
        event=name,
        channel=channel,
        what=what,
        who=shortened(one_line(who), LONGEST_WHO) or "somebody",
        at=at,
        text=shortened(one_line(text), LONGEST_TEXT),
        field=mark[0] if mark[1] else "",
        value=mark[1][:LONGEST_ID],
        key=key[:LONGEST_ID],
        other=one_line(other)[:LONGEST_ID],
    )


def text_at(document: Any, *path: str) -> str:  # noqa: ANN401 (any JSON)
    """Return the text at a path of a document; empty where there is none.

    Args:
        document: Whatever JSON holds.
        *path: Keys of objects, one inside the other.
    """
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, str) else ""


def parts_at(document: Any, *path: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the objects of a list at a path of a document; empty where it is none.

    Args:
        document: Whatever JSON holds.
        *path: Keys of objects, one inside the other.
    """
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    if not isinstance(document, list):
        return []
    return [part for part in document if isinstance(part, dict)]


def instant_of(written: object) -> datetime:
    """Return an instant from ISO text or a number; without a zone it is UTC.

    Args:
        written: ISO text, or seconds, milliseconds or finer since 1970, also as text.

    Raises:
        ValueError: If it is none.
    """
    if isinstance(written, str) and "T" in written:
        instant = datetime.fromisoformat(written)
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    seconds = float(str(written))
    if not 0 < seconds < 1e20:  # noqa: PLR2004 (nanoseconds end long before)
        msg = "not an instant"
        raise ValueError(msg)
    while seconds > SECONDS_END:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, tz=UTC)


def is_nobody(who: str) -> bool:
    """Whether a name is none of a person's."""
    return who.strip().lower() in NOBODY
