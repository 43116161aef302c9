"""Somebody else changes the registry around a rollback: Daywatch keeps off."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.faults.conftest import Fresh, Saw
from tests.scenarios import world, worlds

if TYPE_CHECKING:
    from mlflow import MlflowClient

pytestmark = worlds.QUIET
SIGNATURE = "daywatch.signature_sha256"
Change = Callable[["MlflowClient"], object]


def move_to(version: str) -> Change:
    """Point the alias elsewhere."""
    return lambda client: client.set_registered_model_alias(
        world.MODEL, world.ALIAS, version
    )


def delete_target(client: "MlflowClient") -> None:
    """Delete the version that is to be put back."""
    client.delete_model_version(world.MODEL, "2")


def change_signature(client: "MlflowClient") -> None:
    """Let the target want other inputs than the live version."""
    client.set_model_version_tag(world.MODEL, "2", SIGNATURE, "f" * 64)


class Case(NamedTuple):
    """What somebody does, and how it ends.

    Attributes:
        change: What is done.
        state: Where the rollback ends.
        alias: Where the alias stands in the end.
    """

    change: Change
    state: str
    alias: str | None


BEFORE = {
    "the alias is moved to a third version before the step": Case(
        move_to("1"), "superseded", "1"
    ),
    "the alias is moved to the target before the step": Case(
        move_to("2"), "superseded", "2"
    ),
    "the target is deleted before the step": Case(delete_target, "blocked", "3"),
    "the target's signature has changed before the step": Case(
        change_signature, "blocked", "3"
    ),
}
AT_THE_LAST_LOOK = {
    "the alias is moved to a third version right before the write": Case(
        move_to("1"), "superseded", "1"
    ),
    "the alias is moved to the target right before the write": Case(
        move_to("2"), "superseded", "2"
    ),
    "the target is deleted right before the write": Case(delete_target, "failed", "3"),
}


@pytest.mark.parametrize("name", BEFORE)
def test_what_changed_before_the_step_is_left_alone(
    fresh: Fresh, saw: Saw, name: str
) -> None:
    """A guard sees it: nothing is written, and the reason is told."""
    story, case = fresh(), BEFORE[name]
    with open_workspace(story.home) as workspace:
        case.change(client_of(workspace))
    action = story.respond()
    assert action.kind == "refused"
    assert_ended(story.home, case)
    again = story.end()
    story.respond()
    assert story.end() == again
    saw(
        fault=name,
        happened="refused",
        end=story.told(),
    )


@pytest.mark.parametrize("name", AT_THE_LAST_LOOK)
def test_what_changed_after_the_guards_is_seen_before_the_write(
    fresh: Fresh,
    saw: Saw,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The last look comes after `executing` is written: nothing is written over."""
    story, case = fresh(), AT_THE_LAST_LOOK[name]
    real = Rollbacks.advance
    with open_workspace(story.home) as workspace:
        client = client_of(workspace)

    def advance(
        self: Rollbacks,
        rollback: Rollback,
        state: RollbackState,
        **parts: Any,  # noqa: ANN401 (the real one's)
    ) -> Rollback:
        done = real(self, rollback, state, **parts)
        if state is RollbackState.EXECUTING:
            case.change(client)
        return done

    monkeypatch.setattr(Rollbacks, "advance", advance)
    assert story.respond().kind == "refused"
    assert_ended(story.home, case)
    saw(
        fault=name,
        happened="refused at the last look",
        end=story.told(),
    )


@pytest.mark.parametrize("version", ["1", "3"], ids=["to a third", "back"])
def test_alias_moved_between_write_and_reading_back(
    fresh: Fresh,
    saw: Saw,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    """What is read back is somebody else's: theirs stays, and it is said."""
    story, real = fresh(), Registry.set_alias
    with open_workspace(story.home) as workspace:
        client = client_of(workspace)

    def write(self: Registry, model: str, alias: str, to: str) -> None:
        real(self, model, alias, to)
        move_to(version)(client)

    monkeypatch.setattr(Registry, "set_alias", write)
    if version == "1":
        happened = f"{story.respond().kind}: {world.ALIAS} is somebody else's"
        assert_ended(story.home, Case(move_to("1"), "superseded", "1"))
    else:
        with pytest.raises(Exception, match="it is not known whether") as caught:
            story.respond()
        happened = f"{type(caught.value).__name__}: it may be a stale read"
    assert story.alias() == version
    saw(
        fault=f"the alias is moved to version {version} right after the write",
        happened=happened,
        end=story.told(),
    )


def test_alias_moved_while_the_target_is_verified(fresh: Fresh, saw: Saw) -> None:
    """A release in the days after the move ends the verification; nothing is fixed."""
    story = fresh()
    story.respond()
    with open_workspace(story.home) as workspace:
        move_to("1")(client_of(workspace))
    story.respond()
    assert_ended(story.home, Case(move_to("1"), "superseded", "1"))
    saw(
        fault="the alias is moved by somebody else while the move is verified",
        happened="journalled as a move from outside",
        end=story.told(),
    )


def assert_ended(home: Path, case: Case) -> None:
    """Require the end: state, alias, and at most one line that says it was moved."""
    with open_workspace(home) as workspace:
        (known,) = workspace.rollbacks.find(world.MODEL)
        stands = workspace.registry.alias_version(world.MODEL, world.ALIAS)
        assert workspace.journal.verify() is None
    assert (known.state.value, stands) == (case.state, case.alias)


def client_of(workspace: Workspace) -> "MlflowClient":
    """Return MLflow's own client on the workspace's registry."""
    return workspace.registry._connection.client()
