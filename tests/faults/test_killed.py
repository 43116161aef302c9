"""A run that is killed and started again ends where an undisturbed one does."""

from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks import daily
from monitoring_tasks.errors import LeaseHeldError
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import children
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
STEPS = ("extract", "validate", "estimate", "compare", "decide", "respond", "learn")
QUICK = ("extract", "compare")
"""The other steps are stopped after in the slow tests."""


def take_steps(home: Path, count: int) -> None:
    """Take the first steps of a day, each as a task of its own."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
    daily.extract(
        world.MODEL, DAY.isoformat(), as_of=unit.as_of.isoformat(), mode="live"
    )
    for name in STEPS[1:count]:
        getattr(daily, name)(unit.key)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What the store and the files hold after a day without a fault."""
    template = worlds.base()
    calm = world.copy(template, tmp_path_factory.mktemp("whole") / "home")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("DAYWATCH_HOME", str(calm))
        take_steps(calm, len(STEPS))
    return worlds.dump(calm), worlds.files(calm)


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(count, id=name, marks=[] if name in QUICK else pytest.mark.slow)
        for count, name in enumerate(STEPS, start=1)
    ],
)
def test_day_stopped_after_a_step_ends_whole(
    home: Path, count: int, whole: tuple[Any, Any]
) -> None:
    """Whatever was done before the end, all steps taken again give the same tables."""
    take_steps(home, count)
    take_steps(home, len(STEPS))
    assert (worlds.dump(home), worlds.files(home)) == whole


@pytest.fixture
def undisturbed(breached: Path, tmp_path: Path) -> dict[str, Any]:
    """What the store holds when the second bad day is responded to without a fault."""
    template = worlds.breached()
    calm = world.copy(template, tmp_path / "calm")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("DAYWATCH_HOME", str(calm))
        daily.respond(worlds.confirmed_key(calm))
    del breached
    return worlds.dump(calm)


@pytest.mark.slow
@pytest.mark.parametrize("fault", children.IN_THE_MOVE)
def test_process_killed_in_the_move_is_understood_by_the_next(
    breached: Path, undisturbed: dict[str, Any], fault: str
) -> None:
    """One incident, one move, one journal; a dead process holds no lease."""
    key = worlds.confirmed_key(breached)
    child = children.respond(breached, key, fault)
    assert children.finish(child)[0] == children.KILLED
    daily.respond(key)
    assert worlds.alias(breached) == "2"
    assert worlds.dump(breached) == undisturbed
    assert len(worlds.incidents_in(undisturbed)) == 1


@pytest.mark.slow
def test_process_killed_while_freezing_leaves_no_half_file(home: Path) -> None:
    """Killed between the half-written file and its name: the rerun writes it whole."""
    fault = """
from fsspec.implementations.local import LocalFileSystem
LocalFileSystem.mv = die
"""
    assert children.finish(children.judge(home, DAY, fault))[0] == children.KILLED
    assert [name.rsplit(".", 1)[-1] for name in worlds.files(home)] == ["part"]
    (row,) = worlds.run(home, DAY)
    assert row.verdict == "ok"
    assert not any(name.endswith(".part") for name in worlds.files(home))


@pytest.mark.slow
def test_two_processes_on_one_day_make_one_result(home: Path, tmp_path: Path) -> None:
    """The second is told that the day is held; the first ends as if alone."""
    with (
        children.judging(home, DAY, tmp_path) as first,
        pytest.raises(LeaseHeldError, match="try again"),
    ):
        worlds.run(home, DAY)
    assert children.finish(first)[0] == 0
    before = worlds.dump(home)
    worlds.run(home, DAY)
    assert worlds.dump(home) == before
    assert len(before["evaluations"]) == 1
