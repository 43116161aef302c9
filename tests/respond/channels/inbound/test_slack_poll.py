import json
from datetime import UTC, datetime

import pytest

from monitoring_tasks.channel_settings import SlackChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import HttpResponse
from monitoring_tasks.domain.hearing import Heard
from monitoring_tasks.errors import DeliveryDelayedError
from monitoring_tasks.respond.channels.inbound.slack_poll import exchange

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
SLACK = SlackChannel(kind="slack", connection="key", channel="C1")
TOKEN = Credentials(name="asking")
RECEIPT = {"channel": "C1", "ts": "1772433000.000100"}


def answered(error: str) -> list[Heard]:
    """Return what is heard where Slack answers a question with an error."""
    heard: list[Heard] = []
    asking = exchange(SLACK, "slack", TOKEN, RECEIPT, since=AT, heard=heard)
    next(asking)
    body = json.dumps({"ok": False, "error": error}).encode()
    with pytest.raises(StopIteration):
        asking.send(HttpResponse(status=200, body=body))
    return heard


@pytest.mark.parametrize(
    "error",
    ["thread_not_found", "message_not_found", "channel_not_found", "not_in_channel"],
)
def test_where_a_message_is_gone_there_is_nothing_to_hear(error: str) -> None:
    """It is no fault of the service: others are asked about as ever."""
    assert answered(error) == []


def test_any_other_error_is_a_question_in_vain() -> None:
    """What was not answered is asked for again."""
    with pytest.raises(DeliveryDelayedError, match="internal_error"):
        answered("internal_error")
