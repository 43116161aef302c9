import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring_tasks.channel_settings import JsmChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import HttpResponse
from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.channels.inbound.opsgenie_poll import exchange
from tests.respond.channels.inbound.requests import KEY, basic

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
JSM = JsmChannel(kind="jsm", connection="key", poll_connection="asking")
LOGIN = {"login": "daywatch", "password": "token"}
SITE = Credentials(name="asking", extra={"cloud_id": "cloud-1"}, **LOGIN)


def answer(document: dict[str, Any]) -> HttpResponse:
    """Return an answer with a document."""
    return HttpResponse(status=200, body=json.dumps(document).encode())


def test_jira_is_asked_at_the_address_of_its_site() -> None:
    """With a person's login; what it lists has another name, what it says has not."""
    said: list[Heard] = []
    asking = exchange(JSM, "alerts", SITE, {"alias": KEY}, since=AT, heard=said)
    first = next(asking)
    base = "https://api.atlassian.com/jsm/ops/api/cloud-1/v1/alerts?"
    assert first.url.startswith(base)
    assert first.headers["Authorization"] == basic("token")
    report = {"closedBy": "kim", "closeTime": 60_000, "acknowledgedBy": "Daywatch"}
    alert = {"id": "A1", "alias": KEY, "createdAt": AT.isoformat(), "report": report}
    second = asking.send(answer({"values": [alert]}))
    assert "/v1/alerts/A1/notes?" in second.url
    (heard,) = said
    with pytest.raises(StopIteration):
        asking.send(answer({"values": []}))
    assert (heard.what, heard.who, heard.value) == (What.RESOLVED, "kim", KEY)
    assert heard.at == AT + timedelta(minutes=1)


def test_without_the_site_it_cannot_be_asked() -> None:
    """The error names the option."""
    nowhere = Credentials(name="asking")
    with pytest.raises(ConfigurationError, match="cloud_id"):
        next(exchange(JSM, "alerts", nowhere, {"alias": KEY}, since=AT, heard=[]))
