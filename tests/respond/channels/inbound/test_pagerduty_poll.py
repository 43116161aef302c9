from datetime import UTC, datetime

import pytest

from monitoring_tasks.channel_settings import PagerDutyChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.respond.channels.inbound.pagerduty_poll import exchange
from tests.respond.channels.inbound.requests import KEY

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
TOKEN = Credentials(name="asking", password="token")  # noqa: S106 (made up)


@pytest.mark.parametrize("region", ["", ".eu"])
def test_answers_are_given_where_the_region_is(region: str) -> None:
    """Events and questions have two addresses; the token goes to the right one."""
    channel = PagerDutyChannel(
        kind="pagerduty",
        connection="key",
        url=f"https://events{region}.pagerduty.com",
    )
    asking = exchange(channel, "oncall", TOKEN, {"dedup_key": KEY}, since=AT, heard=[])
    request = next(asking)
    assert request.url.startswith(f"https://api{region}.pagerduty.com/incidents?")
    assert request.headers["Authorization"] == "Token token=token"
