"""`receive`, up to the moment at which it listens."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.web import serving
from tests.operations.answers import POLLING, SIGNING, told_room


def ask(home: Path, *words: str) -> Result:
    """Type the command."""
    return CliRunner().invoke(app, ["receive", *words, "--home", str(home)])


def test_it_says_where_it_listens_and_to_whom(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The addresses are what one copies into each service, behind one's own proxy."""
    served: list[dict[str, object]] = []
    monkeypatch.setattr(serving.uvicorn, "run", lambda _, **how: served.append(how))
    monkeypatch.setattr(serving, "_show_log", lambda: None)
    with told_room(tmp_path, empty_store, monkeypatch, **SIGNING):
        result = ask(tmp_path, "--port", "8099", "--json")
    listens = json.loads(result.stdout)["listens"]
    assert listens["pagerduty"] == "http://127.0.0.1:8099/in/pagerduty"
    assert (served[0]["host"], served[0]["access_log"]) == ("127.0.0.1", False)


def test_it_does_not_listen_to_nobody(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a secret it ends at once, and names what to write."""
    with told_room(tmp_path, empty_store, monkeypatch, **POLLING):
        result = ask(tmp_path)
    assert result.exit_code == ExitCode.FAULT
    assert "signing_connection" in result.stderr
