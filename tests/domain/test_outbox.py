from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import (
    CLAIM,
    GIVE_UP,
    LONGEST_PAUSE,
    Message,
    MessageState,
    covered_by,
    gathered,
    is_hopeless,
    next_attempt,
    sendable,
)
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def message(number: int, **parts: object) -> Message:
    """Return a message that waits, about one incident to one channel."""
    base: dict[str, object] = {
        "number": number,
        "id": f"m{number}",
        "channel": "oncall",
        "occasion": Occasion.OPENED,
        "incident": "i",
        "model": "churn",
        "severity": "P1",
        "subject": {},
        "is_gathered": False,
        "state": MessageState.WAITING,
        "created_at": NOW,
        "due_at": NOW,
    }
    return Message(**base | parts)  # type: ignore[arg-type]


def numbers(messages: list[Message]) -> list[int]:
    """Return the numbers of some messages."""
    return [m.number for m in messages]


def test_an_end_is_never_told_before_its_beginning() -> None:
    """One that waits holds back later ones of its incident and channel, no others."""
    waiting = [
        message(1, attempts=3, due_at=NOW + MINUTE, attempted_at=NOW),
        message(2, occasion=Occasion.RESOLVED),
        message(3, channel="mail"),
        message(4, incident="j"),
        message(5, incident="j"),
    ]
    assert numbers(sendable(waiting, now=NOW)) == [3, 4]
    assert numbers(sendable(waiting, now=NOW + MINUTE)) == [1, 3, 4]


def test_an_alias_move_follows_its_incident_and_holds_back_nothing() -> None:
    """A reply needs the message above it; the end does not wait for a reply."""
    moved: dict[str, object] = {"occasion": Occasion.ALIAS_MOVED, "incident": None}
    waiting = [
        message(1, attempts=3, due_at=NOW + MINUTE, attempted_at=NOW),
        message(2, subject={"incident": "i"}, **moved),
        message(3, subject={"incident": None}, **moved),
        message(4, subject={"incident": "j"}, **moved),
        message(5, incident="j", occasion=Occasion.RESOLVED),
    ]
    assert numbers(sendable(waiting, now=NOW)) == [3, 4, 5]
    for covering in waiting:
        covered = covered_by(covering, waiting, is_stream=True)
        assert not any(m.occasion is Occasion.ALIAS_MOVED for m in covered)


def test_what_waits_for_its_hour_does_not_hold_back_what_cannot_wait() -> None:
    """A P1 that waits for the morning, and the night on which it becomes a P0."""
    morning = NOW + timedelta(hours=9)
    waiting = [message(1, due_at=morning), message(2, occasion=Occasion.RAISED)]
    assert numbers(sendable(waiting, now=NOW)) == [2]
    assert numbers(covered_by(waiting[1], waiting, is_stream=False)) == [1]


@pytest.mark.parametrize(
    ("parts", "due"),
    [
        ({}, True),
        ({"due_at": NOW + MINUTE}, False),
        ({"claimed_at": NOW - MINUTE}, False),
        ({"claimed_at": NOW - CLAIM}, True),
        ({"state": MessageState.SENT}, False),
        # The clock was put back: nothing waits for an hour that was already there.
        ({"claimed_at": NOW + CLAIM}, True),
        ({"claimed_at": NOW + MINUTE}, False),  # by a worker whose now is later
        ({"created_at": NOW + MINUTE, "due_at": NOW + MINUTE}, True),
        (
            {"attempted_at": NOW + MINUTE, "due_at": NOW + 2 * MINUTE, "attempts": 1},
            True,
        ),
    ],
)
def test_when_a_message_is_due(parts: dict[str, object], *, due: bool) -> None:
    """At its instant, when no worker is at it, whatever became of the clock."""
    assert message(1, **parts).is_due(NOW) is due


def test_pauses_grow_and_end() -> None:
    """Later each time, half an hour at most, and as long as the other side asks for."""
    pauses = [next_attempt(message(1, attempts=n), now=NOW) - NOW for n in range(1, 40)]
    assert timedelta(seconds=15) <= pauses[0] <= timedelta(seconds=30)
    assert pauses[4] > pauses[1]
    assert max(pauses) <= LONGEST_PAUSE
    assert len(set(pauses)) > 30  # jitter
    asked = next_attempt(message(1, attempts=1), now=NOW, retry_after=3600)
    assert asked == NOW + timedelta(hours=1)


@pytest.mark.parametrize("early", [timedelta(0), timedelta(seconds=1)])
def test_a_day_without_the_channel_loses_nothing(early: timedelta) -> None:
    """It is given up after three days of trying, not a second before."""
    tried = message(1, composed_at=NOW)
    assert is_hopeless(tried, now=NOW + GIVE_UP - early) is (not early)


def test_a_stream_is_told_once_of_what_was_waiting() -> None:
    """A page tells how things stand now; a channel of states needs each step."""
    waiting = [message(1), message(2), message(3, incident="j"), message(4)]
    later = covered_by(waiting[0], waiting, is_stream=True)
    assert numbers(later) == [2, 4]
    assert covered_by(waiting[0], waiting, is_stream=False) == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (Occasion.OPENED, Occasion.MONITORING, True),
        (Occasion.OPENED, Occasion.RAISED, True),
        (Occasion.OPENED, Occasion.RESOLVED, False),
        (Occasion.RESOLVED, Occasion.REOPENED, False),
        (Occasion.RESOLVED, Occasion.CLOSED, True),
    ],
)
def test_news_covers_only_what_it_tells(
    first: Occasion, second: Occasion, *, told: bool
) -> None:
    """An end does not cover a return, nor a page an end."""
    waiting = [message(1, occasion=first), message(2, occasion=second)]
    assert bool(covered_by(waiting[0], waiting, is_stream=True)) is told
    # A text of an earlier attempt knows nothing of what came since.
    frozen = replace(waiting[0], notice={})
    assert covered_by(frozen, waiting, is_stream=True) == []


def test_a_digest_gathers_its_channel() -> None:
    """What is gathered goes out together, when it is due, and never by itself."""
    base = [message(n, is_gathered=True, incident=f"i{n}") for n in (1, 2)]
    waiting = [*base, replace(base[0], number=3, id="m3", channel="mail")]
    assert sendable(waiting, now=NOW) == []
    found = gathered(waiting, now=NOW)
    assert {name: numbers(them) for name, them in found.items()} == {
        "oncall": [1, 2],
        "mail": [3],
    }
