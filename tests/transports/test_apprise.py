import sys

import pytest

from monitoring_tasks.connections import Credentials
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
)
from monitoring_tasks.transports.apprise import send_plain
from tests.respond.channels.notices import SECRET
from tests.transports.servers import always, web_server

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
"""Apprise 2.3 looks for it where it still is."""


@pytest.mark.slow  # Apprise loads its 180 services
def test_a_message_goes_through_apprise(caplog: pytest.LogCaptureFixture) -> None:
    """Title and text arrive; a no of the service is worth another try."""
    with web_server(always(200)) as server:
        host = server.address.removeprefix("http://")
        hook = Credentials(name="a", url=f"json://{host}/{SECRET}")
        send_plain("title", "text", "failure", hook)
        ((_, path, _, content),) = server.asked
        assert path.startswith(f"/{SECRET}")
        assert b'"title": "title"' in content
        server.reply = always(500)
        with pytest.raises(DeliveryDelayedError, match="connection 'a'"):
            send_plain("title", "text", "info", hook)
    assert SECRET not in caplog.text


@pytest.mark.slow
def test_a_url_of_nobody_is_refused() -> None:
    """The error names the connection and not its URL."""
    odd = Credentials(name="a", url=f"nosuchservice://{SECRET}")
    with pytest.raises(DeliveryRefusedError, match="connection 'a'") as caught:
        send_plain("t", "b", "info", odd)
    assert SECRET not in str(caught.value)


def test_without_apprise_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is an extra; nothing else needs it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigurationError, match=r"daywatch\[apprise\]"):
        send_plain("t", "b", "info", Credentials(name="a", url="json://h"))
