"""Rollbacks as a page tells them: what was asked, on what, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.rollbacks import Rollbacks


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackStory:
    """A rollback, its steps and what it rests on.

    Attributes:
        rollback: As it stands now.
        steps: Its lines in the journal, oldest first.
        comparison: The target against the live version, as it was decided on.
    """

    rollback: Rollback
    steps: tuple[Mapping[str, Any], ...]
    comparison: Comparison | None


def rollback_stories(
    database: Database, model: str, moves: Sequence[Mapping[str, Any]]
) -> list[RollbackStory]:
    """Give the rollbacks that some of the journal's lines are about, oldest first."""
    rollbacks = Rollbacks(database, Journal(database))
    told = {line["key"] for line in moves}
    return [
        RollbackStory(
            rollback=found,
            steps=tuple(line for line in moves if line["key"] == found.id),
            comparison=_rests_on(rollbacks.evidence(found.id)),
        )
        for found in rollbacks.find(model)
        if found.id in told
    ]


def _rests_on(evidence: Mapping[str, Any]) -> Comparison | None:
    plain = evidence.get("comparison")
    return None if plain is None else Comparison.from_json(plain)
