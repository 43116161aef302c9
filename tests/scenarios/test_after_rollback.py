"""After the move: verified, or found to be no better; and the damage repaired."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations import approvals
from monitoring_tasks.operations.rollbacks.reviews import describe
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = worlds.QUIET
AFTER = [CONFIRMED + timedelta(days=number) for number in range(1, 5)]


def move(home: Path) -> Rollback:
    """Respond to the second bad day; give the rollback."""
    daily.respond(worlds.confirmed_key(home))
    return rollback(home)


def rollback(home: Path) -> Rollback:
    """Return the one rollback there is."""
    with open_workspace(home) as workspace:
        (known,) = workspace.rollbacks.find()
    return known


def deliver(home: Path, *days: date, **parts: Any) -> list[str]:  # noqa: ANN401 (of write_day)
    """Deliver and judge days one by one; say where the rollback stands after each."""
    states = []
    for day in days:
        world.write_day(home, day, **parts)
        worlds.run(home, day)
        with open_workspace(home) as workspace:
            states.append(workspace.rollbacks.find()[0].state.value)
    return states


@pytest.mark.slow
def test_good_days_served_by_the_target_verify_the_rollback(breached: Path) -> None:
    """Three good valid days that the version put back has served, one after another."""
    assert move(breached).state == "verifying"
    states = deliver(breached, *AFTER[:3], version="2")
    assert states == ["verifying", "verifying", "verified"]
    before = worlds.dump(breached)
    worlds.run(breached, AFTER[2])
    assert worlds.dump(breached) == before


@pytest.mark.slow
def test_days_the_old_version_served_verify_nothing(breached: Path) -> None:
    """The prediction log says which version served, not the alias."""
    move(breached)
    states = deliver(breached, *AFTER[:3], version="3")
    assert states == ["verifying"] * 3
    assert worlds.alias(breached) == "2"


@pytest.mark.slow
def test_target_in_breach_is_regressed_and_nothing_hops_on(breached: Path) -> None:
    """No second move; autonomy is taken away, and the incident is open again."""
    known = move(breached)
    states = deliver(breached, *AFTER[:3], version="2", labels=world.coin_labels)
    assert states[-1] == "regressed"
    assert worlds.alias(breached) == "2"
    with open_workspace(breached) as workspace:
        (incident,) = [i for i in workspace.incidents.find() if i.id == known.incident]
        told = describe(workspace, world.MODEL)
        applied = workspace.journal.lines_in("applied")
    assert incident.state is IncidentState.OPEN
    assert (told["contract"], told["mode"]) == ("auto", "approve")
    assert "lowered: " in told["why"]
    assert len(applied) == 1


@pytest.mark.slow
def test_repair_scores_the_published_days_again(breached: Path) -> None:
    """New partitions beside the old, with what they change; twice is once."""
    world.amend(breached, "response", consumers=["collections team"])
    known = move(breached)
    plan = approvals.plan_repair(known.id)
    days = [day.isoformat() for day in (FIRST_BAD, CONFIRMED)]
    assert [day["day"] for day in plan["days"]] == days
    assert plan["rows"] == 2 * world.ROWS
    assert plan["consumers"] == ["collections team"]
    before = worlds.files(breached)
    told = approvals.repair_days(known.id, actor="ann")
    assert [day["rescored"] for day in told["repaired"]] == [world.ROWS] * 2
    assert all(day["changed"] > 0 for day in told["repaired"])
    after = worlds.files(breached)
    assert {name: after[name] for name in before} == before
    lines = worlds.journal(breached)
    assert approvals.repair_days(known.id, actor="ann")["repaired"] == told["repaired"]
    assert (worlds.files(breached), worlds.journal(breached)) == (after, lines)
    assert lines[-4:] == ["quarantined", "repaired"] * 2


@pytest.mark.slow
def test_repaired_rows_are_what_the_version_would_have_given(breached: Path) -> None:
    """The new revision holds the whole day, scored by the version put back."""
    known = move(breached)
    first = approvals.repair_days(known.id, actor="ann")["repaired"][0]
    rows = pd.read_parquet(first["path"]).set_index("id")
    world.write_day(breached, FIRST_BAD, version="2")
    (path,) = breached.glob(f"predictions/day={FIRST_BAD}/*.parquet")
    wanted = pd.read_parquet(path).set_index("id").loc[rows.index]
    assert set(rows["model_version"]) == {"2"}
    assert (rows["score"] - wanted["score"]).abs().max() < 1e-9
    assert rows["prediction"].tolist() == wanted["prediction"].tolist()


def test_repair_of_a_rollback_that_moved_nothing_is_refused(breached: Path) -> None:
    """There is nothing to repair where nothing was moved."""
    world.amend(breached, "response", mode="dry_run")
    known = move(breached)
    with pytest.raises(ConfigurationError, match="it never moved the alias"):
        approvals.repair_days(known.id, actor="ann")
    with pytest.raises(LookupError, match="no rollback"):
        approvals.repair_days("rollback-000000000000", actor="ann")
