"""A workspace whose channels were told of incidents, and what people answer there."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from tests.operations.messages.rooms import Room, room
from tests.respond.channels.inbound.requests import SECRET
from tests.transports.servers import Reply, WebServer, web_server

THREAD = "1772433000.000100"
AT = datetime(2013, 9, 3, 9, tzinfo=UTC)
SIGNING = {"signing_connection": "signing"}
POLLING = {"poll_connection": "asking"}
KINDS: dict[str, dict[str, Any]] = {
    "pagerduty": {},
    "opsgenie": {},
    "slack": {"channel": "C1"},
}
FIELDS = {"pagerduty": "dedup_key", "opsgenie": "alias", "slack": "ts"}


def as_told(method: str, target: str, _: Mapping[str, str], __: bytes) -> Reply:
    """Answer as the three services do when they are told something."""
    del method
    path = urlsplit(target).path
    told: dict[str, Any] = {"status": "success"}
    if path.startswith("/chat."):
        told = {"ok": True, "channel": "C1", "ts": THREAD}
    return 202, {"Content-Type": "application/json"}, json.dumps(told).encode()


@dataclass
class Told:
    """A workspace in which people were told, by kind of channel.

    Attributes:
        room: The workspace and its clock.
        server: All three services.
    """

    room: Room
    server: WebServer

    def deliver(self) -> None:
        """Make a worker's round."""
        deliver_waiting(self.room.workspace, clock=self.room.clock, worker="w")

    def report(self, **parts: Any) -> Incident:  # noqa: ANN401 (parts of an incident)
        """Report an incident, a P1 if nothing else is said, and tell of it."""
        incident = self.room.report(**parts)
        self.deliver()
        return incident

    def now(self, incident: Incident) -> Incident:
        """Return an incident as it stands now."""
        stored = self.room.workspace.incidents.get(incident.id)
        assert stored is not None
        return stored

    def lines(self, incident: Incident) -> list[tuple[str, str]]:
        """Return what people put on the time line: who and what kind of line."""
        events = self.room.workspace.incidents.events(incident.id)
        return [(e["actor"], e["kind"]) for e in events if e["actor"] != "daywatch"]

    def told(self, channel: str) -> list[str]:
        """Return what a channel was told or is to be told, in order."""
        messages = self.room.workspace.outbox.find()
        return [m.occasion.value for m in messages if m.channel == channel]

    def heard(self, what: What, channel: str = "pagerduty", **parts: Any) -> Heard:  # noqa: ANN401
        """Return what kim did about the incident that was told of last."""
        workspace = self.room.workspace
        message = workspace.outbox.find()[-1]
        receipt = workspace.outbox.receipt_of(channel, message.incident)
        said = Heard(
            event=f"{channel}-{what}",
            channel=channel,
            what=what,
            who="kim",
            at=AT,
            text="asked the feed team" if what is What.NOTED else "",
            field=FIELDS[channel],
            value=str(receipt.get(FIELDS[channel], "")),
        )
        return replace(said, **parts)


@contextmanager
def told_room(
    home: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch, **how: str
) -> Iterator[Told]:
    """Open a workspace with a channel of each kind, named like it.

    Args:
        home: Its folder.
        empty_store: A store to begin with; making one takes most of a second.
        monkeypatch: For the connections.
        **how: Settings of every channel, e.g. a `signing_connection`.
    """
    for name, secret in (("key", "key-0123456789"), ("signing", SECRET)):
        monkeypatch.setenv(f"DAYWATCH_CONN_{name.upper()}", secret)
    (home / "daywatch.db").write_bytes(empty_store.read_bytes())
    monkeypatch.setenv("DAYWATCH_CONN_ASKING", "token-0123456789")
    with web_server(as_told) as server:
        channels = {
            kind: {"kind": kind, "connection": "key", "url": server.address}
            | settings
            | how
            for kind, settings in KINDS.items()
        }
        with room(home, channels) as opened:
            yield Told(opened, server)
