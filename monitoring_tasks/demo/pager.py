"""What a pager service does, as far as the demo needs it: take events and show them.

Stands for PagerDuty, on this machine alone: events are those of its Events API v2, and
are refused where that would refuse them. Nothing of Daywatch depends on it.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

KEY = "0123456789abcdef0123456789abcdef"
"""Its integration key, which is secret nowhere."""
CHANNEL = "oncall"
ACTIONS = frozenset({"trigger", "acknowledge", "resolve"})
SEVERITIES = frozenset({"critical", "error", "warning", "info"})
LONGEST_SUMMARY = 1024


@dataclass
class Pager:
    """The service: what it was sent, in order.

    Attributes:
        events: Events that page, acknowledge or resolve.
        changes: Events that only tell of a change.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def take(self, path: str, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return how the service answers an event: status and body.

        Args:
            path: Where it was sent.
            event: The event.
        """
        if event.get("routing_key") != KEY:
            return 400, {"status": "invalid event", "errors": ["unknown routing_key"]}
        if path == "/v2/change/enqueue":
            self.changes.append(event)
            return 202, {"status": "success"}
        if faults := faults_of(event):
            return 400, {"status": "invalid event", "errors": faults}
        self.events.append(event)
        return 202, {"status": "success", "dedup_key": event["dedup_key"]}

    def lines(self) -> list[str]:
        """Return its inbox, a line an event."""
        lines: list[str] = []
        summaries: dict[str, str] = {}
        for event in self.events:
            key, action = event["dedup_key"], event["event_action"]
            summary = event.get("payload", {}).get("summary")
            summaries[key] = summary or summaries.get(key, key)
            lines.append(f"{action}: {summaries[key]}")
        changes = [f"change: {c['payload']['summary']}" for c in self.changes]
        return lines + changes


def faults_of(event: dict[str, Any]) -> list[str]:
    """Return what the Events API would refuse of an event; empty where it takes it.

    Args:
        event: As it was sent.
    """
    faults = []
    if event.get("event_action") not in ACTIONS:
        faults.append(f"'event_action' is {event.get('event_action')!r}")
    if not event.get("dedup_key"):
        faults.append("'dedup_key' is missing")
    payload = event.get("payload") or {}
    if event.get("event_action") == "trigger":
        if not 0 < len(payload.get("summary") or "") <= LONGEST_SUMMARY:
            faults.append("'summary' is missing or too long")
        if not payload.get("source"):
            faults.append("'source' is missing")
        if payload.get("severity") not in SEVERITIES:
            faults.append(f"'severity' is {payload.get('severity')!r}")
    return faults


@contextmanager
def pager() -> Iterator[Pager]:
    """Serve on loopback; every workspace opened meanwhile sends its pages there."""
    service = Pager()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = service.take(self.path, json.loads(content))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the inbox is shown at the end."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            os.environ |= _environment(f"http://127.0.0.1:{server.server_port}")
            yield service
        finally:
            server.shutdown()
            thread.join()


def _environment(address: str) -> dict[str, str]:
    channel = {"kind": "pagerduty", "url": address, "connection": "demo_pager"}
    return {
        "DAYWATCH_CHANNELS": yaml.safe_dump(
            {CHANNEL: channel}, default_flow_style=True
        ),
        "DAYWATCH_CONN_DEMO_PAGER": KEY,
    }
