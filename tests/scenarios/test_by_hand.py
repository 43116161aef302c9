"""What needs other versions scored anew: rollbacks by hand, and concept drift."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.operations import approvals
from monitoring_tasks.operations.rollbacks.manual import request_manual_rollback
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
REASON = "version 3 reads its inputs wrong"


def ask(
    workspace: Workspace, to: str, *, force: bool = False, dry_run: bool = False
) -> dict[str, Any]:
    """Ask for a rollback as a person."""
    return request_manual_rollback(
        workspace,
        world.MODEL,
        to=to,
        reason=REASON,
        actor="ann",
        force=force,
        dry_run=dry_run,
    )


def failed(outcome: dict[str, Any]) -> set[str]:
    """Name the guards that did not hold."""
    return {guard["name"] for guard in outcome["guards"] if not guard["passed"]}


def test_rollback_by_hand_obeys_the_guards(breached: Path) -> None:
    """Absent and same versions are refused, a better one is put back, then it waits."""
    with open_workspace(breached) as workspace:
        assert {"target_ready", "target_loads"} <= failed(ask(workspace, "9"))
        assert "one_alias" in failed(ask(workspace, "3", force=True))
        applied = ask(workspace, "2")
        assert (applied["state"], failed(applied)) == ("verifying", set())
        assert workspace.registry.alias_version(world.MODEL, world.ALIAS) == "2"
        again = ask(workspace, "1")
        assert again["state"] == "blocked"
        assert {"cool_down", "only_rollback"} <= failed(again)
        lines = workspace.journal.lines(world.MODEL)
    assert [line.state for line in lines].count("applied") == 1
    mine = [line for line in lines if line.key == applied["rollback"]]
    assert {line.actor for line in mine} == {"ann"}
    assert mine[0].reason == REASON


def test_dry_run_asks_every_guard_and_changes_nothing(breached: Path) -> None:
    """What would be done and what would be refused, without a trace."""
    before = worlds.dump(breached)
    with open_workspace(breached) as workspace:
        would = ask(workspace, "2", dry_run=True)
        would_not = ask(workspace, "9", dry_run=True)
    assert (would["would_move"], failed(would)) == (True, set())
    assert len({guard["group"] for guard in would["guards"]}) == 13
    assert (would_not["would_move"], "target_ready" in would_not["text"]) == (
        False,
        True,
    )
    assert (worlds.dump(breached), worlds.alias(breached)) == (before, "3")


def test_person_may_skip_the_evidence_and_nothing_else(home: Path) -> None:
    """On a healthy day a rollback needs force; the journal names what was skipped."""
    worlds.run(home, *world.HISTORY)
    with open_workspace(home) as workspace:
        plain = ask(workspace, "1")
        assert plain["state"] == "blocked"
        assert {"breach_confirmed", "cause_is_model"} <= failed(plain)
        rehearsed = ask(workspace, "1", force=True, dry_run=True)
        forced = ask(workspace, "1", force=True)
        lines = workspace.journal.lines(world.MODEL)
    assert rehearsed["would_move"] is True
    assert forced["state"] == "verifying"
    assert set(forced["skipped"]) == failed(plain)
    told = [line.detail for line in lines if line.key == forced["rollback"]]
    assert all(detail["forced"] for detail in told)
    assert told[-1]["skipped"] == forced["skipped"]
    assert not any(line.detail for line in lines if line.key == plain["rollback"])


def test_forced_rollback_is_undone_the_same_way(breached: Path) -> None:
    """What the page of a rollback names as the way back is one."""
    with open_workspace(breached) as workspace:
        assert ask(workspace, "2")["state"] == "verifying"
        assert ask(workspace, "3")["state"] == "blocked"
    world.write_day(breached, worlds.CONFIRMED + timedelta(days=1), version="2")
    worlds.run(breached, worlds.CONFIRMED + timedelta(days=1))
    with open_workspace(breached) as workspace:
        back = ask(workspace, "3", force=True)
    assert (back["state"], worlds.alias(breached)) == ("verifying", "3")
    assert "target_not_withdrawn" in back["skipped"]


def test_version_without_its_files_is_refused(breached: Path) -> None:
    """A version whose artifact is gone cannot be put back, overruled or not."""
    for path in breached.glob("mlflow-artifacts/models/*/artifacts/*"):
        if path.is_file():
            path.unlink()
    with open_workspace(breached) as workspace:
        outcome = ask(workspace, "2", force=True)
    assert outcome["state"] == "blocked"
    assert "target_loads" in failed(outcome)
    assert worlds.alias(breached) == "3"


def test_versions_that_do_not_load_are_never_put_back(home: Path) -> None:
    """A confirmed breach without a version that can be measured is for a person."""
    for path in home.glob("mlflow-artifacts/models/*/artifacts/*"):
        if path.is_file():
            path.unlink()
    with open_workspace(home) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
    days = (worlds.FIRST_BAD, worlds.CONFIRMED)
    for day in days:
        world.write_day(home, day, version="3")
    row = worlds.run(home, *days)[-1]
    assert (row.confirmed, row.cause) == (True, "undetermined")
    assert (row.rollback_to, row.action.kind) == (None, "incident")
    assert {c.gain for c in row.comparisons} == {None}
    assert (worlds.alias(home), worlds.journal(home)) == ("3", [])


@pytest.mark.parametrize("reason", ["", "  short  "])
@pytest.mark.usefixtures("home")
def test_rollback_by_hand_needs_a_reason(reason: str) -> None:
    """Whoever reads the journal is told why."""
    with pytest.raises(ConfigurationError, match="say why"):
        approvals.request_rollback(world.MODEL, to="1", reason=reason, actor="ann")


@pytest.mark.usefixtures("home")
def test_rollback_by_hand_needs_a_judged_day() -> None:
    """Without a look at the live version there is no evidence at all."""
    with pytest.raises(NoDataError, match="never been judged"):
        approvals.request_rollback(world.MODEL, to="1", reason=REASON, actor="ann")


def test_concept_drift_rolls_nothing_back(home: Path) -> None:
    """When no version does better the world has changed, and the alias stays."""
    days = world.HISTORY[0], world.HISTORY[0].replace(day=19)
    before = world.HISTORY[0].replace(day=17)
    world.write_day(home, before, version="1")
    for day in days:
        world.write_day(home, day, labels=world.coin_labels)
    rows = worlds.run(home, before, *days)
    assert [row.verdict for row in rows] == ["ok", "breach", "breach"]
    last = rows[-1]
    assert (last.severity, last.cause) == ("P1", "concept_drift")
    assert (last.rollback_to, last.action.kind) == (None, "incident")
    assert "retrain" in last.reasons[0]
    assert (worlds.alias(home), worlds.journal(home)) == ("2", [])
