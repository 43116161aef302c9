"""Answering, reviewing, showing and repairing rollbacks from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks import daily
from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.respond.next_steps import next_steps
from tests.builders import make_rollback
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
REASON = "the report shows it plainly"
WHY = ("--reason", REASON)
NOBODY = "rollback-000000000000"


def ask(*words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, list(words))


def parsed(*words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def said(*words: str, code: int = ExitCode.DONE) -> str:
    """Type a command; give what it prints, on one line."""
    result = ask(*words)
    assert result.exit_code == code, result.output
    return " ".join(result.stdout.split())


def respond(home: Path, mode: str) -> str:
    """Let the second bad day respond at a level; return the id of its rollback."""
    world.amend(home, "response", mode=mode, consumers=["collections team"])
    daily.respond(worlds.confirmed_key(home))
    (one,) = parsed("rollbacks", world.MODEL)
    return str(one["id"])


@pytest.mark.slow
def test_approve_moves_shows_and_repairs(breached: Path) -> None:
    """From the question to the fixed days, each told to a person and a machine."""
    rollback = respond(breached, "approve")
    shown = said("show", rollback)
    assert f"{rollback}: awaiting_approval" in shown
    assert f"daywatch approve {rollback}" in shown
    told = parsed("approve", rollback, *WHY, "--by", "ann")
    assert (told["counted"], told["moved"], told["state"]) == (True, True, "verifying")
    assert worlds.alias(breached) == "2"
    late = said("reject", rollback, *WHY, "--by", "bob", code=ExitCode.REFUSED)
    assert "too late, the answer changes nothing: approved by ann on 2024-" in late
    whole = parsed("show", rollback)
    assert (whole["approver"], whole["to_version"]) == ("ann", "2")
    assert [line["state"] for line in whole["journal"]][-1] == "verifying"
    assert whole["evidence"]["comparison"]["gain"] > 0
    assert whole["repair"]["consumers"] == ["collections team"]
    shown = said("show", rollback)
    for text in (
        "answered by ann",
        "roc_auc on the same",
        "0 of 2 published days",
        f"daywatch repair {rollback} --plan",
        "--to 3 --reason ... --force",
    ):
        assert text in shown
    assert len(parsed("repair", rollback, "--plan")["days"]) == 2
    assert "repaired" not in parsed("repair", rollback, "--plan")
    assert "consumers to inform: collections team" in said("repair", rollback)
    assert all(day["repaired"] for day in parsed("repair", rollback)["days"])
    assert "2 of 2 published days" in said("show", rollback)
    assert "verifying" in said("rollbacks")


def test_reject_is_final(breached: Path) -> None:
    """Nothing moves, and a later yes exits with 4 and says who was first."""
    rollback = respond(breached, "approve")
    assert "rejected" in said("reject", rollback, *WHY, "--by", "bob")
    late = parsed("approve", rollback, *WHY, "--by", "ann", code=ExitCode.REFUSED)
    assert late["settled"]["actor"] == "bob"
    assert late["settled"]["reason"] == REASON
    assert worlds.alias(breached) == "3"
    assert "a person said no" in said("show", rollback)


def test_approval_that_a_guard_stops_is_refused(breached: Path) -> None:
    """The kill switch was placed since the question; it is named, and the exit is 4."""
    rollback = respond(breached, "approve")
    ask("hold", "place", world.MODEL, "--reason", "registry migration")
    stopped = said("approve", rollback, *WHY, code=ExitCode.REFUSED)
    assert "no_kill_switch" in stopped
    assert worlds.alias(breached) == "3"


def test_review_counts_towards_autonomy(breached: Path) -> None:
    """A decision that was only recorded is called right, and it shows."""
    rollback = respond(breached, "dry_run")
    assert parsed("autonomy", world.MODEL)["unanswered"] == 1
    told = parsed("review", rollback, "--right", *WHY)
    assert (told["right"], told["wrong"], told["unanswered"]) == (1, 0, 0)
    plain = said("autonomy", world.MODEL)
    assert "loan: dry_run (as the contract says)" in plain
    assert "proposal: response.mode: approve" in plain
    assert parsed("review", rollback, "--wrong", *WHY)["wrong"] == 1


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("approve", NOBODY, *WHY), ExitCode.FAULT, "there is no rollback"),
        (("reject", NOBODY, "--reason", "no"), ExitCode.FAULT, "say why"),
        (("reject", NOBODY), ExitCode.USAGE, "--reason"),
        (("show", NOBODY), ExitCode.FAULT, "there is no rollback"),
        (("repair", NOBODY), ExitCode.FAULT, "there is no rollback"),
        (("review", NOBODY, *WHY), ExitCode.USAGE, "--wrong"),
        (("review", NOBODY, "--right", *WHY), ExitCode.FAULT, "there is no rollback"),
        (("restore", "loan", *WHY), ExitCode.FAULT, "has lost no autonomy"),
        (("restore", "ghost", *WHY), ExitCode.FAULT, "no contract for 'ghost'"),
        (("autonomy", "ghost"), ExitCode.FAULT, "no contract for 'ghost'"),
        (("rollbacks", "ghost"), ExitCode.FAULT, "no contract for 'ghost'"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_meant_is_named(
    words: tuple[str, ...], code: ExitCode, text: str
) -> None:
    """One clear line, the right exit code, and no trace of Python."""
    result = ask(*words)
    assert result.exit_code == code
    assert text in " ".join(result.output.split())
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("home")
def test_workspace_without_rollbacks_says_so() -> None:
    """Nothing to list is no error."""
    assert (said("rollbacks"), parsed("rollbacks")) == ("no rollbacks", [])


@pytest.mark.parametrize("state", list(RollbackState))
def test_every_state_has_something_to_do(state: RollbackState) -> None:
    """Whoever is paged at night is never left without a next step."""
    steps = next_steps(make_rollback(state=state))
    assert steps
    assert all(steps)
    assert not any("{" in step for step in steps)
