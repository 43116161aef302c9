"""The story of the bad release, as far as the fault tests need it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.version_tags import HEAD_TAG
from monitoring_tasks.respond import guard_facts_reader
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

NAMES = {"sqlite": "SQLite", "postgres": "Postgres"}


@dataclass(frozen=True)
class Story:
    """A workspace in which version 3 was released and its second bad day is judged."""

    home: Path

    def respond(self) -> Action:
        """Take the step that acts on the second bad day; give what it did."""
        with pytest.MonkeyPatch.context() as here:
            here.setenv("DAYWATCH_HOME", str(self.home))
            daily.respond(worlds.confirmed_key(self.home))
        with open_workspace(self.home) as workspace:
            unit = world.unit_of(workspace, worlds.CONFIRMED)
            return workspace.results.evaluation(unit).action

    def alias(self) -> str | None:
        """Say where the alias stands."""
        return worlds.alias(self.home)

    def end(self) -> dict[str, Any]:
        """Say all that is known in the end: the store's rows, the registry's marks.

        The journal's chain must hold. Digests are left out: they hang on how many
        processes took part.
        """
        with open_workspace(self.home) as workspace:
            assert workspace.journal.verify() is None
            versions = workspace.registry.versions(world.MODEL)
            found = {
                "alias": workspace.registry.alias_version(world.MODEL, world.ALIAS),
                "tags": [
                    {k: v for k, v in one.tags.items() if k != HEAD_TAG}
                    for one in versions
                ],
            }
        return found | worlds.dump(self.home)

    def told(self) -> str:
        """Say in a few words where everything stands, for the table."""
        with open_workspace(self.home) as workspace:
            states = [one.state.value for one in workspace.rollbacks.find(world.MODEL)]
            moves = len(workspace.journal.lines_in("applied", model=world.MODEL))
            alias = workspace.registry.alias_version(world.MODEL, world.ALIAS)
            incidents = len(workspace.incidents.find())
        rollbacks = ", ".join(states) or "none"
        return (
            f"alias at {alias or 'none'}; rollback {rollbacks}; moves {moves}; "
            f"incidents {incidents}"
        )


def take_target_for_granted(patch: pytest.MonkeyPatch) -> None:
    """Do not try the target once more before each move: that takes seconds."""
    patch.setattr(guard_facts_reader, "why_it_does_not_score", lambda *_: "")


def reset_registry(url: str, like: str) -> None:
    """Put a registry back to where the story begins, as another one still is."""
    begun = Registry(like)
    before = {n: begun.version(world.MODEL, n).tags for n in ("1", "2", "3")}
    registry = Registry(url)
    client = registry._connection.client()
    client.set_registered_model_alias(world.MODEL, world.ALIAS, "3")
    for number, kept in before.items():
        client.update_model_version(world.MODEL, number, "")
        for name in registry.version(world.MODEL, number).tags:
            if name not in kept:
                client.delete_model_version_tag(world.MODEL, number, name)


def error_of(work: Callable[[], object]) -> str:
    """Do something that must fail; name its error."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 (the name is compared)
        work()
    return type(caught.value).__name__
