"""A rollback that waits for a person: answered, late, twice, crashed, out of date."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.errors import (
    ConfigurationError,
    IllegalTransitionError,
    TransientError,
)
from monitoring_tasks.operations import approvals
from monitoring_tasks.operations.incidents import move_incident, said_now
from monitoring_tasks.operations.rollbacks import approval, lookup
from monitoring_tasks.operations.rollbacks.reviews import describe
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
REASON = "the report shows it plainly"
Answer = Callable[[], dict[str, Any]]
Change = Callable[[Workspace, Rollback], None]


@pytest.fixture
def asked(breached: Path) -> str:
    """The second bad day asks a person; the id of its rollback."""
    world.amend(breached, "response", mode="approve", decision_hours=24)
    key = daily.respond(worlds.confirmed_key(breached))
    rollback = approvals.rollback_to_approve(key)
    assert rollback is not None
    return rollback


def approve(rollback: str, by: str = "ann") -> dict[str, Any]:
    """Say yes."""
    return approvals.answer(rollback, approve=True, actor=by, reason=REASON)


def reject(rollback: str, by: str = "bob") -> dict[str, Any]:
    """Say no."""
    return approvals.answer(rollback, approve=False, actor=by, reason=REASON)


def stands(home: Path) -> tuple[str, str | None]:
    """Say where the one rollback and the alias stand."""
    with open_workspace(home) as workspace:
        (known,) = workspace.rollbacks.find()
    return known.state.value, worlds.alias(home)


def action(home: Path) -> Action:
    """Return what is written beside the day."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, worlds.CONFIRMED)
        return workspace.results.evaluation(unit).action


def test_approval_moves_the_alias_and_names_the_approver(
    breached: Path, asked: str
) -> None:
    """Nothing moves before; then all is as if the day had moved it itself."""
    assert stands(breached) == ("awaiting_approval", "3")
    assert action(breached).kind == "proposed"
    told = approve(asked)
    assert (told["counted"], told["moved"], told["state"]) == (True, True, "verifying")
    assert worlds.alias(breached) == "2"
    assert action(breached).kind == "rollback"
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.active(world.MODEL)
        (line,) = workspace.journal.lines_in("approved")
        assert describe(workspace, world.MODEL)["right"] == 1
    assert incident.state is IncidentState.MONITORING
    assert (line.actor, line.reason) == ("ann", REASON)
    before = worlds.dump(breached)
    daily.respond(worlds.confirmed_key(breached))
    assert approve(asked)["counted"]
    assert worlds.dump(breached) == before


def test_rejection_moves_nothing_and_a_later_approval_is_too_late(
    breached: Path, asked: str
) -> None:
    """The second answer is told who was first, and what was said."""
    assert reject(asked)["counted"]
    assert stands(breached) == ("rejected", "3")
    before = worlds.dump(breached)
    late = approve(asked)
    assert (late["counted"], late["moved"]) == (False, False)
    assert "too late" in late["text"]
    assert "rejected by bob on 2024-03-28" in late["text"]
    assert REASON in late["text"]
    assert approvals.expire(asked)["state"] == "rejected"
    assert (worlds.dump(breached), stands(breached)) == (before, ("rejected", "3"))


@pytest.mark.slow
def test_second_approval_does_not_count(breached: Path, asked: str) -> None:
    """One approver is named; the other is told that it is done."""
    approve(asked)
    second = approve(asked, by="bob")
    assert (second["counted"], second["moved"]) == (False, True)
    assert second["settled"]["actor"] == "ann"
    with open_workspace(breached) as workspace:
        assert [r.approver for r in workspace.rollbacks.find()] == ["ann"]


@pytest.mark.parametrize("says", [True, False], ids=["approve", "reject"])
def test_answer_at_the_instant_of_expiry_is_too_late(
    breached: Path, asked: str, *, says: bool
) -> None:
    """Silence until then was the answer; the late one counts for nothing."""
    with open_workspace(breached) as workspace:
        known = lookup.find_rollback(workspace, asked)
        done = approval.answer(
            workspace,
            asked,
            approve=says,
            actor="ann",
            reason=REASON,
            now=known.expires_at,
        )
        told = approval.describe(workspace, done, approve=says, actor="ann")
        assert describe(workspace, world.MODEL)["right"] == 0
    assert (done.approver, told["counted"]) == (None, False)
    assert f"answered too late by ann: {REASON}" in told["text"]
    assert stands(breached) == ("expired", "3")


def test_silence_is_a_no(breached: Path, asked: str) -> None:
    """The time of the question is up; an approval after that moves nothing."""
    assert approvals.expire(asked)["state"] == "expired"
    late = approve(asked)
    assert (late["counted"], "expired by daywatch" in late["text"]) == (False, True)
    assert stands(breached) == ("expired", "3")
    assert action(breached).kind == "refused"


def test_approval_that_comes_during_the_timeout_is_not_undone(
    breached: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is expired who approved: the timeout takes no lease to drive it on."""
    with open_workspace(breached) as workspace:
        at = lookup.find_rollback(workspace, asked).proposed_at
        hold = workspace.leases.hold

        def approved_meanwhile(name: str, *, holder: str) -> Any:  # noqa: ANN401
            workspace.rollbacks.answer(
                asked, approve=True, actor="ann", at=at, text=REASON
            )
            return hold(name, holder=holder)

        monkeypatch.setattr(workspace.leases, "hold", approved_meanwhile)
        ended = approval.expire(workspace, asked, now=at)
    assert (ended.state, ended.approver) == (RollbackState.EXPIRED, None)


def test_timeout_leaves_an_approval_to_be_carried_out(
    breached: Path, asked: str
) -> None:
    """Taken, its process killed, and then whoever waited gives up."""
    with open_workspace(breached) as workspace:
        at = lookup.find_rollback(workspace, asked).proposed_at
        workspace.rollbacks.answer(asked, approve=True, actor="ann", at=at, text=REASON)
    before = worlds.dump(breached)
    assert approvals.expire(asked)["state"] == "approved"
    assert worlds.dump(breached) == before
    assert approve(asked)["moved"]


def kill_switch(workspace: Workspace, known: Rollback) -> None:
    at = known.proposed_at
    kind = HoldKind.KILL_SWITCH
    workspace.holds.place(known.model, kind, reason="no moves", actor="eve", at=at)


def other_release(workspace: Workspace, known: Rollback) -> None:
    workspace.registry.set_alias(known.model, known.alias, "1")


def other_evidence(workspace: Workspace, known: Rollback) -> None:
    del known
    world.amend(workspace.settings.home, "policy", recovery_days=5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "state", "alias"),
    [
        pytest.param(kill_switch, "blocked", "3", id="kill switch"),
        pytest.param(other_release, "superseded", "1", id="alias moved by others"),
        pytest.param(other_evidence, "blocked", "3", id="contract changed"),
    ],
)
def test_what_changed_since_the_question_stops_an_approved_rollback(
    breached: Path, asked: str, change: Change, *, state: str, alias: str
) -> None:
    """An approval is one guard of many; the others are asked again under the lease."""
    with open_workspace(breached) as workspace:
        change(workspace, lookup.find_rollback(workspace, asked))
    told = approve(asked)
    assert (told["counted"], told["moved"], told["state"]) == (True, False, state)
    assert stands(breached) == (state, alias)


@pytest.mark.slow
def test_approval_that_was_not_carried_out_is_finished(
    breached: Path, asked: str
) -> None:
    """Killed after the answer was taken: a no comes too late, the same yes goes on."""
    with open_workspace(breached) as workspace:
        at = lookup.find_rollback(workspace, asked).proposed_at
        workspace.rollbacks.answer(asked, approve=True, actor="ann", at=at, text=REASON)
    assert reject(asked)["counted"] is False
    assert stands(breached) == ("approved", "3")
    assert approve(asked)["moved"]
    assert stands(breached) == ("verifying", "2")


@pytest.mark.slow
@pytest.mark.parametrize(
    "stopped_in",
    [
        "monitoring_tasks.operations.rollbacks.approval.resume",
        "monitoring_tasks.store.incidents.Incidents.move",
        "monitoring_tasks.store.results.Results.save_action",
    ],
)
def test_answer_that_was_stopped_ends_the_same(
    breached: Path, asked: str, stopped_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the move, the incident and the day: the same again ends it."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stopped_in, stop)
        with pytest.raises(KeyboardInterrupt):
            approve(asked)
    told = approve(asked)
    assert (told["counted"], told["moved"]) == (True, True)
    assert stands(breached) == ("verifying", "2")
    assert action(breached).kind == "rollback"
    assert worlds.journal(breached).count("applied") == 1


@pytest.mark.slow
def test_an_incident_waits_for_its_move_and_no_longer(
    breached: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the write: nobody resolves it before the alias is known to stand.

    What the refusal tells to type ends the move, and then a person may go on.
    """

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("monitoring_tasks.store.registry.Registry.set_alias", stop)
        with pytest.raises(KeyboardInterrupt):
            approve(asked)
    assert stands(breached) == ("executing", "3")
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.active(world.MODEL)
        entry = said_now(workspace, "it is over, I say", actor="kim")
        with pytest.raises(IllegalTransitionError, match=f"approve {asked}"):
            move_incident(workspace, incident.id, IncidentState.RESOLVED, entry)
        assert approve(asked)["moved"]
        resolved = move_incident(workspace, incident.id, IncidentState.RESOLVED, entry)
    assert resolved.state is IncidentState.RESOLVED
    assert stands(breached) == ("verifying", "2")


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(3))
def test_answers_and_timeout_at_once_settle_to_one_outcome(
    breached: Path, asked: str, attempt: int
) -> None:
    """A click, a command and the timeout race: one of them counts, for good."""
    del attempt

    def tried(answer: Answer) -> dict[str, Any] | Answer:
        try:
            return answer()
        except TransientError:
            return answer  # another process holds the alias; to be tried again

    answers: list[Answer] = [
        lambda: approve(asked, "ann"),
        lambda: reject(asked, "bob"),
        lambda: approvals.expire(asked),
        lambda: reject(asked, "eve"),
    ]
    with ThreadPoolExecutor(len(answers)) as pool:
        done = list(pool.map(tried, answers))
    told = [again() if callable(again) else again for again in done]
    state, alias = stands(breached)
    assert (state, alias) in {("verifying", "2"), ("rejected", "3"), ("expired", "3")}
    assert sum(one["counted"] for one in told) == (0 if state == "expired" else 1)
    settled = {"approved", "rejected", "expired"}
    assert sum(line in settled for line in worlds.journal(breached)) == 1


def test_question_is_put_into_words(breached: Path, asked: str) -> None:
    """Model, versions, gain with its interval, guards, and how long there is."""
    question = approvals.request_approval(asked)
    assert question is not None
    assert question["subject"] == "loan: put version 2 back in the place of 3?"
    assert "95 % interval" not in question["subject"]
    assert "95% interval +" in question["body"]
    assert "| G2 | better_on_same_rows | held |" in question["body"]
    assert "| G9 | may_act | **did not hold** |" in question["body"]
    assert question["seconds"] == timedelta(hours=24).total_seconds()
    approve(asked)
    assert approvals.request_approval(asked) is None
    assert approvals.rollback_to_approve(worlds.confirmed_key(breached)) is None


def test_question_whose_time_is_up_is_not_asked(breached: Path, asked: str) -> None:
    """Airflow came too late to ask: the question ends, and nothing moves."""
    world.write_day(breached, worlds.CONFIRMED + timedelta(days=1), version="2")
    worlds.run(breached, worlds.CONFIRMED + timedelta(days=1))
    assert approvals.request_approval(asked) is None
    assert stands(breached) == ("expired", "3")


@pytest.mark.usefixtures("breached")
def test_answer_needs_a_reason_and_a_rollback(asked: str) -> None:
    """Whoever reads the journal is told why; a slip of the pen is told of."""
    with pytest.raises(ConfigurationError, match="say why"):
        approvals.answer(asked, approve=True, actor="ann", reason="ok")
    with pytest.raises(LookupError, match="no rollback"):
        approve("rollback-000000000000")
