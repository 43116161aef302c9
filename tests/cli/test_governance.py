"""`governance inventory`, `plan`, `changes`, `controls`, `export`, `bundle`."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from tests.builders import MODEL
from tests.operations.governance.answerable import INCIDENT, WHY, write_answerable


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A judged day and an incident of it."""
    return write_answerable(tmp_path / "home")


def ask(home: Path, *words: str) -> Result:
    """Type a command of the group."""
    return CliRunner().invoke(app, ["governance", *words, "--home", str(home)])


def parsed(home: Path, *words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_inventory_has_a_row_a_contract(home: Path) -> None:
    """What people said, how it stands; nothing that nobody said is made up."""
    (row,) = parsed(home, "inventory")
    assert (row["model"], row["tier"], row["owners"]) == (MODEL, 2, ["team"])
    assert (row["organisation_role"], row["risk_class"]) == ("deployer", "unassessed")
    assert (row["last_verdict"], row["last_day"]) == ("ok", "2024-03-01")
    assert (row["open_incidents"], row["live_version"]) == ([INCIDENT], None)
    assert (row["response_mode"], row["is_validation_due"]) == ("observe", True)
    page = ask(home, "inventory", "--html").stdout
    assert "&lt;b&gt;" in page
    assert "no legal advice" in page
    assert "no legal advice" in ask(home, "inventory").stdout
    assert ask(home, "inventory", "--html", "--json").exit_code == ExitCode.USAGE


def test_plan_is_known_by_the_digest_of_what_it_is_made_of(home: Path) -> None:
    """The same contract, the same plan; another limit, another version."""
    plan = parsed(home, "plan", MODEL)
    assert plan == parsed(home, "plan", MODEL)
    assert plan["digest"] in plan["text"] == ask(home, "plan", MODEL).stdout
    assert "no legal advice" in plan["text"]
    path = home / "expectations" / MODEL / "monitor.yaml"
    path.write_text(path.read_text() + "policy: {min_rows: 77}\n")
    changed = parsed(home, "plan", MODEL)
    assert changed["digest"] != plan["digest"]
    assert "Fewer than 77 rows" in changed["text"]


def test_nothing_on_record_is_said_and_not_taken_for_no_change(home: Path) -> None:
    """No live day went through the first step yet."""
    assert parsed(home, "changes", MODEL)["first_seen_at"] is None
    assert "nothing is on record" in ask(home, "changes", MODEL).stdout
    assert ask(home, "changes", "nobody").exit_code == ExitCode.FAULT


def test_controls_say_what_is_not_covered(home: Path) -> None:
    """In JSON and in text."""
    assert all(control["not_covered"] for control in parsed(home, "controls"))
    assert "no claim of conformity" in ask(home, "controls").stdout


def test_export_says_where_it_lies_and_its_digest(home: Path, tmp_path: Path) -> None:
    """`bundle verify` holds it against its manifest too."""
    out = tmp_path / "out"
    told = parsed(home, "export", "--out", str(out))
    checked = parsed(home, "bundle", "verify", str(out))
    assert (checked["ok"], checked["digest"]) == (True, told["digest"])
    assert ask(home, "export", "--out", str(out)).exit_code == ExitCode.FAULT


def test_bundle_is_made_checked_and_held(home: Path) -> None:
    """An incident stands where a command could; a broken file exits 1, a hold 4."""
    written = parsed(home, "bundle", INCIDENT)
    assert written == parsed(home, "bundle", "make", INCIDENT)
    path = Path(written["path"])
    assert path.parent == home / "bundles"
    checked = parsed(home, "bundle", "verify", str(path))
    assert (checked["ok"], checked["in_journal"]) == (True, True)
    held = parsed(home, "bundle", "remove", str(path), *WHY, code=ExitCode.REFUSED)
    assert (held["removed"], len(held["held_by"])) == (False, 1)
    folder = Path(parsed(home, "bundle", INCIDENT, "--folder")["path"])
    (folder / "timeline.json").write_text("[]")
    broken = parsed(home, "bundle", "verify", str(folder), code=ExitCode.FAULT)
    assert broken["faults"] == ["timeline.json: was changed"]
    assert ask(home, "bundle", "no-such-incident").exit_code == ExitCode.FAULT
