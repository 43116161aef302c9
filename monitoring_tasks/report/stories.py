"""Rollbacks as a page tells them: what was asked, on what, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.rollbacks import Rollback


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackStory:
    """A rollback, its steps and what it rests on.

    Attributes:
        rollback: As it stands now.
        steps: Its lines in the journal, oldest first.
        comparison: The target against the live version, as it was decided on.
    """

    rollback: Rollback
    steps: tuple[JournalLine, ...]
    comparison: Comparison | None


def rollback_stories(
    rollbacks: Sequence[Rollback],
    moves: Sequence[JournalLine],
    *,
    evidence: Callable[[str], Mapping[str, Any]],
) -> list[RollbackStory]:
    """Return the rollbacks that some of the journal's lines are about, oldest first.

    Args:
        rollbacks: Those of the model.
        moves: Lines of the journal.
        evidence: Id of a rollback -> what it was decided on.
    """
    keys = {line.key for line in moves}
    return [
        RollbackStory(
            rollback=rollback,
            steps=tuple(line for line in moves if line.key == rollback.id),
            comparison=_rests_on(evidence(rollback.id)),
        )
        for rollback in rollbacks
        if rollback.id in keys
    ]


def _rests_on(evidence: Mapping[str, Any]) -> Comparison | None:
    plain = evidence.get("comparison")
    return None if plain is None else Comparison.from_json(plain)
