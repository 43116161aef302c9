"""Whole days with the store in Postgres: the story of the bad release, and its end."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import LeaseHeldError
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import children
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = [*worlds.QUIET, pytest.mark.slow]
AFTER = CONFIRMED + timedelta(days=1)
AFTER_THE_WRITE = children.IN_THE_MOVE[2:3]
"""The gravest gap; `faults/test_every_gap` goes through all of them in Postgres."""
Open = Callable[[Path], Path]


class Told(NamedTuple):
    """A workspace after the story, and its store right after the second bad day."""

    home: Path
    confirmed: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def breached_in_postgres(
    make_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Open:
    """Copy the story up to the second bad day, with a database of its own."""
    template = make_database()
    judged = worlds.breached_in(template, tmp_path_factory.mktemp("judged") / "home")

    def open_copy(home: Path) -> Path:
        url = make_database(sa.make_url(template).database)
        return world.write_settings(world.copy(judged, home), url)

    return open_copy


def tell(home: Path) -> Told:
    """Live through the second bad day and the day after, which version 2 serves."""
    worlds.run(home, CONFIRMED)
    confirmed = worlds.dump(home)
    world.write_day(home, AFTER)
    worlds.run(home, AFTER)
    return Told(home, confirmed)


@pytest.fixture(scope="module")
def told(breached_in_postgres: Open, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story in Postgres, told once; tests that go on from here change nothing."""
    return tell(breached_in_postgres(tmp_path_factory.mktemp("told") / "home"))


@pytest.fixture
def breached(breached_in_postgres: Open, tmp_path: Path) -> Path:
    """The second bad day is judged in Postgres and awaits its response."""
    return breached_in_postgres(tmp_path / "home")


def test_bad_release_is_rolled_back_and_verified(told: Told) -> None:
    """History, release, a guess, confirmed: one incident, one move, a good day."""
    with open_workspace(told.home) as workspace:
        days = [world.unit_of(workspace, day) for day in (FIRST_BAD, CONFIRMED, AFTER)]
        rows = [workspace.results.evaluation(unit) for unit in days]
        (incident,) = workspace.incidents.find()
        past = workspace.results.current(world.MODEL, *world.HISTORY)
        assert workspace.database.is_postgres
    assert [row.action.kind for row in rows] == ["incident", "rollback", "verified"]
    assert [row.mode for row in past] == [Mode.BACKFILL] * 8
    assert (incident.state, incident.version) == (IncidentState.MONITORING, "3")
    assert (incident.onset_day, incident.last_day) == (FIRST_BAD, CONFIRMED)
    assert worlds.journal(told.home)[-2:] == ["applied", "verifying"]
    assert worlds.alias(told.home) == "2"
    assert not (told.home / "daywatch.db").exists()


def test_story_leaves_the_same_tables_as_in_sqlite(told: Told, tmp_path: Path) -> None:
    """Every row of every table, down to the last digit and the order of reasons."""
    template = worlds.breached()
    in_sqlite = tell(world.copy(template, tmp_path / "home"))
    assert worlds.dump(told.home) == worlds.dump(in_sqlite.home)
    assert told.confirmed == in_sqlite.confirmed
    unused = {
        *("leases", "label_rounds", "silences", "silence_events"),
        *("messages", "heard_events", "poll_cursors", "airflow_runs"),
        *("incident_actions", "incident_tests", "regulatory_events"),
    }
    assert {name for name, rows in told.confirmed.items() if not rows} == unused


def test_days_run_again_change_nothing(told: Told) -> None:
    """The same days, older ones included: same tables, one incident, one move."""
    before = worlds.dump(told.home)
    worlds.run(told.home, CONFIRMED, FIRST_BAD, AFTER)
    assert worlds.dump(told.home) == before
    assert len(worlds.incidents_in(before)) == len(before["rollbacks"]) == 1
    assert worlds.journal(told.home).count("applied") == 1


def test_two_processes_on_one_day_make_one_result(
    breached: Path, told: Told, tmp_path: Path
) -> None:
    """The second is told that the day is held; the first ends as if alone."""
    with (
        children.judging(breached, CONFIRMED, tmp_path) as first,
        pytest.raises(LeaseHeldError, match="try again"),
    ):
        worlds.run(breached, CONFIRMED)
    assert children.finish(first)[0] == 0
    assert worlds.dump(breached) == told.confirmed
    worlds.run(breached, CONFIRMED)
    assert worlds.dump(breached) == told.confirmed
    assert worlds.alias(breached) == "2"


@pytest.mark.parametrize("fault", AFTER_THE_WRITE)
def test_day_killed_in_the_move_ends_as_an_undisturbed_one(
    breached: Path, told: Told, fault: str
) -> None:
    """One incident, one move, one journal; a dead process holds no lease."""
    child = children.respond(breached, worlds.confirmed_key(breached), fault)
    assert children.finish(child)[0] == children.KILLED
    worlds.run(breached, CONFIRMED)
    assert worlds.alias(breached) == "2"
    assert worlds.dump(breached) == told.confirmed
