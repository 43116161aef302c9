"""`drill`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.drills import fault_catalogue
from monitoring_tasks.operations.drills.fault_catalogue import FAULTS
from monitoring_tasks.operations.drills.right_answers import QUIET
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET


@pytest.fixture
def judged(home: Path) -> Path:
    """Eight healthy days, judged."""
    first, last = (day.isoformat() for day in world.HISTORY)
    backfill(world.MODEL, first, last)
    return home


def ask(*words: str) -> Result:
    """Type a drill."""
    return CliRunner().invoke(app, ["drill", world.MODEL, *words])


def test_right_answer_exits_zero_and_is_shown(judged: Path) -> None:
    """The table says what was broken, what was said and what is right."""
    result = ask("--fault", "schema_break", "--fault", "duplicate_rows")
    assert result.exit_code == ExitCode.DONE, result.output
    for text in ("schema_break", "day 1", "no_data P2", "2 right, 0 wrong, 0 skipped"):
        assert text in result.stdout
    assert len(list((judged / "drills").iterdir())) == 1


def test_wrong_answer_exits_one_and_says_why(
    judged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever expects a broken schema to pass in silence is told otherwise."""
    del judged
    hushed = replace(FAULTS["schema_break"], expected=QUIET)
    monkeypatch.setattr(fault_catalogue, "FAULTS", {"schema_break": hushed})
    result = ask("--all")
    assert result.exit_code == ExitCode.FAULT
    assert "schema_break: 2024-03-23: remedy incident, expected none" in result.stdout


def test_json_is_the_log(judged: Path) -> None:
    """What is printed is what was kept."""
    result = ask("--fault", "duplicate_rows", "--size", "0.5", "--json")
    assert result.exit_code == ExitCode.DONE, result.output
    printed = json.loads(result.stdout)
    (kept,) = (judged / "drills").iterdir()
    assert printed.pop("log") == str(kept)
    assert printed == json.loads(kept.read_text(encoding="utf-8"))
    assert printed["drills"][0]["size"] == 0.5


def test_nothing_tried_is_no_success(judged: Path) -> None:
    """A model without categories is not proven safe from recoded ones."""
    world.amend(judged, "columns", categorical=[])
    result = ask("--fault", "category_recode")
    assert result.exit_code == ExitCode.FAULT
    assert "0 right, 0 wrong, 1 skipped" in result.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param([], ExitCode.USAGE, id="no fault"),
        pytest.param(["--all", "--fault", "no_fault"], ExitCode.USAGE, id="both"),
        pytest.param(["--all", "--size", "2"], ExitCode.USAGE, id="a size for all"),
        pytest.param(["--fault", "flood"], ExitCode.FAULT, id="unknown"),
        pytest.param(["--fault", "no_fault", "--days", "2"], ExitCode.FAULT, id="few"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    home: Path, words: list[str], code: ExitCode
) -> None:
    """Wrong usage is told before anything is tried."""
    assert ask(*words).exit_code == code
    assert not (home / "drills").exists()
