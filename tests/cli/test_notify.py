"""`notify list`, `notify test` and `notify heard`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.hearing import What
from monitoring_tasks.operations.hearing import hear
from tests.operations.answers import SIGNING, told_room
from tests.operations.days import write_workspace
from tests.transports.servers import WebServer, always, web_server

SECRET = "s3cr3t-0123456789"  # noqa: S105 (made up)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A receiver of webhooks, known to the environment alone."""
    with web_server(always(202)) as running:
        monkeypatch.setenv("DAYWATCH_WEBHOOK_URL", f"{running.address}/{SECRET}")
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace without channels of its own."""
    return write_workspace(tmp_path / "home")


def ask(home: Path, *words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, ["notify", *words, "--home", str(home)])


def test_channels_are_listed_and_tested(home: Path, server: WebServer) -> None:
    """Two variables later a message arrives; its receipt is printed."""
    (listed,) = json.loads(ask(home, "list", "--json").stdout)
    assert (listed["name"], listed["source"]) == ("webhook", "DAYWATCH_WEBHOOK_URL")
    assert "ready" in ask(home, "list").stdout
    result = ask(home, "test", "webhook", "--by", "ada", "--json")
    assert (result.exit_code, len(server.asked)) == (ExitCode.DONE, 1)
    assert json.loads(result.stdout)["receipt"]["count"] == 1
    assert "webhook: sent" in ask(home, "test", "webhook").stdout


@pytest.mark.parametrize(
    ("status", "code"), [(400, ExitCode.FAULT), (503, ExitCode.TRY_AGAIN)]
)
def test_the_exit_code_says_whether_to_try_again(
    home: Path, server: WebServer, status: int, code: ExitCode
) -> None:
    """1 was refused, 75 may pass; the address is not shown."""
    server.reply = always(status, f"no {SECRET}")
    result = ask(home, "test", "webhook")
    assert result.exit_code == code
    assert f"answered {status}" in result.output
    assert SECRET not in result.output


def test_a_channel_without_its_connection_is_a_fault(home: Path) -> None:
    """The list says which variable to set, and ends with 1."""
    assert "nobody is told" in ask(home, "list").stdout
    text = "channels: {ops: {kind: slack, connection: chat, channel: C1}}\n"
    with (home / "daywatch.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    result = ask(home, "list")
    assert result.exit_code == ExitCode.FAULT
    assert "DAYWATCH_CONN_CHAT" in "".join(result.output.split())


def test_what_was_heard_says_what_came_of_it(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who did what where and when, about which incident, or why it was ignored."""
    with told_room(tmp_path, empty_store, monkeypatch, **SIGNING) as here:
        incident = here.report()
        unknown = {"event": "strange", "other": "PXX", "value": "nothing", "who": "bo"}
        for heard in (
            here.heard(What.NAMED),
            here.heard(What.RESOLVED, **unknown),
            here.heard(What.NOTED),
            here.heard(What.RESOLVED),
            here.heard(What.ACKNOWLEDGED),
        ):
            hear(here.room.workspace, heard)
    listed = json.loads(ask(tmp_path, "heard", "--json").stdout)
    told = [(e["who"], e["what"], e["incident"], e["outcome"]) for e in listed]
    assert sorted(told, key=str) == [
        ("bo", "resolved", None, "unknown"),
        ("kim", "acknowledged", incident.id, "late"),
        ("kim", "noted", incident.id, "done"),
        ("kim", "resolved", incident.id, "done"),
    ]
    about = ("heard", "--incident", incident.id)
    assert len(json.loads(ask(tmp_path, *about, "--json").stdout)) == 3
    (newest,) = json.loads(ask(tmp_path, *about, "--limit", "1", "--json").stdout)
    assert newest["why"] == "the incident was resolved by then"
    assert (newest["channel"], newest["at"][:10]) == ("pagerduty", "2013-09-03")
    words = " ".join(ask(tmp_path, "heard").stdout.split())
    assert "no message is known that it is about" in words
    assert "nothing was heard" in ask(tmp_path / "quiet", "heard").stdout
