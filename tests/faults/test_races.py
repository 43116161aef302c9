"""Several processes after one rollback: one moves the alias, none moves it twice."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.errors import LeaseLostError, TransientError
from monitoring_tasks.respond.step import act as act_on
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import effects
from tests.faults.conftest import Fresh, Saw
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
MOVED = "moved or found moved"
LOST = {"LeaseHeldError", "LeaseLostError", "SourceUnavailableError"}
"""What may be said to those who come second; all are tried again by Airflow."""
SLOW_WRITE_SECONDS = 0.5


def act(home: Path) -> str:
    """Act on the second bad day without the lease on the day; say what came of it."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, worlds.CONFIRMED)
        try:
            done = act_on(Day(workspace, unit))
        except TransientError as error:
            return type(error).__name__
        assert done.kind == "rollback", done
        return MOVED


def race(home: Path, folder: Path, count: int) -> tuple[Counter[str], int]:
    """Let processes go at the same instant; count what they say and the writes."""
    go, told, written = folder / "go", folder / "told", folder / "written"
    real = Registry.set_alias

    def slowly(self: Registry, model: str, alias: str, version: str) -> None:
        with written.open("a") as file:
            file.write(f"{version}\n")
        time.sleep(SLOW_WRITE_SECONDS)
        real(self, model, alias, version)

    def work() -> None:
        Registry.set_alias = slowly  # type: ignore[method-assign]
        while not go.exists():
            time.sleep(0.01)
        said = act(home)
        with told.open("a") as file:
            file.write(f"{said}\n")

    logs = [folder / f"log-{number}" for number in range(count)]
    children = [effects.start_child(work, log) for log in logs]
    go.touch()
    for child, log in zip(children, logs, strict=True):
        assert effects.wait(child) == 0, log.read_text()
    return Counter(told.read_text().split("\n")[:-1]), len(written.read_text().split())


@pytest.mark.parametrize(
    "count", [2, pytest.param(8, marks=pytest.mark.slow)], ids=["two", "eight"]
)
def test_of_processes_that_race_one_moves_the_alias(
    fresh: Fresh, tmp_path: Path, saw: Saw, count: int
) -> None:
    """One write in all; the others are told to try again, or find it done."""
    calm, story = fresh(), fresh()
    calm.respond()
    said, writes = race(story.home, tmp_path, count)
    assert writes == 1
    assert set(said) <= {MOVED, *LOST}
    assert said[MOVED] >= 1
    story.respond()
    assert story.end() == calm.end()
    others = ", ".join(f"{n} {name}" for name, n in sorted(said.items()))
    saw(
        fault=f"{count} processes race for one rollback",
        happened="one write of the alias; the others wait, find it done or try again",
        end=story.told(),
    )
    assert sum(said.values()) == count, others


def test_process_that_slept_past_its_lease_writes_nothing(
    fresh: Fresh, saw: Saw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes up before its write; another has taken over and finished meanwhile."""
    story, writes = fresh(), list[str]()
    real_take, real_set = Leases._take, Registry.set_alias

    def already_over(self: Leases, name: str, holder: str, seconds: float) -> int:
        del seconds
        return real_take(self, name, f"{holder}:{len(writes)}:{time.monotonic()}", -1)

    def count(self: Registry, model: str, alias: str, version: str) -> None:
        writes.append(version)
        real_set(self, model, alias, version)

    monkeypatch.setattr(Leases, "_take", already_over)
    monkeypatch.setattr(Registry, "set_alias", count)
    sleep_before(monkeypatch, lambda: act(story.home))
    assert act(story.home) == LeaseLostError.__name__
    assert writes == ["2"]
    monkeypatch.undo()
    assert story.alias() == "2"
    saw(
        fault="a process sleeps past its lease, right before it writes",
        happened="the other one moves the alias; the sleeper is told LeaseLostError",
        end=story.told(),
    )


def sleep_before(patch: pytest.MonkeyPatch, meanwhile: Callable[[], str]) -> None:
    """Let another process act while the first stands right before its write."""
    real, slept = Leases.require, list[str]()

    def require(self: Leases, name: str, token: int) -> None:
        if not slept:
            slept.append(name)
            assert meanwhile() == MOVED
        real(self, name, token)

    patch.setattr(Leases, "require", require)


def test_eight_answers_at_once_are_one_answer(
    fresh: Fresh, tmp_path: Path, saw: Saw
) -> None:
    """Approvals and rejections that come together: the first settles it for all."""
    story = fresh()
    world.amend(story.home, "response", mode="approve")
    assert story.respond().kind == "proposed"
    with open_workspace(story.home) as workspace:
        (asked,) = workspace.rollbacks.find(world.MODEL)
    told = tmp_path / "told"

    def answer(number: int) -> Callable[[], None]:
        def work() -> None:
            with open_workspace(story.home) as workspace:
                settled = workspace.rollbacks.answer(
                    asked.id,
                    approve=number % 2 == 0,
                    actor=f"person {number}",
                    at=asked.proposed_at,
                    text="-",
                )
            with told.open("a") as file:
                file.write(f"{settled.state} {settled.approver}\n")

        return work

    log = tmp_path / "log"
    children = [effects.start_child(answer(number), log) for number in range(8)]
    assert [effects.wait(child) for child in children] == [0] * 8
    (settled,) = set(told.read_text().splitlines())
    with open_workspace(story.home) as workspace:
        answers = workspace.journal.lines_in(
            RollbackState.APPROVED.value, RollbackState.REJECTED.value
        )
    assert [f"{line.state} {line.actor}" for line in answers] == [settled]
    saw(
        fault="eight people answer at once, four yes and four no",
        happened="the first answer settles it; all are told that one",
        end="one answer in the journal, one approver",
    )
