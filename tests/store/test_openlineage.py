import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.store.openlineage import send_event

TAKEN: list[tuple[str, Any, str | None]] = []


class Receiver(BaseHTTPRequestHandler):
    """Takes events at the one address OpenLineage's receivers have."""

    def do_POST(self) -> None:
        """Take one, or refuse it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        TAKEN.append((self.path, body, self.headers.get("Authorization")))
        self.send_response(201 if "runId" in body else 422)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """A receiver on this machine."""
    TAKEN.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_receiver_is_posted_to_once_with_its_token(
    receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal and no answer are errors that hold neither token nor password."""
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "s3cret")
    send_event(receiver, {"runId": "1"})
    assert TAKEN == [("/api/v1/lineage", {"runId": "1"}, "Bearer s3cret")]
    with pytest.raises(SourceUnavailableError, match="422"):
        send_event(receiver, {})
    with pytest.raises(SourceUnavailableError) as caught:
        send_event("http://me:hidden@127.0.0.1:9", {})
    assert "hidden" not in str(caught.value)


def test_file_holds_an_event_a_line(tmp_path: Path) -> None:
    """Appended, so that whoever ships the file loses none."""
    target = tmp_path / "new" / "events.ndjson"
    for number in range(2):
        send_event(str(target), {"n": number})
    lines = target.read_text().splitlines()
    assert [json.loads(line)["n"] for line in lines] == [0, 1]
