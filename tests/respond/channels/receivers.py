"""What stands in for each service: checks what it is sent, and answers as it would.

It knows just enough to answer: issues with their labels, pages with their versions.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from tests.respond.channels import schemas
from tests.respond.channels.notices import SECRET, Json

Answer = tuple[int, dict[str, Json]]


@dataclass
class Receiver:
    """A service; `calls` are what it was asked, in order."""

    kind: str
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    issues: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, dict[str, Json]] = field(default_factory=dict)
    hidden: bool = False

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        """Check a request against what the service takes; return status and body."""
        small = {name.lower(): value for name, value in headers.items()}
        path = unquote(urlsplit(target).path)
        body = json.loads(content) if content else None
        self.calls.append((method, path, body))
        for verb, pattern, schema, act in ROUTES[self.kind]:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                if schema:
                    schemas.Validator(schema).validate(body)
                check_login(self.kind, small, content, target)
                return act(self, match, body, parse_qs(urlsplit(target).query))
        msg = f"{self.kind} has no {method} {path}"
        raise AssertionError(msg)

    def play(self, exchange: Exchange) -> Mapping[str, Json]:
        """Hold a whole conversation; return the receipt."""
        try:
            request = next(exchange)
            while True:
                request = exchange.send(self._respond(request))
        except StopIteration as end:
            receipt: Mapping[str, Json] = end.value
            return receipt

    def _respond(self, request: HttpRequest) -> HttpResponse:
        content = request.content or b""
        if request.body is not None:
            text = json.dumps(request.body, ensure_ascii=False, allow_nan=False)
            content = text.encode()
        parts = urlsplit(request.url)
        target = f"{parts.path}?{parts.query}"
        status, body = self.answer(request.method, target, request.headers, content)
        assert 200 <= status < 300 or status in request.accepts, (status, body)
        return HttpResponse(status=status, body=json.dumps(body).encode())


def check_login(
    kind: str, headers: Mapping[str, str], content: bytes, target: str
) -> None:
    """Each service is opened by its own key, in its own place."""
    said = headers.get("authorization", "")
    match kind:
        case "pagerduty":
            assert json.loads(content)["routing_key"] == SECRET
            assert len(content) <= 512_000
        case "opsgenie" | "jsm":
            assert said == f"GenieKey {SECRET}"
        case "slack":
            assert said == f"Bearer {SECRET}"
        case "jira" | "confluence":
            assert said.startswith("Basic ")
        case "teams":
            assert SECRET in target
            assert len(content) <= 28_000
        case "webhook":
            signed = headers["x-daywatch-timestamp"].encode() + b"." + content
            digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
            assert headers["x-daywatch-signature"] == f"v1={digest}"
            assert 0 < len(headers["idempotency-key"]) <= 255


Act = Callable[[Receiver, re.Match[str], Json, dict[str, list[str]]], Answer]
Route = tuple[str, str, schemas.Schema | None, Act]


def accepted(*_: object) -> Answer:
    """Answer as what works asynchronously does."""
    return 202, {"status": "success"}


def search(receiver: Receiver, _: object, body: Json, __: object) -> Answer:
    """Find issues by their label, unless the index lags behind."""
    label = re.search(r'labels = "([^"]+)"', body["jql"])
    assert label
    keys = [key for key, labels in receiver.issues.items() if label[1] in labels]
    return 200, {"issues": [] if receiver.hidden else [{"key": k} for k in keys[:1]]}


def make_issue(receiver: Receiver, _: object, body: Json, __: object) -> Answer:
    """Make an issue."""
    key = f"ML-{len(receiver.issues) + 1}"
    receiver.issues[key] = body["fields"]["labels"]
    return 201, {"id": "1", "key": key, "self": "https://..."}


def of_issue(receiver: Receiver, match: re.Match[str], *_: object) -> Answer:
    """Take what is said of an issue that is there."""
    if match[1] not in receiver.issues:
        return 404, {"errorMessages": ["Issue does not exist"]}
    return (201, {"id": "1"}) if match[0].endswith("comment") else (204, {})


def find_pages(receiver: Receiver, _: object, __: object, query: Json) -> Answer:
    """Find pages by their title."""
    (title,) = query["title"]
    pages = [p for p in receiver.pages.values() if p["title"] == title]
    return 200, {"results": [] if receiver.hidden else pages}


def make_page(receiver: Receiver, _: object, body: Json, __: object) -> Answer:
    """Make a page, once a title."""
    receiver.hidden = False
    if any(page["title"] == body["title"] for page in receiver.pages.values()):
        return 400, {"errors": [{"title": "A page with this title already exists"}]}
    number = str(len(receiver.pages) + 1)
    receiver.pages[number] = {
        "id": number,
        "title": body["title"],
        "version": {"number": 1},
        "body": {"storage": {"value": body["body"]["value"]}},
    }
    return 200, receiver.pages[number]


def read_page(receiver: Receiver, match: re.Match[str], *_: object) -> Answer:
    """Show a page."""
    page = receiver.pages.get(match[1])
    return (200, page) if page else (404, {})


def write_page(
    receiver: Receiver, match: re.Match[str], body: Json, _: object
) -> Answer:
    """Write a page, if the version is the next one."""
    page = receiver.pages[match[1]]
    if body["version"]["number"] != page["version"]["number"] + 1:
        return 409, {}
    page["version"] = {"number": body["version"]["number"]}
    page["body"] = {"storage": {"value": body["body"]["value"]}}
    return 200, page


def posted(receiver: Receiver, *_: object) -> Answer:
    """Post or change a message."""
    ts = f"{1_700_000_000 + len(receiver.calls)}.000100"
    return 200, {"ok": True, "channel": "C0123", "ts": ts}


def alerts(prefix: str) -> tuple[Route, ...]:
    """Return the routes of alerts below an address."""
    path = f"{prefix}/v2/alerts"
    action = rf"{path}/([^/]{{1,512}})/(close|acknowledge|notes)"
    return (
        ("POST", path, schemas.ALERT, accepted),
        ("POST", action, schemas.ALERT_ACTION, accepted),
    )


JIRA, WIKI = "/rest/api/3", "/wiki/api/v2"
ROUTES: dict[str, tuple[Route, ...]] = {
    "pagerduty": (
        ("POST", "/v2/enqueue", schemas.PAGERDUTY_EVENT, accepted),
        ("POST", "/v2/change/enqueue", schemas.PAGERDUTY_CHANGE, accepted),
    ),
    "opsgenie": alerts(""),
    "jsm": alerts("/jsm/ops/integration"),
    "jira": (
        ("GET", f"{JIRA}/project/ML", None, lambda *_: (200, {"key": "ML"})),
        ("POST", f"{JIRA}/search/jql", schemas.SEARCH, search),
        ("POST", f"{JIRA}/issue", schemas.ISSUE, make_issue),
        ("PUT", f"{JIRA}/issue/([^/]+)", schemas.ISSUE_CHANGE, of_issue),
        ("POST", f"{JIRA}/issue/([^/]+)/comment", schemas.COMMENT, of_issue),
    ),
    "confluence": (
        ("GET", f"{WIKI}/spaces", None, lambda *_: (200, {"results": [{"id": "65"}]})),
        ("GET", f"{WIKI}/pages", None, find_pages),
        ("POST", f"{WIKI}/pages", schemas.NEW_PAGE, make_page),
        ("GET", f"{WIKI}/pages/([^/]+)", None, read_page),
        ("PUT", f"{WIKI}/pages/([^/]+)", schemas.PAGE, write_page),
    ),
    "slack": (
        ("POST", "/api/chat.postMessage", schemas.POST_MESSAGE, posted),
        ("POST", "/api/chat.update", schemas.UPDATE_MESSAGE, posted),
        ("POST", "/api/chat.delete", schemas.DELETE_MESSAGE, posted),
    ),
    "teams": (("POST", "/workflows/.*", schemas.CARD, accepted),),
    "webhook": (("POST", "/workflows/.*", schemas.NOTICE, accepted),),
}
