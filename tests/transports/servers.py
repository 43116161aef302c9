"""A web server on this machine that answers as a service does, or as it should not."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.respond.channels.notices import Json

Reply = tuple[int, Mapping[str, str], bytes | None]
"""Status, headers, body; no body: the line is cut after the request was taken."""


@dataclass
class WebServer:
    """What was asked, and what is answered.

    Attributes:
        address: Where it listens.
        reply: From method, target, headers and content to the answer.
        asked: Method, target, headers and content, in order.
    """

    address: str
    reply: Callable[[str, str, Mapping[str, str], bytes], Reply]
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)


def always(status: int, text: str = "{}", **headers: str) -> Callable[..., Reply]:
    """Return a reply that is always the same."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: (status, named, text.encode())


def as_a_service(receiver: Json) -> Callable[..., Reply]:
    """Return a reply that a receiver of requests gives."""

    def reply(*request: Json) -> Reply:
        status, body = receiver.answer(*request)
        text = json.dumps(body) if status != HTTPStatus.NO_CONTENT else ""
        return status, {"Content-Type": "application/json"}, text.encode()

    return reply


@contextmanager
def web_server(reply: Callable[..., Reply]) -> Iterator[WebServer]:
    """Serve until the block is left; what fails while answering is a 418."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            request = (self.command, self.path, dict(self.headers), content)
            server.asked.append(request)
            try:
                status, headers, body = server.reply(*request)
            except Exception as error:  # noqa: BLE001 (told to the test as an answer)
                status, headers, body = 418, {}, repr(error).encode()
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 (http.server's names)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        address = f"http://127.0.0.1:{httpd.server_address[1]}"
        server = WebServer(address, reply)
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield server
        httpd.shutdown()
        thread.join()
