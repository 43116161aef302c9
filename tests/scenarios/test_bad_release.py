"""A bad release: breached, confirmed, rolled back once, verified."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import AliasInDoubtError, SourceUnavailableError
from monitoring_tasks.operations.postmortem.reading import read_facts
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = worlds.QUIET
MOVED = [
    *("proposed", "guarded", "approved", "locked", "evidence_captured"),
    *("executing", "applied", "verifying"),
]
REFUSED = ["outside", "proposed", "guarded", "superseded"]
AFTER = [CONFIRMED + timedelta(days=number) for number in (1, 2)]


def respond(home: Path) -> Evaluation:
    """Take the step that acts on the second bad day; return the day's evaluation."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, CONFIRMED)
        daily.respond(unit.key)
        return workspace.results.evaluation(unit)


def test_first_bad_day_is_a_first_guess_and_moves_nothing(breached: Path) -> None:
    """So large a loss is told at once; it is unconfirmed, and the alias stays."""
    with open_workspace(breached) as workspace:
        row = workspace.results.evaluation(world.unit_of(workspace, FIRST_BAD))
        (incident,) = workspace.incidents.find()
        assert (incident.severity, incident.paged_at) == ("P2", None)
    assert (row.verdict, row.confirmed, row.severity) == ("breach", False, "P2")
    assert (row.cause, row.action.kind) == ("model", "incident")
    assert "a first guess" in row.reasons[0]
    assert (worlds.alias(breached), worlds.journal(breached)) == ("3", [])


def test_postmortem_rests_on_the_day_that_confirmed_it(breached: Path) -> None:
    """Found by a guess, it is explained by what the rollback rests on."""
    respond(breached)
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.find()
        facts = read_facts(workspace, incident)
    assert (facts.found_on, incident.severity) == (FIRST_BAD, "P1")
    assert facts.evaluation is not None
    assert (facts.evaluation.unit.day, facts.evaluation.confirmed) == (CONFIRMED, True)
    assert str(FIRST_BAD) in facts.found_by


def test_second_bad_day_puts_the_better_version_back(breached: Path) -> None:
    """A confirmed breach with a proven better version moves the alias, once."""
    row = respond(breached)
    assert (row.verdict, row.confirmed) == ("breach", True)
    assert (row.severity, row.cause, row.rollback_to) == ("P1", "model", "2")
    assert row.action.kind == "rollback"
    assert worlds.alias(breached) == "2"
    assert worlds.journal(breached) == MOVED


def test_rollback_is_told_in_incident_tags_and_journal(breached: Path) -> None:
    """The incident, both versions and the journal say what happened and why."""
    respond(breached)
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.find()
        applied = workspace.journal.lines(world.MODEL)[-1]
        tags = [workspace.registry.version(world.MODEL, v).tags for v in ("3", "2")]
    assert (incident.state, incident.version) == (IncidentState.MONITORING, "3")
    assert (incident.onset_day, incident.last_day) == (FIRST_BAD, CONFIRMED)
    assert all(guard["passed"] for guard in applied.guards)
    assert {g["group"] for g in applied.guards} == {f"G{n}" for n in range(1, 14)}
    assert applied.incident == incident.id
    assert tags[0]["daywatch.rolled_back"].startswith("3->2")
    assert tags[1]["daywatch.put_back"].startswith("3->2")


def test_good_days_after_a_rollback_verify_it(breached: Path) -> None:
    """The version put back is verified day by day; a P1 waits for a person."""
    respond(breached)
    for day in AFTER:
        world.write_day(breached, day, version="2")
    rows = worlds.run(breached, *AFTER)
    assert [row.action.kind for row in rows] == ["verified", "verified"]
    assert "1 of 2 good days" in rows[0].action.text
    assert "a person may resolve it" in rows[1].action.text
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.find()
    assert incident.state is IncidentState.MONITORING


def test_a_job_that_ignores_the_alias_is_an_integration_incident(
    breached: Path,
) -> None:
    """Two days after the move, rows of the old version blame the scoring job."""
    respond(breached)
    late = CONFIRMED + timedelta(days=3)
    world.amend(breached, "policy", versions={"candidates": 0})
    world.write_day(breached, late, version="3")
    (row,) = worlds.run(breached, late)
    assert (row.cause, row.rollback_to) == ("integration", None)
    assert "does not follow the registry" in row.reasons[0]
    assert worlds.alias(breached) == "2"


def test_responding_again_changes_nothing(breached: Path) -> None:
    """However often the step runs: one incident, one move, the same tables."""
    respond(breached)
    before = worlds.dump(breached)
    for _ in range(2):
        respond(breached)
    assert worlds.dump(breached) == before


@pytest.mark.slow
def test_responding_again_after_a_person_resolved_it_changes_nothing(
    breached: Path,
) -> None:
    """A retry never re-opens what a person has closed."""
    respond(breached)
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.find()
        workspace.incidents.move(
            incident.id,
            IncidentState.RESOLVED,
            at=incident.opened_at,
            actor="ann",
            text="done",
        )
    before = worlds.dump(breached)
    respond(breached)
    assert worlds.dump(breached) == before


def test_alias_moved_by_somebody_else_is_left_alone(breached: Path) -> None:
    """When the alias no longer stands where it was judged, Daywatch keeps off."""
    with open_workspace(breached) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "1")
    row = respond(breached)
    assert row.action.kind == "refused"
    assert "alias_unchanged" in row.action.text
    assert (worlds.alias(breached), worlds.journal(breached)) == ("1", REFUSED)


def test_absent_alias_is_refused(breached: Path) -> None:
    """Without the alias there is nothing to move; the incident stays."""
    with open_workspace(breached) as workspace:
        client = workspace.registry._connection.client()
        client.delete_registered_model_alias(world.MODEL, world.ALIAS)
    row = respond(breached)
    assert row.action.kind == "refused"
    assert "alias at version none" in row.action.text
    assert worlds.alias(breached) is None


def test_cool_down_holds_daywatch_back(breached: Path) -> None:
    """An alias Daywatch has just moved is not moved by it again."""
    respond(breached)
    with open_workspace(breached) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        unit = world.unit_of(workspace, CONFIRMED)
        with workspace.database.transaction() as connection:
            connection.exec_driver_sql("UPDATE rollbacks SET id = 'before'")
        daily.respond(unit.key)
        action = workspace.results.evaluation(unit).action
    assert action.kind == "refused"
    assert "cool_down: 0 valid days since the last move" in action.text
    assert worlds.alias(breached) == "3"


@pytest.mark.parametrize("mode", [Mode.BACKFILL, Mode.DRY_RUN, Mode.REPLAY])
def test_only_live_acts(breached: Path, mode: Mode) -> None:
    """The other modes reach the same verdict and record what they would have done."""
    with open_workspace(breached) as workspace:
        row = workspace.results.evaluation(world.unit_of(workspace, CONFIRMED, mode))
        live = workspace.results.evaluation(world.unit_of(workspace, CONFIRMED))
    same = ("verdict", "confirmed", "severity", "cause", "rollback_to", "reasons")
    assert [getattr(row, k) for k in same] == [getattr(live, k) for k in same]
    assert row.action.kind == "would_rollback"
    assert (worlds.alias(breached), worlds.journal(breached)) == ("3", [])


@pytest.mark.parametrize(
    ("response", "kind", "state"),
    [
        ("observe", "incident", "dry_run_recorded"),
        ("dry_run", "incident", "dry_run_recorded"),
        ("approve", "proposed", "awaiting_approval"),
    ],
)
def test_contract_limits_how_far_it_goes(
    breached: Path, response: str, kind: str, state: str
) -> None:
    """Short of `auto` an incident opens, the decision is kept and the alias stays."""
    world.amend(breached, "response", mode=response)
    row = respond(breached)
    assert row.action.kind == kind
    assert ("daywatch approve" in row.action.text) == (response == "approve")
    with open_workspace(breached) as workspace:
        assert len(workspace.incidents.find()) == 1
    assert worlds.alias(breached) == "3"
    assert worlds.journal(breached) == ["proposed", "guarded", state]


def test_auto_has_to_be_earned(breached: Path) -> None:
    """Without a record of decisions that were right, a person is asked."""
    world.amend(breached, "response", mode="auto", autonomy={"decisions": 20})
    row = respond(breached)
    assert row.action.kind == "proposed"
    assert worlds.alias(breached) == "3"


def test_an_old_day_never_acts(breached: Path) -> None:
    """By the real clock the day is years old: it is recorded, and that is all."""
    (breached / "daywatch.yaml").write_text("clock: system\n")
    row = respond(breached)
    assert row.action.kind == "would_rollback"
    assert "days old, 3 at most" in row.action.text
    with open_workspace(breached) as workspace:
        (before,) = workspace.incidents.find()
        assert before.last_day == FIRST_BAD
    assert worlds.alias(breached) == "3"


@pytest.mark.slow
def test_registry_that_fails_halfway_is_tried_again(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage at the write leaves a doubt; the retry reads, then applies it, once."""
    real = Registry.set_alias

    def fail(*_: object) -> None:
        raise SourceUnavailableError("no answer")

    monkeypatch.setattr(Registry, "set_alias", fail)
    with pytest.raises(AliasInDoubtError, match="run the same again"):
        respond(breached)
    assert worlds.journal(breached)[-1] == "indeterminate"
    monkeypatch.setattr(Registry, "set_alias", real)
    assert respond(breached).action.kind == "rollback"
    assert worlds.alias(breached) == "2"
    assert worlds.journal(breached).count("applied") == 1


def test_evidence_survives_the_store(breached: Path) -> None:
    """What was measured of the other version is read back as it was written."""
    with open_workspace(breached) as workspace:
        unit = world.unit_of(workspace, CONFIRMED)
        found = {c.version: c for c in workspace.results.comparisons(unit)}
    assert found["2"].is_better_by(0.5)
    assert found["2"].days == (FIRST_BAD, CONFIRMED)
    assert asdict(found["2"])["rows"] == 2 * world.ROWS
