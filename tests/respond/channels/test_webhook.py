import json

from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.respond.channels.table import begin
from monitoring_tasks.respond.channels.webhook import signature
from tests.respond.channels.notices import HOOK, NOW, OPENED, about, settings_of


def test_the_body_is_the_whole_notice_signed() -> None:
    """Its bytes are what is signed; its id tells repetitions."""
    credentials = Credentials(name="w", url=HOOK, extra={"secret": "s"})
    request = next(begin(OPENED, settings_of("webhook"), credentials, None, now=NOW))
    assert request.content is not None
    body = json.loads(request.content)
    assert (body["headline"], body["severity"]) == (OPENED.headline, "P1")
    assert body["facts"][1] == {"name": "rows a day", "value": "4,711"}
    assert (body["since"], body["at"]) == ("2026-03-01", "2026-03-02T06:00:00+00:00")
    stamp = str(int(NOW.timestamp()))
    assert request.headers == {
        "Content-Type": "application/json",
        "Idempotency-Key": OPENED.id,
        "X-Daywatch-Timestamp": stamp,
        "X-Daywatch-Signature": signature("s", stamp, request.content),
    }


def test_with_an_open_address_the_connection_is_the_secret() -> None:
    """What the settings say is posted to; nothing is signed with an empty secret."""
    channel = settings_of("webhook", url="https://bot.example.org/daywatch")
    signed, plain = (
        next(begin(OPENED, channel, Credentials(name="w", password=p), None, now=NOW))
        for p in ("s", "")
    )
    assert signed.url == "https://bot.example.org/daywatch"
    assert "X-Daywatch-Signature" in signed.headers
    assert "X-Daywatch-Signature" not in plain.headers


def test_an_id_that_is_no_header_stands_in_as_digits() -> None:
    """A header holds neither line breaks nor other alphabets."""
    notice = about(Occasion.OPENED, id="é\r\nX: y")
    credentials = Credentials(name="w", url=HOOK)
    request = next(begin(notice, settings_of("webhook"), credentials, None, now=NOW))
    assert request.headers["Idempotency-Key"].isalnum()
