"""Between the days: ending what a stopped process left of a rollback."""

from datetime import datetime

from monitoring_tasks.domain.rollbacks import (
    BEFORE_WRITE,
    IN_DOUBT,
    Rollback,
    RollbackState,
)
from monitoring_tasks.errors import AliasInDoubtError, LeaseHeldError, RegistryError
from monitoring_tasks.operations.rollbacks.approval import write_down
from monitoring_tasks.respond.alias_sightings import note_alias
from monitoring_tasks.respond.rollbacks import resume
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
LEFT = IN_DOUBT | {S.APPLIED, S.AWAITING_APPROVAL}
"""What may be ended without a new decision: by reading the registry, or the clock."""


def _is_left(known: Rollback, now: datetime) -> bool:
    """Whether it may be ended here; what was never about to be written, once late."""
    is_late = known.state in BEFORE_WRITE and now >= known.expires_at
    return known.state in LEFT or is_late


def recover_rollback(space: Workspace, model: str, *, now: datetime) -> str | None:
    """Settle the rollback of a model that nobody is working on, and note the alias.

    A write nobody saw the end of is understood by reading the registry; if it never
    arrived it is made while every guard still holds. A move that was made is told; a
    question nobody answered in time expires. Nothing new is begun: what was not about
    to be written when its process died waits for its day, or the answer, to be given
    again, until it expires.

    Returns:
        One sentence on what stands open, or None when nothing does.

    Raises:
        SourceUnavailableError: If the registry does not answer.
    """
    alias = space.contract(model).alias
    waiting = [
        known
        for known in space.rollbacks.find(model)
        if known.alias == alias and _is_left(known, now)
    ]
    told = []
    for known in waiting:
        try:
            known = resume(space, known, now=now)  # noqa: PLW2901 (the same, moved on)
        except (LeaseHeldError, AliasInDoubtError, RegistryError) as error:
            told.append(str(error))
            continue
        write_down(space, known, now=now)
        told.append(f"rollback {known.id} is {known.state}")
    note_alias(space, model, at=now)
    return "; ".join(told) or None
