import json
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.operations.incidents import said_now
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.messages.rooms import Room, room
from tests.transports.servers import Reply, WebServer, always, web_server

HOOK = {"kind": "webhook", "connection": "hook"}


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A service that takes what it is given."""
    with web_server(always(200)) as served:
        yield served


@pytest.fixture
def here(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """A workspace whose one channel is a webhook at that service."""
    monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
    with room(tmp_path, {"hook": HOOK}) as opened:
        yield opened


def bodies(server: WebServer) -> list[dict[str, Any]]:
    """Return what arrived, in order."""
    return [json.loads(content) for *_, content in server.asked]


def keys(server: WebServer) -> list[str]:
    """Return the idempotency keys of what arrived."""
    return [headers["Idempotency-Key"] for _, _, headers, _ in server.asked]


def resolve(here: Room, incident: str) -> None:
    """Let a person resolve an incident."""
    entry = said_now(here.workspace, "three good days", actor="kim")
    here.workspace.incidents.take_to(incident, IncidentState.RESOLVED, entry)


def deliver(here: Room) -> Any:  # noqa: ANN401 (what became of it)
    """Make a worker's round."""
    return deliver_waiting(here.workspace, clock=here.clock, worker="w")


def test_an_incident_is_told_in_order_and_once(here: Room, server: WebServer) -> None:
    """From its beginning to its end, whatever rounds are made."""
    incident = here.report()
    deliver(here)
    resolve(here, incident.id)
    for _ in range(3):
        deliver(here)
    told = [body["occasion"] for body in bodies(server)]
    assert told == ["opened", "resolved"]
    assert here.workspace.outbox.waiting() == []


@pytest.mark.slow
def test_a_channel_that_is_away_for_a_day_is_told_all_of_it_afterwards(
    here: Room, server: WebServer
) -> None:
    """Nothing lost, in order, and tried a few dozen times rather than without end."""
    server.reply = always(503)
    incident = here.report()
    resolve(here, incident.id)
    for _ in range(24 * 12):
        deliver(here)
        here.hands.move(minutes=5)
    tries = len(server.asked)
    assert 40 < tries < 80
    server.reply = always(200)
    deliver(here)
    here.hands.move(hours=1)
    deliver(here)
    assert [b["occasion"] for b in bodies(server)][tries:] == ["opened", "resolved"]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (always(429, Retry_After="120"), MessageState.WAITING),
        (always(500), MessageState.WAITING),
        (always(400), MessageState.DEAD),
        (always(401), MessageState.DEAD),
    ],
    ids=["busy", "in trouble", "refused", "unknown"],
)
def test_what_is_tried_again(
    here: Room, server: WebServer, reply: Callable[..., Reply], state: MessageState
) -> None:
    """A server in trouble is asked again; one that refuses is not."""
    server.reply = reply
    here.report()
    deliver(here)
    (message,) = here.workspace.outbox.find()
    assert (message.state, message.attempts) == (state, 1)
    assert message.fault
    waits = message.due_at - here.hands.now()
    if reply(*([None] * 4))[0] == 429:
        assert waits.total_seconds() == 120


def test_a_channel_that_is_away_is_tried_once_a_round(
    here: Room, server: WebServer
) -> None:
    """However many wait for it: the other channels are not to wait with it."""
    server.reply = always(503)
    for number, cause in enumerate(Cause):
        here.report(id=f"i{number}", cause=cause)
    deliver(here)
    assert len(server.asked) == 1


def test_killed_between_sending_and_writing_it_down(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent again after the claim, the same words under the same key."""
    here.report()
    deliveries = here.workspace.deliveries
    monkeypatch.setattr(deliveries, "write_sent", _killed)
    with pytest.raises(KeyboardInterrupt):
        deliver(here)
    monkeypatch.undo()
    monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
    deliver(here)
    assert len(server.asked) == 1  # the claim stands
    here.hands.move(minutes=2)
    deliver(here)
    assert keys(server)[0] == keys(server)[1]
    assert bodies(server)[0] == bodies(server)[1]
    assert here.workspace.outbox.waiting() == []


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_clock_that_goes_back_holds_nothing(here: Room, server: WebServer) -> None:
    """What failed in a future that is gone is tried now."""
    server.reply = always(503)
    here.hands.move(days=300)
    here.report()
    deliver(here)
    server.reply = always(200)
    here.hands.move(days=-299)
    deliver(here)
    assert [m.state for m in here.workspace.outbox.find()] == [MessageState.SENT]


def test_workers_at_once_send_a_message_once(
    here: Room, server: WebServer, tmp_path: Path
) -> None:
    """Four rounds side by side, each with its own connection to the store."""
    ids = [here.report(id=f"i{n}", cause=cause).id for n, cause in enumerate(Cause)]

    def work(name: str) -> None:
        with open_workspace(tmp_path) as workspace:
            deliver_waiting(workspace, clock=here.clock, worker=name)

    workers = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(body["incident"] for body in bodies(server)) == sorted(ids)


def test_a_dead_letter_is_an_alarm_through_another_channel(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, whatever rounds are made; no alarm is ever raised about an alarm."""

    def refuse(method: str, target: str, headers: Mapping[str, str], _: bytes) -> Reply:
        del method, headers
        return (400 if target == "/bad" else 200), {}, b"{}"

    server.reply = refuse
    monkeypatch.setenv("DAYWATCH_CONN_GOOD", f"{server.address}/good")
    monkeypatch.setenv("DAYWATCH_CONN_BAD", f"{server.address}/bad")
    channels = {
        name: {"kind": "webhook", "connection": name} for name in ("bad", "good")
    }
    with room(tmp_path, channels) as here:
        here.report()
        for _ in range(3):
            deliver(here)
            here.hands.move(minutes=5)
        alarms = [
            m
            for m in here.workspace.outbox.find()
            if m.occasion is Occasion.DEAD_LETTER
        ]
    assert [(m.channel, m.state) for m in alarms] == [("good", MessageState.SENT)]
    heard = [b for b in bodies(server) if b["occasion"] == "dead_letter"]
    assert "cannot reach channel 'bad'" in heard[0]["headline"]


@pytest.mark.slow
@pytest.mark.slow
def test_a_thousand_breaches_are_one_digest(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve lines, the gravest first; the rest is counted."""
    monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
    routes = [{"to": ["hook"], "gather": True}]
    with room(tmp_path, {"hook": HOOK}, routes=routes) as here:
        for number in range(1000):
            severity = Severity.P2 if number else Severity.P1
            here.report(id=f"i{number}", model=f"m{number}", severity=severity)
        deliver(here)
        assert server.asked == []
        here.hands.move(days=1)
        deliver(here)
        deliver(here)
        assert here.workspace.outbox.waiting() == []
    (body,) = bodies(server)
    assert body["headline"].startswith("Daily digest: 1000 incidents of 1000 models")
    assert len(body["lines"]) == 11
    assert body["lines"][0].startswith("P1 m0")
    assert body["lines"][-1] == "and 990 more: daywatch incident list, daywatch status"


def test_a_contract_without_channels_writes_nothing(tmp_path: Path) -> None:
    """Who names no channel pays nothing and is told nothing."""
    with room(tmp_path, {}, routes=[]) as here:
        here.report()
        assert here.workspace.outbox.find() == []


def test_a_digest_is_not_counted_as_sent_to_who_takes_none(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pager is not told of what nobody is paged for, and the list says so."""
    monkeypatch.setenv("DAYWATCH_CONN_PAGER", "0" * 32)
    pager = {"kind": "pagerduty", "connection": "pager", "url": server.address}
    routes = [{"to": ["pager"], "gather": True}]
    with room(tmp_path, {"pager": pager}, routes=routes) as here:
        here.report(severity=Severity.P2)
        here.hands.move(days=1)
        deliver(here)
        (message,) = here.workspace.outbox.find()
    assert server.asked == []
    assert message.state is MessageState.COVERED
    assert message.fault == "channels of this kind are not told of digests"


def test_an_alias_move_follows_the_message_of_its_incident(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Slack's thread, once there is one; a move without an incident stands alone."""
    monkeypatch.setenv("DAYWATCH_CONN_KEY", "token-0123456789")
    place = {"ok": True, "channel": "C1", "ts": "17.1"}
    server.reply = always(200, json.dumps(place))
    slack = {"kind": "slack", "connection": "key", "url": server.address}
    with room(tmp_path, {"team": slack | {"channel": "C1"}}) as here:
        incident = here.report()
        journal = here.workspace.journal
        for key, about in (("move", incident.id), ("another", None)):
            line = Line(
                **MOVED, key=key, at=here.hands.now(), model=MODEL, incident=about
            )
            journal.append(line)
        deliver(here)
    told = bodies(server)
    replies = [body.get("thread_ts") for body in told]
    assert replies == [None, None, "17.1"]
    assert all("moved from version 2 to 1" in body["text"] for body in told[1:])


MOVED = {
    "state": "applied",
    "alias": "champion",
    "from_version": "2",
    "to_version": "1",
    "reason": "it is better",
    "actor": "daywatch",
}
