from pathlib import Path

import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.web.serving import addresses
from monitoring_tasks.workspace.workspace import open_workspace
from tests.operations.answers import POLLING, SIGNING, told_room


def test_a_door_for_each_channel_that_can_be_believed(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its address, if its secret is there."""
    with told_room(tmp_path, empty_store, monkeypatch, **SIGNING):
        with open_workspace(tmp_path) as workspace:
            listed = addresses(workspace, host="::1", port=8095)
        assert list(listed) == ["opsgenie", "pagerduty", "slack"]
        assert listed["slack"] == "http://[::1]:8095/in/slack"
        monkeypatch.delenv("DAYWATCH_CONN_SIGNING")
        with (
            open_workspace(tmp_path) as workspace,
            pytest.raises(ConfigurationError, match="DAYWATCH_CONN_SIGNING"),
        ):
            addresses(workspace, host="::1", port=8095)


def test_without_a_secret_nobody_is_served(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says so instead of refusing everything."""
    with (
        told_room(tmp_path, empty_store, monkeypatch, **POLLING),
        open_workspace(tmp_path) as workspace,
        pytest.raises(ConfigurationError, match="signing_connection"),
    ):
        addresses(workspace, host="127.0.0.1", port=8095)
