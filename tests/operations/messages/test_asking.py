import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.hearing import What
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.operations.messages.asking import FIRST, OVERLAP, ask_channels
from monitoring_tasks.operations.messages.rounds import round_of
from monitoring_tasks.store.poll_cursors import PollCursors
from tests.operations.answers import POLLING, THREAD, Told, as_told, told_room
from tests.respond.channels.inbound.requests import MERGED, SERVICE, USER
from tests.transports.servers import Reply, always

NOW = SYSTEM_CLOCK.now()
CREATED = (NOW - timedelta(hours=2)).isoformat()
RECENT = (NOW - timedelta(minutes=2)).isoformat()
ENTRY = {"created_at": RECENT, "agent": USER}
ENTRIES = [
    ENTRY | {"id": "R1", "type": "acknowledge_log_entry"},
    ENTRY
    | {"id": "R2", "type": "annotate_log_entry", "channel": {"summary": "a note"}},
    ENTRY | {"id": "R3", "type": "resolve_log_entry", "agent": SERVICE},
    ENTRY | {"id": "R4", "type": "notify_log_entry"},
]
NOTES = [
    {"note": "a note", "owner": "kim", "createdAt": RECENT, "offset": "1"},
    {"note": "ours", "owner": "Daywatch", "createdAt": RECENT, "offset": "2"},
]
REPORT = {"acknowledgedBy": "kim", "ackTime": 60_000}
REPLIES = [
    {"ts": THREAD, "reactions": [{"name": "eyes", "users": ["U1"], "count": 1}]},
    {"ts": "1772433001.1", "thread_ts": THREAD, "user": "U1", "text": "a note"},
    {"ts": "1772433002.1", "thread_ts": THREAD, "bot_id": "B1", "text": "ours"},
]
Documents = Mapping[str, Any]


def pagerduty(path: str, query: dict[str, list[str]]) -> Documents:
    """Answer as PagerDuty does: an incident by its key, then two pages of its log."""
    if path == "/incidents":
        assert query["incident_key"][0].startswith("daywatch:")
        return {"incidents": [{"id": "PGR0", "created_at": CREATED}]}
    assert path == "/incidents/PGR0/log_entries"
    first = query["offset"] == ["0"]
    return {"log_entries": ENTRIES[:1] if first else ENTRIES[1:], "more": first}


def opsgenie(path: str, query: dict[str, list[str]]) -> Documents:
    """Answer as Opsgenie does: an alert by its alias, then its notes."""
    if path.endswith("/notes"):
        return {"data": NOTES}
    alias = query["query"][0].removeprefix('alias:"').removesuffix('"')
    alert = {"id": "A1", "alias": alias, "createdAt": CREATED, "report": REPORT}
    return {"data": [alert]}


def slack(path: str, query: dict[str, list[str]]) -> Documents:
    """Answer as Slack does: the message and its replies, a page each."""
    assert path == "/conversations.replies"
    assert (query["channel"], query["ts"]) == (["C1"], [THREAD])
    page = int(query.get("cursor", ["0"])[0])
    more = {"next_cursor": str(page + 1)} if page + 1 < len(REPLIES) else {}
    return {"ok": True, "messages": REPLIES[page : page + 1], "response_metadata": more}


def answering(service: Callable[..., Documents]) -> Callable[..., Reply]:
    """Return a reply of one service; others are not asked."""

    def reply(method: str, target: str, headers: Any, _: bytes) -> Reply:  # noqa: ANN401
        parts = urlsplit(target)
        assert (method, "token-0123456789" in headers["Authorization"]) == ("GET", True)
        document = service(parts.path, parse_qs(parts.query))
        return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()

    return reply


@pytest.fixture
def here(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Told]:
    """A workspace that asks a channel of each kind."""
    with told_room(tmp_path, empty_store, monkeypatch, **POLLING) as opened:
        yield opened


def leave(here: Told, channel: str) -> None:
    """Let one channel alone be asked."""
    channels = here.room.workspace.settings.channels
    for name in set(channels) - {channel}:
        changes = {"poll_connection": None}
        channels[name] = channels[name].model_copy(update=changes)


@pytest.mark.parametrize("service", [pagerduty, opsgenie, slack])
def test_what_people_did_is_asked_for_and_heard_once(
    here: Told, service: Callable[..., Documents]
) -> None:
    """Whatever way it is asked; bots, services and Daywatch are not heard."""
    incident = here.report()
    leave(here, service.__name__)
    here.server.reply = answering(service)
    workspace = here.room.workspace
    first = ask_channels(workspace, now=NOW)
    assert first == {service.__name__: 2}
    assert here.now(incident).state is IncidentState.ACKNOWLEDGED
    lines = here.lines(incident)
    assert len(lines) == 3
    assert ask_channels(workspace, now=NOW) == {service.__name__: 0}
    assert here.lines(incident) == lines
    here.server.reply = as_told
    here.deliver()
    assert here.told(service.__name__) == ["opened"]


def test_a_question_begins_where_the_last_one_ended(here: Told) -> None:
    """And a little before, because services show things late."""
    here.report()
    leave(here, "pagerduty")
    here.server.reply = answering(pagerduty)
    ask_channels(here.room.workspace, now=NOW)
    here.server.asked.clear()
    ask_channels(here.room.workspace, now=NOW + timedelta(minutes=5))
    (asked,) = {
        parse_qs(urlsplit(target).query)["since"][0]
        for _, target, *_ in here.server.asked
        if "log_entries" in target
    }
    assert asked == (NOW - OVERLAP).isoformat()


def test_a_merge_over_there_ends_nothing_here(here: Told) -> None:
    """PagerDuty resolves what it merges, in a person's name."""
    incident = here.report()
    leave(here, "pagerduty")

    def merged(path: str, query: dict[str, list[str]]) -> Documents:
        document = pagerduty(path, query)
        if path == "/incidents":
            return {
                "incidents": [document["incidents"][0] | {"resolve_reason": MERGED}]
            }
        return {"log_entries": [ENTRY | {"id": "R9", "type": "resolve_log_entry"}]}

    here.server.reply = answering(merged)
    assert ask_channels(here.room.workspace, now=NOW) == {"pagerduty": 0}
    assert here.now(incident).state is IncidentState.OPEN


def test_with_a_door_only_names_are_asked_for(here: Told) -> None:
    """So that a note which came by the door is led to its incident."""
    incident = here.report()
    leave(here, "pagerduty")
    channels = here.room.workspace.settings.channels
    changes = {"signing_connection": "signing"}
    channels["pagerduty"] = channels["pagerduty"].model_copy(update=changes)
    here.server.reply = answering(pagerduty)
    here.server.asked.clear()
    assert ask_channels(here.room.workspace, now=NOW) == {"pagerduty": 0}
    assert len(here.server.asked) == 1
    assert here.lines(incident) == []
    row = here.room.workspace.heard_events.listing(incident.id)[0]
    assert (row["what"], row["other"]) == (What.NAMED, "PGR0")


@pytest.mark.parametrize(
    "reply",
    [always(500), always(401), always(200), always(200, '{"incidents": [{"id": 1}]}')],
    ids=["in trouble", "refusing", "empty", "strange"],
)
def test_a_failing_question_stops_no_round(
    here: Told, reply: Callable[..., Reply], caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged without secrets, and asked again from where it stood."""
    caplog.set_level(logging.WARNING)
    here.report()
    here.server.reply = reply
    done = round_of(here.room.workspace)
    assert done["escalated"], "the round went on"
    assert "slack" not in done["heard"]
    assert "token-0123456789" not in caplog.text
    cursors = PollCursors(here.room.workspace.database)
    assert cursors.asked_until("slack") is None


def test_nobody_is_asked_without_an_incident(here: Told) -> None:
    """A quiet week makes no calls."""
    assert set(ask_channels(here.room.workspace, now=NOW).values()) == {0}
    assert here.server.asked == []


def test_what_was_answered_before_a_fault_counts(here: Told) -> None:
    """The rest is asked for from where it stood, once the service may be asked.

    Here the second page about the second of three incidents is one too many.
    """
    causes = (Cause.MODEL, Cause.DATA, Cause.SEGMENT)
    ids = [here.report(id=f"i{n}", cause=c).id for n, c in enumerate(causes)]
    leave(here, "pagerduty")
    is_busy = True

    def reply(method: str, target: str, headers: Any, content: bytes) -> Reply:  # noqa: ANN401
        query = parse_qs(urlsplit(target).query)
        if is_busy and "i1" in target and query.get("offset") == ["100"]:
            return always(429, Retry_After="600")()
        return answering(of_several)(method, target, headers, content)

    def states() -> list[str]:
        stored = map(here.room.workspace.incidents.get, ids)
        return [incident.state.value for incident in stored if incident]

    here.server.reply, workspace = reply, here.room.workspace
    assert ask_channels(workspace, now=NOW) == {"pagerduty": 3}
    assert states() == ["acknowledged", "acknowledged", "open"]
    is_busy = False
    here.server.asked.clear()
    early = NOW + timedelta(seconds=599)
    assert ask_channels(workspace, now=early) == {}
    assert here.server.asked == []
    later = NOW + timedelta(seconds=600)
    assert ask_channels(workspace, now=later) == {"pagerduty": 3}
    logs = [target for _, target, *_ in here.server.asked if "log_entries" in target]
    begins = [parse_qs(urlsplit(target).query)["since"][0] for target in logs]
    first, again = (later - FIRST).isoformat(), (NOW - OVERLAP).isoformat()
    assert begins == [first, first, again, again, first, first]
    assert [target.split("/")[2] for target in logs[::2]] == ["i2", "i0", "i1"]
    assert states() == ["acknowledged"] * 3
    cursors = PollCursors(workspace.database)
    assert cursors.asked_until("pagerduty") == later
    assert cursors.answered("pagerduty") == cursors.failed("pagerduty") == {}


def of_several(path: str, query: dict[str, list[str]]) -> Documents:
    """Answer as PagerDuty does where each incident has a key and a log of its own."""
    if path == "/incidents":
        key = query["incident_key"][0].rpartition(":")[2]
        return {"incidents": [{"id": key, "created_at": CREATED}]}
    about = path.split("/")[2]
    first = query["offset"] == ["0"]
    entries = ENTRIES[:1] if first else ENTRIES[1:]
    named = [entry | {"id": f"{about}-{entry['id']}"} for entry in entries]
    return {"log_entries": named, "more": first}


def test_an_answer_in_trouble_for_ever_holds_up_no_other(here: Told) -> None:
    """Nor does a service that is in trouble altogether make a round long."""
    causes = (Cause.MODEL, Cause.DATA, Cause.SEGMENT)
    for number, cause in enumerate(causes):
        here.report(id=f"i{number}", cause=cause)
    leave(here, "pagerduty")

    def reply(method: str, target: str, headers: Any, content: bytes) -> Reply:  # noqa: ANN401
        if "i0" in target:
            return always(500)()
        return answering(of_several)(method, target, headers, content)

    here.server.reply = reply
    assert ask_channels(here.room.workspace, now=NOW) == {"pagerduty": 4}
    here.server.reply = always(503)
    here.server.asked.clear()
    assert ask_channels(here.room.workspace, now=NOW + timedelta(minutes=5)) == {}
    assert len(here.server.asked) == 2


def test_incidents_that_fail_for_ever_have_their_turn_last(here: Told) -> None:
    """As many of them as end a round do not keep others from being asked about."""
    causes = (Cause.MODEL, Cause.DATA, Cause.SEGMENT)
    ids = [here.report(id=f"i{n}", cause=c).id for n, c in enumerate(causes)]
    leave(here, "pagerduty")

    def reply(method: str, target: str, headers: Any, content: bytes) -> Reply:  # noqa: ANN401
        if "/i0/" in target or "/i1/" in target:
            return always(500)()
        return answering(of_several)(method, target, headers, content)

    def ask(minutes: int) -> list[str]:
        here.server.asked.clear()
        now = NOW + timedelta(minutes=minutes)
        assert "pagerduty" in ask_channels(here.room.workspace, now=now)
        logs = [t for _, t, *_ in here.server.asked if "offset=0" in t]
        return [target.split("/")[2] for target in logs if "log_entries" in target]

    here.server.reply = reply
    assert ask(0) == ["i0", "i1"]
    assert ask(5) == ["i2", "i0", "i1"]
    stored = here.room.workspace.incidents.get(ids[2])
    assert stored is not None
    assert stored.state is IncidentState.ACKNOWLEDGED
    assert ask(10) == ["i2", "i0", "i1"]
    cursors = PollCursors(here.room.workspace.database)
    assert cursors.answered("pagerduty") == {"i2": NOW + timedelta(minutes=10)}
