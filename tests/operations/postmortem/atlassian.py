"""A Jira and Confluence of a few routes on loopback, as Atlassian's documents say."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

JsonDict = dict[str, Any]


@dataclass
class Site:
    """What the site holds, and whether it is away."""

    url: str = ""
    is_away: bool = False
    issues: list[JsonDict] = field(default_factory=list)
    comments: list[tuple[str, JsonDict]] = field(default_factory=list)
    pages: list[JsonDict] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/spaces"):
            self._answer(200, {"results": [{"id": "7"}]})
        elif parts.path.endswith("/pages"):
            named = [p for p in self.site.pages if p["title"] == asked["title"]]
            self._answer(200, {"results": named[:1]})
        else:
            self._answer(200, self.site.pages[int(parts.path.rsplit("/", 1)[1])])

    def do_POST(self) -> None:
        body = self._body()
        if self.path.endswith("/search/jql"):
            found = [
                issue
                for issue in self.site.issues
                if any(f'"{x}"' in body["jql"] for x in issue["fields"]["labels"][1:])
            ]
            self._answer(200, {"issues": found[:1]})
        elif self.path.endswith("/comment"):
            self.site.comments.append((self.path.split("/")[-2], body))
            self._answer(201, {"id": "1"})
        elif self.path.endswith("/issue"):
            issue = body | {"key": f"OPS-{len(self.site.issues) + 1}"}
            self.site.issues.append(issue)
            self._answer(201, {"key": issue["key"]})
        else:
            page = _stored(body) | {"id": str(len(self.site.pages))}
            self.site.pages.append(page | {"version": {"number": 1}})
            self._answer(200, page)

    def do_PUT(self) -> None:
        body = self._body()
        self.site.pages[int(body["id"])] = _stored(body)
        self._answer(200, body)

    def _body(self) -> JsonDict:
        size = int(self.headers.get("Content-Length", 0))
        body: JsonDict = json.loads(self.rfile.read(size))
        return body

    def _answer(self, status: int, document: JsonDict) -> None:
        text = json.dumps(document).encode()
        self.send_response(503 if self.site.is_away else status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


def _stored(body: JsonDict) -> JsonDict:
    return body | {"body": {"storage": {"value": body["body"]["value"]}}}


@contextmanager
def serve() -> Iterator[Site]:
    """Serve a site while the block runs."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
