import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.errors import ConfigurationError, MonitoringError
from monitoring_tasks.operations.channels import (
    list_channels,
    send_notice,
    send_test,
)
from monitoring_tasks.settings import load_settings
from monitoring_tasks.workspace.workspace import Workspace
from tests.respond.channels.notices import NOW, OPENED, SECRET, SETTINGS, settings_of
from tests.transports.servers import WebServer, always, web_server
from tests.transports.test_http import BASES


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A server that refuses everything, and repeats the key it was given."""
    with web_server(always(403, f"no: {SECRET}")) as running:
        yield running


def workspace_with(
    home: Path, server: WebServer, kinds: tuple[str, ...] = tuple(SETTINGS)
) -> Workspace:
    """Return a workspace with a channel of each kind, all leading to one server."""
    host = server.address.removeprefix("http://")
    hook = f"{server.address}/{SECRET}"
    connections = dict.fromkeys(SETTINGS, SECRET) | {
        "jira": f"jira://ada%40x.org:{SECRET}@",
        "confluence": f"jira://ada%40x.org:{SECRET}@",
        "teams": hook,
        "webhook": hook,
        "signing": SECRET,
        "email": f"smtp://me:{SECRET}@127.0.0.1:1/",
        "apprise": f"json://{host}/{SECRET}",
    }
    own = {"teams", "webhook", "email", "apprise"}
    channels = {
        kind: settings_of(
            kind,
            **({} if kind in own else {"url": server.address + BASES.get(kind, "")}),
        )
        for kind in kinds
    }
    settings = load_settings(home).model_copy(update={"channels": channels})
    return Workspace(settings=settings, look_up=connections.get)


@pytest.mark.parametrize("kind", sorted(set(SETTINGS) - {"apprise"}))
def test_no_secret_leaves_by_an_error_or_a_log(
    tmp_path: Path, server: WebServer, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """Whatever kind, whatever the other side repeats."""
    caplog.set_level(logging.DEBUG)
    workspace = workspace_with(tmp_path, server)
    with pytest.raises(MonitoringError) as caught:
        send_test(workspace, kind, actor="ada")
    shown = f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"
    assert SECRET not in shown.replace(kind, "")
    assert SECRET not in caplog.text
    assert SECRET not in repr(workspace.settings)


def test_a_test_says_that_it_is_one(tmp_path: Path, server: WebServer) -> None:
    """Who asked, through which channel, and that nobody has to act."""
    server.reply = always(202)
    receipt = send_test(workspace_with(tmp_path, server), "webhook", actor="ada")
    assert receipt["count"] == 1
    text = server.asked[0][3].decode()
    assert "TEST of the channel 'webhook': nothing is wrong" in text
    assert "ada asked for this" in text


def test_a_channel_is_not_sent_what_it_is_not_told(
    tmp_path: Path, server: WebServer
) -> None:
    """The receipt stays, nothing leaves."""
    notice = replace(OPENED, occasion=Occasion.NOTED)
    workspace = workspace_with(tmp_path, server)
    assert send_notice(workspace, "pagerduty", notice, {"a": 1}, now=NOW) == {"a": 1}
    assert server.asked == []


def test_channels_are_listed_with_where_their_secrets_are(
    tmp_path: Path, server: WebServer
) -> None:
    """Never the secret; what lacks is named with its remedy."""
    workspace = workspace_with(tmp_path, server, ("slack", "email"))
    views = {view.name: view for view in list_channels(workspace)}
    assert views["slack"].source == "Airflow"
    assert views["slack"].problem == views["email"].problem == ""
    assert SECRET not in repr(views)
    bare = Workspace(settings=workspace.settings)
    assert "DAYWATCH_CONN_SLACK" in list_channels(bare)[1].problem


def test_an_unknown_channel_names_the_nearest(
    tmp_path: Path, server: WebServer
) -> None:
    """And the file in which channels are declared."""
    with pytest.raises(ConfigurationError, match=r"'slak'.*'slack'.*daywatch\.yaml"):
        send_test(workspace_with(tmp_path, server), "slak", actor="ada")
