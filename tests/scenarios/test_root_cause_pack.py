"""The pack of a bad release: frozen before the rollback, read, changed, made again."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monitoring_tasks import daily
from monitoring_tasks.cli import output
from monitoring_tasks.cli.app import app
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.operations.root_cause import read_pack, rebuild_pack
from monitoring_tasks.workspace import root_cause_reader
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = [*worlds.QUIET, pytest.mark.slow]
INCIDENT = f"loan-model-{FIRST_BAD}"


def respond() -> None:
    """Take the step that acts on the second bad day."""
    with open_workspace() as workspace:
        key = world.unit_of(workspace, CONFIRMED).key
    daily.respond(key)


def typed(*words: str, code: int = 0) -> str:
    """Type a command; return what it prints."""
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == code, result.output
    return result.output.replace("as it was\nwritten", "as it was written")


def printed_narrow(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Type a command in a terminal of 80 columns; return lines of several words."""
    with monkeypatch.context() as terminal:
        terminal.setattr(output.console, "_width", 80)
        lines = typed(*words).splitlines()
    return [line for line in lines if len(line.split()) > 1]


def test_pack_holds_what_was_so_before_the_rollback(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen before the alias moved; run again, nothing new; made again, it differs.

    Beside the pack of the first guess, made the day before.
    """
    respond()
    assert worlds.alias(breached) == "2"
    with open_workspace(breached) as workspace:
        kept = read_pack(workspace, INCIDENT)
    sections: dict[str, Any] = dict(kept.pack["sections"])
    changes, versions = sections["changes"]["data"], sections["versions"]["data"]
    assert "applied" not in {move["what"] for move in changes["moves"]}
    assert [r["version"] for r in changes["releases"]] == ["3"]
    assert [v["version"] for v in versions["versions"]][:2] == ["3", "2"]
    assert "daywatch.rolled_back" not in versions["versions"][0]["tags"]
    assert versions["same_rows"]
    assert sections["distributions"]["data"]["columns"]
    assert sections["segments"]["data"]["declared"]["columns"]["region"]
    assert len(sections["lineage"]["data"]["partitions"]) == 2
    respond()
    assert len(list((breached / "evidence" / INCIDENT).iterdir())) == 2
    lines = printed_narrow(monkeypatch, "pack", INCIDENT)
    assert [line for line in lines if len(line) > 80] == []
    with open_workspace(breached) as workspace:
        rebuilt = rebuild_pack(workspace, INCIDENT, actor="ann")
        events = workspace.incidents.events(INCIDENT)
    assert set(rebuilt.different or ()) >= {"changes", "versions"}
    assert [e["event"] for e in events if "made again by ann" in e["text"]]
    assert typed("pack", INCIDENT, "--verify").count("as it was written") == 3
    path = Path(kept.path)
    path.write_text(path.read_text().replace('"loan"', '"lorn"'))
    with (
        open_workspace(breached) as workspace,
        pytest.raises(UnreadableDataError, match="changed after it was frozen"),
    ):
        read_pack(workspace, INCIDENT)
    typed("pack", INCIDENT, "--verify", code=1)


def test_pack_that_cannot_be_made_stops_no_rollback(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias moves all the same, and the time line says what is missing."""

    def broken(*_: object) -> None:
        raise ValueError("nothing can be read")

    with monkeypatch.context() as fault:
        fault.setattr(root_cause_reader, "read_pack_facts", broken)
        respond()
    assert worlds.alias(breached) == "2"
    with open_workspace(breached) as workspace:
        names = [event["event"] for event in workspace.incidents.events(INCIDENT)]
    assert {"pack-guess", "pack-failed"} <= set(names)
    assert "pack" not in names
    assert f"/{FIRST_BAD}/" in typed("pack", INCIDENT)
    typed("pack", INCIDENT, "--rebuild")
    assert typed("pack", INCIDENT, "--verify").count("as it was written") >= 1


def test_prediction_is_traced_to_version_and_incident(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an id to batch, evaluations of every mode, run, data and incident."""
    del breached
    respond()
    prediction = f"{CONFIRMED}-00007"
    traced = json.loads(typed("trace", prediction, "--json"))
    assert (traced["model"], traced["version"]) == (world.MODEL, "3")
    assert {e["mode"] for e in traced["evaluations"]} == {
        "live", "backfill", "dry_run", "replay",
    }  # fmt: skip
    assert traced["made_by"]["run"]["id"]
    assert traced["made_by"]["training_data"]["trained_until"] == "2024-02-29"
    assert INCIDENT in [incident["id"] for incident in traced["incidents"]]
    assert "row" not in traced
    shown = "\n".join(printed_narrow(monkeypatch, "trace", prediction, "--row"))
    assert f"id: {prediction}" in shown
    nowhere = typed("trace", "nope", "--day", CONFIRMED.isoformat(), code=1)
    assert re.search(r"no frozen batch\s+has\s+the\s+prediction\s+'nope'", nowhere)
    playbook = typed("playbook", INCIDENT)
    assert f"daywatch pack {INCIDENT}" in playbook
    assert "daywatch repair rollback-" in playbook
