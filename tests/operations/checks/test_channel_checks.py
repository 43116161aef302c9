from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.operations.checks.channel_checks import check_channels
from tests.builders import MODEL
from tests.operations.messages.rooms import room

ABSENT = "notify: there is no channel"
HOOK = {"hook": {"kind": "webhook", "connection": "hook"}}


@pytest.mark.parametrize(
    ("notify", "faults", "notes"),
    [
        ({}, [], []),
        ({"routes": [{"to": ["hook"]}]}, [], []),
        (
            {"routes": [{"to": ["hok"]}]},
            ["notify: there is no channel 'hok' in the settings; did you mean 'hook'?"],
            [],
        ),
        (
            {"escalation": [{"to": ["boss"]}]},
            [f"{ABSENT} 'boss' in the settings"],
            [],
        ),
        (
            {"routes": [{"to": ["hook"], "severity": ["P2"]}]},
            [],
            ["notify: no rule sends a P1 anywhere"],
        ),
    ],
)
def test_channels_are_held_against_the_settings(
    tmp_path: Path, notify: dict[str, Any], faults: list[str], notes: list[str]
) -> None:
    """A name that is not there, and a P1 nobody would hear of, are said before."""
    with room(tmp_path, HOOK, contract={"notify": notify}) as here:
        assert check_channels(here.workspace, MODEL) == (faults, notes)
