"""A small HTTP proxy before an MLflow server, which misbehaves as it is told."""

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

HOP = {"connection", "transfer-encoding", "content-length", "host", "date", "server"}
"""Headers that are about one connection, not about what is asked."""
Answer = tuple[int, dict[str, str], bytes]


class Kind(StrEnum):
    """What the proxy does to a request it is told to spoil."""

    ERROR = "answers 500"
    HANG = "hangs"
    SWALLOW = "applies the write and never answers"
    STALE = "answers with what was read before"
    CUT = "cuts the connection"
    CUT_AFTER = "applies the write and cuts the connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Which requests are spoilt, and how.

    Attributes:
        kind: What is done to them.
        method: `GET`, `POST` ...; empty for all.
        path: A part of the path; empty for all.
        times: How many of them; those that follow pass.
        first: Called before the first one is spoilt, e.g. to restart the server.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    times: int = 1_000_000
    first: Callable[[], object] | None = None


@dataclass
class Proxy:
    """Forwards to `target`, e.g. `http://127.0.0.1:5000`; use as a context manager.

    Attributes:
        target: The server behind.
        fault: What is spoilt now; None forwards everything.
        asked: Method and path of every request that came, oldest first.
        forwarded: Of those, the ones the server got.
    """

    target: str
    fault: Fault | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    forwarded: list[tuple[str, str]] = field(default_factory=list)
    _spoilt: int = 0
    _remembered: dict[str, Answer] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.heal()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where to ask."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def spoil(self, fault: Fault) -> None:
        """Misbehave from now on."""
        self.fault, self._spoilt = fault, 0
        self._over.clear()

    def spoil_next(self, fault: Fault) -> None:
        """Misbehave otherwise from the next request on; what hangs is not let go."""
        self.fault, self._spoilt = fault, 0

    def heal(self) -> None:
        """Forward everything again; what hangs is let go."""
        self.fault = None
        self._over.set()

    def writes(self, part: str) -> int:
        """Count the changes with `part` in their path that reached the server."""
        return sum(m != "GET" and part in path for m, path in self.forwarded)

    def due(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, if one does."""
        fault = self.fault
        if fault is None or fault.method not in {"", method} or fault.path not in path:
            return None
        if self._spoilt >= fault.times:
            return None
        self._spoilt += 1
        if self._spoilt == 1 and fault.first is not None:
            fault.first()
        return fault

    def forward(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Ask the server; remember what was read."""
        self.forwarded.append((method, path))
        address = urlsplit(self.target).netloc
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            answer = found.status, dict(found.getheaders()), found.read()
        finally:
            connection.close()
        if method == "GET" and not (self.fault and self.fault.kind is Kind.STALE):
            self._remembered[path] = answer
        return answer

    def before(self, path: str) -> Answer | None:
        """Return what was read when last all was well."""
        return self._remembered.get(path)

    def wait(self) -> None:
        """Hang until healed."""
        self._over.wait(timeout=60)


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        method, path = self.command, self.path
        self.owner.asked.append((method, path))
        fault = self.owner.due(method, path)
        kind = fault.kind if fault else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        if kind in {Kind.HANG, Kind.CUT}:
            self._never_answer(hang=kind is Kind.HANG)
        elif kind is Kind.ERROR:
            self._answer((500, {"Content-Type": "text/plain"}, b"out of order"))
        elif kind is Kind.STALE and (known := self.owner.before(path)) is not None:
            self._answer(known)
        else:
            try:
                answer = self.owner.forward(method, path, headers, body)
            except OSError:
                self._never_answer(hang=False)
                return
            if kind in {Kind.SWALLOW, Kind.CUT_AFTER}:
                self._never_answer(hang=kind is Kind.SWALLOW)
            else:
                self._answer(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815 (http.server's names)

    def _never_answer(self, *, hang: bool) -> None:
        if hang:
            self.owner.wait()
        self.close_connection = True

    def _answer(self, answer: Answer) -> None:
        status, headers, body = answer
        with suppress(OSError):  # whoever asked has given up
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
