"""`incident show`: who does what."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from tests.operations.messages.rooms import room

DECLARED = {
    "owners": ["ann"],
    "roles": {
        "commander": "lee",
        "people": {"model_owner": ["kim", "bo"], "ml_engineer": ["max"]},
        "raci": {"triage": {"ml_engineer": "R", "model_owner": "A"}, "data_fix": {}},
    },
}


def show(home: Path, *words: str) -> str:
    """Type the command about the only incident."""
    told = CliRunner().invoke(app, ["incident", *words, "--home", str(home)])
    assert told.exit_code == 0, told.output
    return told.stdout


@pytest.mark.parametrize("declared", [True, False])
def test_an_incident_says_who_does_what(
    tmp_path: Path, empty_store: Path, *, declared: bool
) -> None:
    """Names where the contract has them; Daywatch's own proposal is not printed."""
    (tmp_path / "daywatch.db").write_bytes(empty_store.read_bytes())
    with room(tmp_path, {}, routes=[], contract=DECLARED if declared else {}) as here:
        incident = here.report(commander="lee", scribe="ann")
    roles = json.loads(show(tmp_path, "show", incident.id, "--json"))["roles"]
    text = show(tmp_path, "show", incident.id)
    assert "commander: lee, scribe: ann" in text
    assert roles["declared"] is declared
    triage = {"does": ["max"], "answers": ["kim", "bo"]}
    if declared:
        assert roles["owners"] == ["ann"]
        assert roles["duties"]["triage"] == triage
        assert "owners: ann\n" in text
        assert "triage: max does it, kim, bo answers for it\n" in text
        assert "data fix: nobody does it, nobody answers for it\n" in text
    else:
        assert roles["duties"]["triage"]["answers"] == ["model_owner"]
        assert "does it" not in text


def test_incidents_are_listed_a_page_at_a_time(
    tmp_path: Path, empty_store: Path
) -> None:
    """A full page says how to see more; the last one does not."""
    (tmp_path / "daywatch.db").write_bytes(empty_store.read_bytes())
    with room(tmp_path, {}, routes=[], contract={}) as here:
        newest = here.report().id
    place = ["--json", "--home", str(tmp_path)]
    run = CliRunner().invoke
    full = run(app, ["incident", "list", "--limit", "1", *place])
    assert [line["id"] for line in json.loads(full.stdout)] == [newest]
    assert "page 1; --page 2 has earlier ones" in full.stderr
    refused = run(app, ["incident", "list", "--limit", "0", "--page", "2", *place])
    assert (refused.exit_code, refused.stdout) == (2, "")
    for words in (["--limit", "1", "--page", "2"], ["--limit", "0"], []):
        told = run(app, ["incident", "list", *words, *place])
        assert len(json.loads(told.stdout)) == (0 if "--page" in words else 1)
        assert told.stderr == ""
