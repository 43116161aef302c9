"""Messages on their way: from the change they tell of to their delivery. Pure rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from random import Random

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject, hash_json
from monitoring_tasks.domain.messages import ENDINGS, URGENT, Occasion

TEMPLATE = 1
"""Grows when messages are worded anew: a part of their idempotency keys."""
CLAIM = timedelta(minutes=2)
"""So long a worker may take over one message; after that another may try."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=1)
"""So long a channel is left alone at most, whatever it asks for."""
GIVE_UP = timedelta(days=3)
"""A channel that has been away for so long is not waited for any more."""
OVERDUE = timedelta(minutes=10)
"""An urgent message that still waits then is told of through other channels."""


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    COVERED = "covered"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where one message goes, and when.

    Attributes:
        channel: Name of the channel in the settings.
        is_gathered: Whether it waits for the digest of its channel.
        due_at: When it may be sent, aware; not before.
    """

    channel: str
    is_gathered: bool
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that is to be told.

    Attributes:
        occasion: Why.
        subject: What it is about, as JSON: frozen with the change it tells of.
        incident: The incident as it stands after the change; None for none.
        model: Registered model name.
        severity: How much it matters, P0 to P3.
        at: When it happened.
        key: Makes it one of its kind: the same key is written once a channel.
        origin: Channel that told Daywatch of it, and is not told back; empty for none.
    """

    occasion: Occasion
    subject: JsonObject
    incident: Incident | None = None
    model: str
    severity: str
    at: datetime
    key: str
    origin: str = ""


Router = Callable[[News], Sequence[Route]]
"""From what is to be told to where it goes."""


def no_routes(news: News) -> Sequence[Route]:
    """Return no route: where nothing is to be sent."""
    del news
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one channel.

    Attributes:
        number: Its place in the outbox, from 1: messages of an incident to a channel
            are sent in this order.
        id: Idempotency key, the same at every attempt.
        channel: Name of the channel.
        occasion: Why it is sent.
        incident: Id of the incident; None for none.
        model: Registered model name.
        severity: P0 to P3.
        subject: What it is about, as JSON.
        is_gathered: Whether it waits for the digest of its channel.
        state: Where it stands.
        created_at: When the change it tells of was written.
        due_at: Not sent before.
        attempts: How often it was tried.
        attempted_at: When it was tried last.
        claimed_at: When a worker took it to send it.
        claimed_by: Which worker.
        fault: Why the last attempt failed; empty for none.
        notice: What it says, frozen at its first attempt; None before.
        composed_at: When that was written.
        receipt: What the other side gave back.
        sent_at: When it was delivered.
        covered_by: The message that had already told what this one would.
    """

    number: int
    id: str
    channel: str
    occasion: Occasion
    incident: str | None
    model: str
    severity: str
    subject: JsonObject
    is_gathered: bool
    state: MessageState
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    claimed_at: datetime | None = None
    claimed_by: str | None = None
    fault: str = ""
    notice: JsonObject | None = None
    composed_at: datetime | None = None
    receipt: JsonObject | None = None
    sent_at: datetime | None = None
    covered_by: str | None = None

    @property
    def order_key(self) -> tuple[str, str]:
        """Messages that share it are sent one after the other."""
        return self.channel, self.incident or self.id

    @property
    def belongs_to(self) -> str | None:
        """Id of its incident; of an alias move, that of which it is a part."""
        if self.occasion is Occasion.ALIAS_MOVED:
            return self.subject.get("incident") or None
        return self.incident

    def is_due(self, now: datetime) -> bool:
        """Whether it may be sent at `now`, and no worker is at it.

        A clock that was put back must not hold a message for ever: what was written
        in the future counts as due, and what was claimed well ahead of now as free.
        """
        is_claimed = self.claimed_at is not None and abs(now - self.claimed_at) < CLAIM
        last = self.attempted_at or self.created_at
        is_early = self.due_at > now and last <= now
        return self.state is MessageState.WAITING and not is_claimed and not is_early


def message_id(channel: str, key: str) -> str:
    """Return the idempotency key of a message.

    Args:
        channel: Name of the channel.
        key: What is told, from `News.key`.
    """
    return hash_json([TEMPLATE, channel, key])[:32]


def next_attempt(
    message: Message, *, now: datetime, retry_after: float | None = None
) -> datetime:
    """Return when a message that failed is tried again: later each time, with jitter.

    Args:
        message: As it stands after the failed attempt.
        now: When that failed.
        retry_after: Seconds the other side asked for; None where it did not.
    """
    doubled = FIRST_PAUSE * 2 ** min(message.attempts - 1, 10)
    pause = min(doubled, LONGEST_PAUSE)
    # Seeded by the attempt: workers spread out, and a test can tell the result.
    seed = sha256(f"{message.id}:{message.attempts}".encode()).digest()
    jittered = pause * (0.5 + Random(seed).random() / 2)  # noqa: S311 (not a secret)
    # What waits behind may be urgent: nobody is left alone for longer than that.
    asked = min(timedelta(seconds=retry_after or 0), LONGEST_WAIT)
    later: datetime = now + max(jittered, asked)
    return later


def is_hopeless(message: Message, *, now: datetime) -> bool:
    """Whether a message has been tried for so long that it is given up.

    Args:
        message: After a failed attempt; its text was written at the first.
        now: When that failed.
    """
    return now - (message.composed_at or now) >= GIVE_UP


def sendable(messages: Sequence[Message], *, now: datetime) -> list[Message]:
    """Return the messages that may be sent now each by itself, in order.

    One that was tried in vain holds back those after it about the same incident to the
    same channel: an end is never told before its beginning. One that only waits for
    its hour holds back nothing: what cannot wait tells of it as well. An alias move
    waits for what came before about its incident, and holds back nothing either.

    Args:
        messages: All that wait, by number.
        now: The present instant.
    """
    blocked: set[tuple[str, str]] = set()
    chosen = []
    for message in messages:
        if message.is_gathered:
            continue
        is_due = message.is_due(now)
        key = message.channel, message.belongs_to or message.id
        if is_due and key not in blocked:
            chosen.append(message)
        if is_due or message.attempts or message.claimed_at is not None:
            blocked.add(message.order_key)
    return chosen


def gathered(messages: Sequence[Message], *, now: datetime) -> dict[str, list[Message]]:
    """Return the messages whose digest is due now, by channel.

    Args:
        messages: All that wait, by number.
        now: The present instant.
    """
    by_channel: dict[str, list[Message]] = {}
    for message in messages:
        if message.is_gathered and message.is_due(now):
            by_channel.setdefault(message.channel, []).append(message)
    return by_channel


def covered_by(
    message: Message, waiting: Sequence[Message], *, is_stream: bool
) -> list[Message]:
    """Return the messages that are told once another one is sent.

    Earlier ones that waited for their hour; in a channel that is a stream also later
    ones, because what is written now tells how things stand. Not so a text that was
    written for an earlier attempt; and what is urgent is covered by urgent news alone,
    an end by an end.

    Args:
        message: The one that is sent, as it was before it was written.
        waiting: All that wait when it is written.
        is_stream: Whether the channel shows one message after the other.
    """
    return [
        other
        for other in waiting
        if other.order_key == message.order_key
        and other.id != message.id
        and not other.is_gathered
        and _tells_of(message, other, is_stream=is_stream)
    ]


def _tells_of(message: Message, other: Message, *, is_stream: bool) -> bool:
    if other.number < message.number:
        return message.occasion in URGENT | ENDINGS
    if not is_stream or message.notice is not None:
        return False
    for kinds in (URGENT, ENDINGS):
        if other.occasion in kinds:
            return message.occasion in kinds
    return True
