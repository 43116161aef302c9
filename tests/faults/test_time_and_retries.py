"""Tasks tried again and again, and a clock that goes back."""

from datetime import datetime, timedelta
from itertools import chain, repeat

import pytest

from monitoring_tasks.clock import Clock
from monitoring_tasks.errors import AliasInDoubtError, SourceUnavailableError
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults.conftest import Fresh, Saw
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET


def test_task_tried_five_times_has_acted_once(fresh: Fresh, saw: Saw) -> None:
    """Same rows, same tags, one incident, one move, after every try."""
    story = fresh()
    story.respond()
    once = story.end()
    for _ in range(4):
        assert story.respond().kind == "rollback"
        assert story.end() == once
    saw(
        fault="the task is tried five times",
        happened="the first acts, the others change no row",
        end=story.told(),
    )


@pytest.mark.parametrize("hours", [-1, -100], ids=["an hour", "four days"])
def test_clock_that_went_back_never_moves_the_alias_twice(
    fresh: Fresh,
    saw: Saw,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    """The write fails, the clock is set back, the task is tried again and again."""
    story, real = fresh(), Registry.set_alias
    written: list[str] = []

    def fail(self: Registry, model: str, alias: str, version: str) -> None:
        written.append(version)
        real(self, model, alias, version)
        raise SourceUnavailableError("no answer")

    monkeypatch.setattr(Registry, "set_alias", fail)
    set_back(monkeypatch, hours)
    kinds = [attempt(story.respond) for _ in range(3)]
    assert written == ["2"]
    assert story.alias() == "2"
    with open_workspace(story.home) as workspace:
        lines = workspace.journal.lines_in("applied", model=world.MODEL)
        assert workspace.journal.verify() is None
    assert len(lines) == 1
    saw(
        fault=f"the clock goes back by {-hours} h at the write of the alias",
        happened=f"three tries: {', '.join(kinds)}; one write",
        end=story.told(),
    )


def test_clock_before_the_question_lets_no_answer_count(fresh: Fresh, saw: Saw) -> None:
    """An approval that comes before it was asked is no approval; nothing moves."""
    story = fresh()
    world.amend(story.home, "response", mode="approve")
    assert story.respond().kind == "proposed"
    with open_workspace(story.home) as workspace:
        (asked,) = workspace.rollbacks.find(world.MODEL)
        settled = workspace.rollbacks.answer(
            asked.id,
            approve=True,
            actor="ann",
            at=asked.proposed_at - timedelta(seconds=1),
            text="yes",
        )
    assert settled.state == "expired"
    assert story.respond().kind == "refused"
    assert story.alias() == "3"
    saw(
        fault="a person approves by a clock that stands before the question",
        happened="the answer does not count",
        end=story.told(),
    )


def set_back(patch: pytest.MonkeyPatch, hours: int) -> None:
    """Let the clock of runs go back after it was asked once."""
    real, shift = Clock.now, chain([0], repeat(hours))

    def now(self: Clock, *, about: datetime | None = None) -> datetime:
        later = next(shift) if about is not None else 0
        return real(self, about=about) + timedelta(hours=later)

    patch.setattr(Clock, "now", now)


def attempt(respond: object) -> str:
    """Respond; name the error or the action."""
    assert callable(respond)
    try:
        return str(respond().kind)
    except (AliasInDoubtError, SourceUnavailableError) as error:
        return type(error).__name__
