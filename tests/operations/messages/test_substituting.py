import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.operations.messages import delivering
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.respond.bare_notices import is_bare
from tests.operations.messages.rooms import Room, room
from tests.transports.servers import WebServer, always, web_server

HOOKS = {n: {"kind": "webhook", "connection": n} for n in ("oncall", "boss")}
Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A service that takes what it is given."""
    with web_server(always(200)) as served:
        yield served


@pytest.fixture
def here(
    tmp_path: Path,
    empty_store: Path,
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Room]:
    """A workspace whose first channel hears of incidents, the second of alarms."""
    (tmp_path / "daywatch.db").write_bytes(empty_store.read_bytes())
    for name in HOOKS:
        monkeypatch.setenv(f"DAYWATCH_CONN_{name.upper()}", f"{server.address}/{name}")
    with room(tmp_path, HOOKS, routes=[{"to": ["oncall"]}]) as opened:
        yield opened


def deliver(here: Room, *, minutes: int = 5) -> None:
    """Make a worker's round, some minutes after the last."""
    here.hands.move(minutes=minutes)
    deliver_waiting(here.workspace, clock=here.clock, worker="w")


def told(server: WebServer, target: str) -> list[dict[str, Any]]:
    """Return what a target was told, in order."""
    return [
        json.loads(content) for _, path, _, content in server.asked if path == target
    ]


def without_facts(patch: pytest.MonkeyPatch) -> None:
    """Let what a message says be impossible to read together."""
    for name in ("compose", "compose_digest"):
        patch.setattr(delivering, name, _stumble)


def without_template(patch: pytest.MonkeyPatch) -> None:
    """Let the words of the channel fail, save for bare ones."""
    send = delivering.send_notice

    def worded(*args: Any, **how: Any) -> Any:  # noqa: ANN401 (as it is called)
        _, name, notice, _ = args
        if not is_bare(notice) and name == "oncall":
            _stumble()
        return send(*args, **how)

    patch.setattr(delivering, "send_notice", worded)


def _stumble(*_: object, **__: object) -> None:
    raise KeyError("impact")


BREAKS = [without_facts, without_template]


@pytest.mark.parametrize("breaks", BREAKS)
def test_what_cannot_be_written_is_told_in_bare_words(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch, breaks: Break
) -> None:
    """After a second try, from the incident's row; the failure is an alarm, once."""
    breaks(monkeypatch)
    incident = here.report()
    deliver(here)
    assert told(server, "/oncall") == []
    deliver(here)
    monkeypatch.undo()
    for name in HOOKS:
        monkeypatch.setenv(f"DAYWATCH_CONN_{name.upper()}", f"{server.address}/{name}")
    deliver(here)
    deliver(here)
    (bare,) = told(server, "/oncall")
    assert bare["headline"].startswith("Bare message, the full one could not be")
    assert bare["occasion"] == "opened"
    assert [
        bare[part] for part in ("incident", "model", "severity", "cause", "state")
    ] == [
        incident.id,
        incident.model,
        "P1",
        "model",
        "open",
    ]
    assert bare["commands"] == [f"daywatch incident show {incident.id}"]
    assert "What failed: KeyError: 'impact'" in bare["lines"]
    (alarm,) = told(server, "/boss")
    assert alarm["occasion"] == "dead_letter"
    assert incident.id in alarm["headline"]
    assert "bare words" in alarm["headline"]
    message = here.workspace.outbox.find(incident=incident.id)[0]
    assert message.state is MessageState.SENT
    assert (message.notice or {})["headline"] == bare["headline"]


def test_what_fails_once_is_told_in_full(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The full words are worth a second try, and nobody hears of the first."""
    with monkeypatch.context() as broken:
        without_facts(broken)
        here.report()
        deliver(here)
    deliver(here)
    (full,) = told(server, "/oncall")
    assert full["headline"].startswith("P1 ")
    assert told(server, "/boss") == []


@pytest.mark.parametrize("breaks", BREAKS)
def test_a_digest_that_cannot_be_written_names_what_it_would_tell(
    tmp_path: Path,
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    breaks: Break,
) -> None:
    """A night's incidents must not be lost over the sentence about one of them."""
    monkeypatch.setenv("DAYWATCH_CONN_ONCALL", f"{server.address}/oncall")
    routes = [{"to": ["oncall"], "gather": True}]
    hooks = {"oncall": HOOKS["oncall"]}
    with room(tmp_path, hooks, routes=routes) as here:
        ids = [
            here.report(id=f"i{n}", model=f"m{n}", severity=Severity.P2).id
            for n in range(10)
        ]
        breaks(monkeypatch)
        deliver(here, minutes=24 * 60)
        deliver(here)
        assert here.workspace.outbox.waiting() == []
    (bare,) = told(server, "/oncall")
    assert bare["headline"].startswith("Bare digest")
    assert bare["lines"][:9] == [*ids[:8], "and 2 more"]


def test_a_store_that_is_away_is_no_reason_for_bare_words(
    here: Room, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes back, and then the full words can be read."""

    def away(*_: object, **__: object) -> None:
        raise SourceUnavailableError("the store did not answer")

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "compose", away)
        here.report()
        for _ in range(4):
            deliver(here)
    deliver(here, minutes=30)
    assert [body["headline"][:3] for body in told(server, "/oncall")] == ["P1 "]
