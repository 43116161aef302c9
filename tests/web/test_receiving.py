import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import uvicorn

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.domain.hearing import What
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.respond.channels.inbound.reading import InboundRequest
from monitoring_tasks.respond.channels.slack_blocks import ACKNOWLEDGE
from monitoring_tasks.web import receiving
from monitoring_tasks.web.receiving import MOST_BYTES, create_app
from monitoring_tasks.workspace.workspace import open_workspace
from tests.operations.answers import SIGNING, Told, told_room
from tests.respond.channels.inbound.requests import (
    SECRET,
    SERVICE,
    alert_action,
    click,
    pagerduty_event,
    signed,
)


@pytest.fixture
def here(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Told]:
    """A workspace that listens to a channel of each kind."""
    with told_room(tmp_path, empty_store, monkeypatch, **SIGNING) as opened:
        yield opened


@pytest.fixture
def door(here: Told) -> Iterator[httpx.Client]:
    """A client of the door, served as `daywatch receive` serves it."""
    home = here.room.workspace.settings.home
    app = create_app(lambda: open_workspace(home))
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    thread.join()


def send(door: httpx.Client, channel: str, request: InboundRequest) -> httpx.Response:
    """Send a request to a channel's door."""
    return door.post(
        f"/in/{channel}", content=request.body, headers=dict(request.headers)
    )


def event_of(here: Told, kind: str, **parts: object) -> InboundRequest:
    """Return an event of PagerDuty's about the incident that was told of last."""
    key = here.heard(What.RESOLVED).value
    event = pagerduty_event(kind, data={"incident_key": key}, **parts)
    return signed("pagerduty", event)


def test_an_event_is_taken_and_once(here: Told, door: httpx.Client) -> None:
    """Sent three times, it is answered alike, and one person works on it."""
    incident = here.report()
    answers = [send(door, "pagerduty", event_of(here, "acknowledged")) for _ in "123"]
    assert [(a.status_code, a.content) for a in answers] == [(202, b"")] * 3
    assert here.now(incident).assignee == "kim"
    assert len(here.lines(incident)) == 2


def test_reordered_and_at_once(here: Told, door: httpx.Client) -> None:
    """All is answered; the end stands, whatever comes beside it and after it."""
    incident = here.report()
    requests = [event_of(here, "resolved")] * 4
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda r: send(door, "pagerduty", r), requests))
    answers.append(send(door, "pagerduty", event_of(here, "acknowledged")))
    assert {answer.status_code for answer in answers} == {202}
    assert here.now(incident).state is IncidentState.RESOLVED
    assert here.lines(incident) == [("kim", "resolved")]


def test_every_kind_has_its_door(here: Told, door: httpx.Client) -> None:
    """An alert's action with a token, a click in Slack with a signature of now."""
    incident = here.report()
    alias = here.heard(What.NOTED, "opsgenie").value
    note = alert_action("AddNote", alias=alias, note="asked the feed team")
    assert send(door, "opsgenie", signed("opsgenie", note)).status_code == 202
    seen = here.heard(What.ACKNOWLEDGED, "slack").value
    pressed = click(ACKNOWLEDGE, value=here.heard(What.NOTED).value)
    pressed["container"]["message_ts"] = seen
    now = SYSTEM_CLOCK.now()
    assert send(door, "slack", signed("slack", pressed, at=now)).status_code == 200
    assert here.now(incident).state is IncidentState.ACKNOWLEDGED
    asked = {"type": "url_verification", "challenge": "3eZbrw1a"}
    assert send(door, "slack", signed("slack", asked, at=now)).text == "3eZbrw1a"


def test_our_own_event_does_not_come_back(here: Told, door: httpx.Client) -> None:
    """PagerDuty tells of what we sent as well; so it does of what nobody knows."""
    incident = here.report()
    echo = event_of(here, "resolved", agent=SERVICE)
    strange = signed("pagerduty", pagerduty_event("resolved", id="strange"))
    for request in (echo, strange):
        assert send(door, "pagerduty", request).status_code == 202
    assert here.now(incident).state is IncidentState.OPEN
    (row,) = here.room.workspace.heard_events.listing()
    assert (row["event"], row["outcome"]) == ("strange", "unknown")


def test_whoever_is_not_believed_learns_nothing(
    here: Told, door: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The same answer for a wrong secret and a channel that is not there; logged."""
    caplog.set_level(logging.INFO)
    incident = here.report()
    right = event_of(here, "resolved")
    wrong = signed("pagerduty", pagerduty_event("resolved"), secret="guessed-secret")  # noqa: S106
    answers = [
        send(door, "pagerduty", wrong),
        send(door, "pagerduty", InboundRequest(headers={}, body=right.body)),
        send(door, "nothing", right),
    ]
    assert {(a.status_code, a.content) for a in answers} == {(401, b"")}
    assert here.now(incident).state is IncidentState.OPEN
    assert SECRET not in caplog.text
    assert "refused" in caplog.text


def test_what_is_too_long_is_not_read(here: Told, door: httpx.Client) -> None:
    """With a length that says so, or without one; and there are no other pages."""
    long = b"x" * (MOST_BYTES + 1)
    chunks = (long[i : i + 65536] for i in range(0, len(long), 65536))
    for content in (long, chunks):
        assert door.post("/in/pagerduty", content=content).status_code == 413
    assert (door.get("/healthz").status_code, door.get("/healthz").text) == (200, "ok")
    for path in ("/docs", "/redoc", "/openapi.json", "/in/pagerduty"):
        assert door.get(path).status_code in {404, 405}
    assert here.room.workspace.heard_events.listing() == []


def test_after_a_fault_of_ours_it_is_to_be_sent_again(
    here: Told,
    door: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a word of what went wrong in the answer, nor of values in the log."""
    incident = here.report()

    def stumble(*_: object) -> None:
        msg = f"a row with {SECRET}"
        raise RuntimeError(msg)

    with monkeypatch.context() as broken:
        broken.setattr(receiving, "hear", stumble)
        answer = send(door, "pagerduty", event_of(here, "resolved"))
    assert (answer.status_code, answer.content) == (503, b"")
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text
    assert send(door, "pagerduty", event_of(here, "resolved")).status_code == 202
    assert here.now(incident).state is IncidentState.RESOLVED
