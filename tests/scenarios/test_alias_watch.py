"""Where the alias stands: seen, found moved by others, proposed to move on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.version_tags import TAG
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.rollbacks.approval import answer
from monitoring_tasks.operations.rollbacks.manual import request_manual_rollback
from monitoring_tasks.operations.rollbacks.recovery import recover_rollback
from monitoring_tasks.operations.rollbacks.reviews import review
from monitoring_tasks.operations.watching import watch
from monitoring_tasks.respond.guard_facts_reader import read_record
from monitoring_tasks.respond.rollbacks import note_alias
from monitoring_tasks.respond.step import act
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import NOW, make_comparison, make_rollback
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = worlds.QUIET
AFTER = CONFIRMED + timedelta(days=1)


def stands(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Return every line that says where the alias stands."""
    lines = workspace.journal.lines_in("seen", "outside", "applied", model=world.MODEL)
    return [(line.state, line.from_version, line.to_version) for line in lines]


def test_release_outside_daywatch_is_journalled(home: Path) -> None:
    """The first look is written down, then what somebody else moved; once each."""
    with open_workspace(home) as workspace:
        for _ in range(2):
            note_alias(workspace, world.MODEL, at=NOW)
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        for _ in range(2):
            note_alias(workspace, world.MODEL, at=NOW + timedelta(days=1))
        assert stands(workspace) == [("seen", "", "2"), ("outside", "2", "3")]
        before = workspace.journal.last_stand(world.MODEL, world.ALIAS, at=NOW)
        assert before is not None
        assert before.to_version == "2"
        assert workspace.journal.verify() is None


def test_nothing_is_noted_while_another_process_moves_the_alias(home: Path) -> None:
    """The next look tells."""
    name = f"{world.MODEL}@{world.ALIAS}"
    with open_workspace(home) as workspace:
        with workspace.leases.hold(name, holder="another"):
            note_alias(workspace, world.MODEL, at=NOW)
        assert stands(workspace) == []


def test_backfill_journals_nothing(home: Path) -> None:
    """Only live looks say where the alias stands."""
    day = world.HISTORY[0].isoformat()
    with open_workspace(home) as workspace:
        backfill(world.MODEL, day, day, workspace=workspace)
        assert [x for x in workspace.journal.lines() if x.alias] == []


@pytest.mark.slow
def test_alias_moved_on_ends_the_verification(breached: Path) -> None:
    """Somebody else moved it: Daywatch neither verifies nor pulls it back."""
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "1")
    world.write_day(breached, AFTER, version="1")
    worlds.run(breached, AFTER)
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        assert known.state == "superseded"
        assert stands(workspace)[-2:] == [("applied", "3", "2"), ("outside", "2", "1")]
    assert worlds.alias(breached) == "1"


def test_versions_are_described_once(breached: Path) -> None:
    """What was done stands in the registry beside what people wrote there."""
    key = worlds.confirmed_key(breached)
    with open_workspace(breached) as workspace:
        workspace.registry.describe_version(world.MODEL, "3", "made by the loan team")
    for _ in range(2):
        daily.respond(key)
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        found = workspace.registry._find(world.MODEL, "3").description.splitlines()
        tags = workspace.registry.version(world.MODEL, "3").tags
    assert found[0] == "made by the loan team"
    assert len(found) == 2
    assert f"{known.id}: alias 'champion' moved from version 3 to 2" in found[1]
    assert known.id in tags[f"{TAG}quarantined"]


def offer(workspace: Workspace, comparison: Comparison) -> None:
    """Let the day after say that another version is better, and respond to it."""
    unit = world.unit_of(workspace, AFTER)
    workspace.results.save_findings(
        unit, workspace.results.findings(unit), [comparison]
    )
    act(Day(workspace, unit))


@pytest.mark.slow
def test_version_that_outdoes_the_one_put_back_is_proposed_once(breached: Path) -> None:
    """The withdrawn version is better again: a person is told; nothing moves."""
    daily.respond(worlds.confirmed_key(breached))
    world.write_day(breached, AFTER, version="2")
    worlds.run(breached, AFTER)
    with open_workspace(breached) as workspace:
        for lower, told in ((-0.01, 0), (0.02, 1), (0.02, 1)):
            offer(workspace, make_comparison(version="3", lower=lower))
            lines = workspace.journal.lines_in("forward_proposed", model=world.MODEL)
            assert len(lines) == told
        offer(workspace, make_comparison(version="1", lower=0.05))
        assert len(workspace.journal.lines_in("forward_proposed")) == 1
        (known,) = workspace.rollbacks.find()
        events = workspace.incidents.events(str(known.incident))
    assert "version 3 is again better than version 2" in lines[0].reason
    assert any("is again better" in event["text"] for event in events)
    assert worlds.alias(breached) == "2"


def test_watchdog_ends_what_was_left(breached: Path) -> None:
    """A question nobody answered expires; after that there is nothing to tend."""
    world.amend(breached, "response", mode="approve")
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        soon = recover_rollback(workspace, world.MODEL, now=known.proposed_at)
        late = recover_rollback(workspace, world.MODEL, now=known.expires_at)
        after = recover_rollback(workspace, world.MODEL, now=known.expires_at)
    assert soon == f"rollback {known.id} is awaiting_approval"
    assert late == f"rollback {known.id} is expired"
    assert after is None
    assert worlds.alias(breached) == "3"


def test_only_a_live_look_of_the_watchdog_tends(breached: Path) -> None:
    """A dry look at the days changes nothing."""
    instant = (FIRST_BAD + timedelta(days=9)).isoformat() + "T10:00:00+00:00"
    told = watch(world.MODEL, as_of=instant, mode=Mode.DRY_RUN.value)
    assert told["rollback"] is None
    with open_workspace(breached) as workspace:
        before = workspace.journal.lines()
    watch(world.MODEL, as_of=instant, mode=Mode.LIVE.value)
    with open_workspace(breached) as workspace:
        assert len(workspace.journal.lines()) >= len(before)


@pytest.mark.slow
def test_undone_rollback_stands_in_nobodys_way(breached: Path) -> None:
    """A person moves back what Daywatch moved: the first one ends, not verified."""
    daily.respond(worlds.confirmed_key(breached))
    world.write_day(breached, AFTER, version="2")
    worlds.run(breached, AFTER)
    with open_workspace(breached) as workspace:
        undone = request_manual_rollback(
            workspace,
            world.MODEL,
            to="3",
            reason="version 3 was right after all",
            actor="ann",
            force=True,
        )
        assert undone["state"] == "verifying"
        note_alias(workspace, world.MODEL, at=workspace.as_of(world.MODEL, AFTER))
        states = {r.to_version: r.state.value for r in workspace.rollbacks.find()}
    assert states == {"2": "superseded", "3": "verifying"}
    assert worlds.alias(breached) == "3"


@pytest.mark.slow
def test_person_may_put_back_what_could_not_be_measured(breached: Path) -> None:
    """Without labels a gain is not known; whether it loads is. Daywatch stays put."""
    world.write_day(breached, AFTER, version="3")
    world.part(breached, "labels", AFTER).unlink()
    world.amend(breached, "policy", versions={"pool_days": 1})
    worlds.run(breached, AFTER, mode=Mode.DRY_RUN)
    with open_workspace(breached) as workspace:
        # While it is open, the labelled days it is about tell.
        (first,) = workspace.incidents.find()
        state, at = IncidentState.FALSE_POSITIVE, workspace.clock.now()
        workspace.incidents.move(first.id, state, at=at, actor="ann", text="odd day")
        done = request_manual_rollback(
            workspace,
            world.MODEL,
            to="2",
            reason="customers complain since today",
            actor="daywatch",
            force=True,
        )
        guards = {g["name"]: g["passed"] for g in done["guards"]}
        (known,) = workspace.rollbacks.find()
    assert (done["state"], guards["target_loads"]) == ("verifying", True)
    assert not guards["better_on_same_rows"]
    assert known.actor == "user daywatch"
    assert known.is_manual


@pytest.mark.slow
def test_day_judged_anew_is_not_approved_as_it_was(breached: Path) -> None:
    """A newer live look at the day decides; a yes to the older one moves nothing."""
    world.amend(breached, "response", mode="approve")
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        unit = Unit.from_key(known.evaluation)
        later = replace(unit, as_of=unit.as_of + timedelta(hours=2))
        daily.run_day(workspace, later)
        answered = answer(
            workspace,
            known.id,
            approve=True,
            actor="ann",
            reason="looks right to me",
            now=later.as_of,
        )
    assert answered.state in {"blocked", "superseded"}
    assert worlds.alias(breached) == "3"


def test_answer_nobody_could_carry_out_ends_when_it_is_late(breached: Path) -> None:
    """Approved, and the process died: the watchdog ends it once it has expired."""
    world.amend(breached, "response", mode="approve")
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        workspace.rollbacks.answer(
            known.id, approve=True, actor="ann", at=known.proposed_at, text="yes, do"
        )
        before = known.expires_at - timedelta(seconds=1)
        assert recover_rollback(workspace, world.MODEL, now=before) is None
        told = recover_rollback(workspace, world.MODEL, now=known.expires_at)
    assert told == f"rollback {known.id} is expired"
    assert worlds.alias(breached) == "3"


@pytest.mark.slow
def test_registry_that_refuses_its_tags_ends_nothing(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias has moved; that it could not be marked is written down."""

    def refuse(*_: object) -> None:
        raise VersionMissingError("it was deleted meanwhile")

    monkeypatch.setattr(Registry, "tag_version", refuse)
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find()
        last = workspace.journal.lines_in("verifying")[-1]
    assert (known.state, worlds.alias(breached)) == ("verifying", "2")
    assert "could not be marked in the registry: it was deleted" in last.reason


@pytest.mark.slow
def test_only_daywatchs_own_decisions_earn_autonomy(breached: Path) -> None:
    """What people moved by hand says nothing of Daywatch; an incident counts once."""
    world.amend(breached, "response", mode="observe")
    daily.respond(worlds.confirmed_key(breached))
    with open_workspace(breached) as workspace:
        (own,) = workspace.rollbacks.find()
        hand = request_manual_rollback(
            workspace,
            world.MODEL,
            to="2",
            reason="version 3 mixes up its inputs",
            actor="ann",
        )
        for one in (own.id, hand["rollback"]):
            review(
                workspace, one, right=True, at=NOW, actor="ann", reason="it was right"
            )
        assert read_record(workspace, world.MODEL).right == 1


def test_another_model_about_to_move_counts_for_the_fleet(breached: Path) -> None:
    """Several at once must see each other before the first has moved."""
    key = worlds.confirmed_key(breached)
    at = Unit.from_key(key).as_of
    with open_workspace(breached) as workspace:
        other = workspace.rollbacks.propose(
            make_rollback(
                model="other", proposed_at=at, expires_at=at + timedelta(days=1)
            ),
            {},
        )
        for state in ("guarded", "approved", "locked"):
            other = workspace.rollbacks.advance(other, RollbackState(state), at=at)
    daily.respond(key)
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find(world.MODEL)
    (guard,) = [g for g in known.guards if g.name == "few_in_fleet"]
    assert (known.state, guard.passed) == ("blocked", False)
    assert worlds.alias(breached) == "3"
