import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.clock import Clock
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.anchors import anchor_chains, broken_anchors
from monitoring_tasks.operations.incidents import acknowledge_incident, said_now
from monitoring_tasks.operations.messages import rounds
from monitoring_tasks.operations.messages.rounds import make_round, round_of
from tests.builders import NOW
from tests.operations.messages.rooms import Room, room
from tests.transports.servers import Reply, WebServer, always, web_server

HOOKS = {n: {"kind": "webhook", "connection": n} for n in ("oncall", "boss")}
NOTIFY = {"routes": [{"to": ["oncall"]}], "escalation": [{"to": ["boss"]}]}


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A service that takes what it is given."""
    with web_server(always(200)) as served:
        yield served


@pytest.fixture
def here(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """A workspace with two webhooks, a heartbeat, anchors, and a clock of its own."""
    for name in (*HOOKS, "pulse"):
        monkeypatch.setenv(f"DAYWATCH_CONN_{name.upper()}", f"{server.address}/{name}")
    more = {"heartbeat": "pulse", "anchors": str(tmp_path / "anchors")}
    contract = {"notify": NOTIFY}
    with room(tmp_path, HOOKS, contract=contract, routes=[], **more) as opened:
        monkeypatch.setattr(rounds, "SYSTEM_CLOCK", opened.clock)
        monkeypatch.setattr(rounds, "deliver_waiting", _delivering(opened))
        monkeypatch.setattr(
            type(opened.workspace), "clock", Clock(simulated_at=opened.hands.now)
        )
        yield opened


def _delivering(here: Room) -> object:
    deliver = rounds.deliver_waiting
    return lambda workspace: deliver(workspace, clock=here.clock, worker="w")


def told(server: WebServer, target: str) -> list[str]:
    """Return the occasions a target was told of, in order."""
    bodies = [
        json.loads(content) for _, path, _, content in server.asked if path == target
    ]
    return [body["occasion"] for body in bodies if body["occasion"] != "canary"]


def test_who_does_not_answer_is_asked_again_and_then_somebody_else(
    here: Room, server: WebServer
) -> None:
    """An hour after the page; nobody once somebody has taken it on."""
    incident = here.report()
    for _ in range(3):
        round_of(here.workspace)
        here.hands.move(minutes=30)
    assert told(server, "/oncall") == ["opened", "escalated"]
    assert told(server, "/boss") == ["escalated"]
    entry = said_now(here.workspace, "on it", actor="kim")
    acknowledge_incident(here.workspace, incident.id, entry)
    here.hands.move(hours=3)
    round_of(here.workspace)
    # Whoever was asked to act hears that somebody does.
    assert told(server, "/boss") == ["escalated", "acknowledged"]
    assert told(server, "/oncall")[2:] == ["acknowledged"]
    here.hands.move(hours=2)
    round_of(here.workspace)
    assert told(server, "/oncall")[3:] == ["noted"]  # no news for four hours


def test_what_is_not_contained_in_time_is_told_once(
    here: Room, server: WebServer
) -> None:
    """Also where somebody works on it, and after earlier steps."""
    incident = here.report()
    for _ in range(3):
        round_of(here.workspace)
        here.hands.move(minutes=30)
    entry = said_now(here.workspace, "on it", actor="kim")
    acknowledge_incident(here.workspace, incident.id, entry)
    here.hands.move(days=1)
    for _ in range(3):
        round_of(here.workspace)
    assert told(server, "/oncall") == [
        "opened",
        "escalated",
        "acknowledged",
        "escalated",
    ]


def test_a_part_that_fails_holds_up_no_other(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages go out whatever else is broken, and the fault is seen."""

    def broken(*_: object, **__: object) -> None:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "a post-mortem in Latin-1")

    for name in ("ask_channels", "move_on", "keep_clocks", "anchor_chains"):
        monkeypatch.setattr(rounds, name, broken)
    here.report()
    done = round_of(here.workspace)
    assert told(server, "/oncall") == ["opened"]
    assert sorted(done["faults"]) == ["anchor", "escalated", "heard", "moved_on"]
    monkeypatch.setenv("DAYWATCH_HOME", str(here.workspace.settings.home))
    with pytest.raises(MonitoringError, match="Latin-1"):
        make_round(mode="live")


def test_an_urgent_message_behind_another_is_told_of(
    here: Room, server: WebServer
) -> None:
    """Also where it was never tried itself: through the channels that work."""

    def deaf(method: str, target: str, headers: Mapping[str, str], _: bytes) -> Reply:
        del method, headers
        return (429 if target == "/oncall" else 200), {"Retry-After": "86400"}, b"{}"

    server.reply = deaf
    incident = here.report()
    round_of(here.workspace)
    here.report(severity=Severity.P0, last_day=incident.last_day)
    here.hands.move(minutes=15)
    round_of(here.workspace)
    assert told(server, "/boss") == ["dead_letter", "dead_letter"]


def test_what_is_not_delivered_has_no_clock(here: Room, server: WebServer) -> None:
    """Nobody can take on what they were not told."""
    server.reply = always(503)
    here.report()
    for _ in range(5):
        round_of(here.workspace)
        here.hands.move(hours=1)
    assert here.workspace.incidents.find()[0].escalation == 0


def test_a_sign_of_life_only_while_nothing_is_lost(
    here: Room, server: WebServer
) -> None:
    """A canary a day and channel; one that is missing is told and stops the pulse."""
    first, second = round_of(here.workspace), round_of(here.workspace)
    assert (first["heartbeat"], second["heartbeat"]) == (True, True)
    canaries = [m for m in here.workspace.outbox.find() if _is_canary(m.occasion)]
    assert sorted(m.channel for m in canaries) == ["boss", "oncall"]

    def deaf(method: str, target: str, headers: Mapping[str, str], _: bytes) -> Reply:
        del method, headers
        return (503 if target == "/oncall" else 200), {}, b"{}"

    server.reply = deaf
    here.hands.move(days=1)
    round_of(here.workspace)
    here.hands.move(hours=2)
    lost = round_of(here.workspace)
    assert (lost["missing_canaries"], lost["heartbeat"]) == (["oncall"], False)
    assert told(server, "/boss") == ["dead_letter"]


def _is_canary(occasion: Occasion) -> bool:
    return occasion is Occasion.CANARY


@pytest.mark.parametrize("mode", ["backfill", "replay", "dry_run"])
def test_only_live_rounds_send(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Whatever waits."""
    here.report()
    monkeypatch.setenv("DAYWATCH_HOME", str(here.workspace.settings.home))
    assert make_round(mode=mode)["sent"] == []
    assert server.asked == []


def test_a_chain_that_was_cut_short_is_found_by_its_anchor(here: Room) -> None:
    """The end of the time line is taken off; the chain itself still holds."""
    incident = here.report(severity=Severity.P2)
    workspace = here.workspace
    assert anchor_chains(workspace, now=NOW) is not None
    entry = said_now(workspace, "three good days", actor="kim")
    workspace.incidents.take_to(incident.id, IncidentState.RESOLVED, entry)
    assert anchor_chains(workspace, now=NOW + timedelta(hours=1)) is not None
    assert anchor_chains(workspace, now=NOW + timedelta(hours=2)) is None
    assert broken_anchors(workspace) == []
    with workspace.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM incident_events WHERE number = 2")
    assert workspace.incidents.verify() is None
    assert broken_anchors(workspace) == [
        "timeline: line 2 was anchored and is not there as it was"
    ]
