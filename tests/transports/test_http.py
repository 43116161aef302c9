import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
)
from monitoring_tasks.respond.channels.table import KINDS, begin
from monitoring_tasks.transports.http import carry_on, retry_after
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    OVER_HTTP,
    SECRET,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver
from tests.transports.servers import WebServer, always, as_a_service, web_server

BASES = {"jsm": "/jsm/ops/integration", "slack": "/api"}
WRONG = Credentials(name="hook", password=SECRET)


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A server that takes everything."""
    with web_server(always(200)) as running:
        yield running


def one_request(server: WebServer, **options: Json) -> Exchange:
    """A conversation of one request, whose receipt is the answer's status."""
    url = options.pop("url", f"{server.address}/hooks/{SECRET}")
    answer = yield HttpRequest(method="POST", url=url, body={}, **options)
    return {"status": answer.status}


def ask(server: WebServer, **options: Json) -> Json:
    """Hold the conversation."""
    return carry_on(one_request(server, **options), WRONG, now=NOW)


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_each_service_takes_what_it_is_sent(kind: str, server: WebServer) -> None:
    """An incident over a real line: method, path, login, body as it wants them."""
    receiver = Receiver(kind)
    server.reply = as_a_service(receiver)
    address = f"{server.address}{BASES.get(kind, '')}"
    own = {"url": address} if kind not in {"teams", "webhook"} else {}
    channel = settings_of(kind, **own)
    hook = f"{server.address}/workflows/{SECRET}/run?sig={SECRET}"
    credentials = credentials_for(kind, hook)
    receipt = None
    for occasion in (Occasion.OPENED, Occasion.RAISED, Occasion.RESOLVED):
        if occasion in KINDS[kind].tells:
            exchange = begin(about(occasion), channel, credentials, receipt, now=NOW)
            receipt = carry_on(exchange, credentials, now=NOW)
    assert receipt
    assert len(server.asked) == len(receiver.calls) >= 3


@pytest.mark.parametrize("status", [200, 202, 204])
def test_success_is_an_answer(server: WebServer, status: int) -> None:
    """Whatever number of it a service uses."""
    server.reply = always(status, "")
    assert ask(server) == {"status": status}


def test_an_accepted_status_is_an_answer(server: WebServer) -> None:
    """The conversation goes on with it, others it did not name are errors."""
    server.reply = always(404)
    assert ask(server, accepts=frozenset({404})) == {"status": 404}
    with pytest.raises(DeliveryRefusedError):
        ask(server, accepts=frozenset({409}))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 302])
def test_a_refusal_is_for_good_and_tells_no_secret(
    server: WebServer, status: int
) -> None:
    """Host, status and the beginning of what was said, the key left out."""
    text = f"bad key {SECRET} in request {'x' * 500}"
    server.reply = always(status, text, Location="http://evil.example/")
    with pytest.raises(DeliveryRefusedError) as caught:
        ask(server)
    said = str(caught.value)
    assert said.startswith(f"127.0.0.1 answered {status}: bad key *** in request")
    assert SECRET not in said
    assert len(said) < 260
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120.0),
        (429, "Mon, 02 Mar 2026 06:31:00 GMT", 60.0),
        (503, "", None),
        (500, "soon", None),
        (408, "0", 0.0),
    ],
)
def test_what_may_pass_is_tried_again_when_the_server_says(
    server: WebServer, status: int, header: str, seconds: float | None
) -> None:
    """Both forms of `Retry-After` are seconds from now."""
    server.reply = always(status, "busy", Retry_After=header)
    with pytest.raises(DeliveryDelayedError, match=f"{status}: busy") as caught:
        ask(server)
    assert caught.value.retry_after == seconds


def test_a_line_cut_after_the_request_was_taken_is_tried_again(
    server: WebServer,
) -> None:
    """Nobody knows whether it worked; the second try carries the same key."""
    receiver = Receiver("webhook")
    server.reply = lambda *request: (receiver.answer(*request)[0], {}, None)
    credentials = credentials_for("webhook", f"{server.address}/workflows/{SECRET}")
    channel = settings_of("webhook")

    def send() -> Json:
        exchange = begin(OPENED, channel, credentials, None, now=NOW)
        return carry_on(exchange, credentials, now=NOW)

    with pytest.raises(DeliveryDelayedError, match="did not answer") as caught:
        send()
    assert SECRET not in f"{caught.value!r}{caught.value.__cause__}"
    server.reply = as_a_service(receiver)
    assert send()["count"] == 1
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in server.asked}
    assert (len(server.asked), keys) == (2, {OPENED.id})


def test_a_server_that_says_nothing_is_left(server: WebServer) -> None:
    """After the time-out, as transient."""
    wait = httpx.Timeout(0.05)
    held = web_server(lambda *_: (time.sleep(0.3), always(200)())[1])
    with held as slow, pytest.raises(DeliveryDelayedError, match="ReadTimeout"):
        carry_on(one_request(slow), WRONG, now=NOW, timeout=wait)
    assert server.asked == []


def test_nobody_listening_is_tried_again() -> None:
    """A refused connection is no refusal of the message."""
    with web_server(always(200)) as gone:
        pass
    with pytest.raises(DeliveryDelayedError, match="ConnectError"):
        ask(gone)


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "ftp://example.org", "nonsense", "https://[", ""]
)
def test_no_request_leaves_without_tls(server: WebServer, url: str) -> None:
    """What is no https address is a fault of the settings, named by its connection."""
    with pytest.raises(ConfigurationError, match="connection 'hook'"):
        ask(server, url=url)


def test_addresses_are_logged_without_their_paths(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx logs every request; of a webhook the path is the key."""
    caplog.set_level(logging.DEBUG)
    # Airflow, where it was loaded, has made httpx quieter.
    caplog.set_level(logging.INFO, logger="httpx")
    ask(server)
    assert "HTTP Request: POST http://127.0.0.1" in caplog.text
    assert SECRET not in caplog.text


def test_waits_are_never_negative_nor_for_ever() -> None:
    """A date in the past is now; a week is a misunderstanding."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert retry_after("Mon, 02 Mar 2020 06:31:00 GMT", now) == 0
    assert retry_after("604800", now) == 86400
