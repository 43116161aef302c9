"""Between the days: ending what a stopped process left of a rollback."""

from datetime import datetime

from monitoring_tasks.domain.rollbacks import (
    BEFORE_WRITE,
    IN_DOUBT,
    Rollback,
    RollbackState,
)
from monitoring_tasks.errors import AliasInDoubtError, LeaseHeldError, RegistryError
from monitoring_tasks.operations.rollbacks.approval import record_outcome
from monitoring_tasks.respond.rollbacks import note_alias, resume
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
UNATTENDED = IN_DOUBT | {S.APPLIED, S.AWAITING_APPROVAL}
"""What may be ended without a new decision: by reading the registry, or the clock."""


def _is_unattended(rollback: Rollback, now: datetime) -> bool:
    """Whether it may be ended here; what was never about to be written, once late."""
    is_late = rollback.state in BEFORE_WRITE and now >= rollback.expires_at
    return rollback.state in UNATTENDED or is_late


def recover_rollback(workspace: Workspace, model: str, *, now: datetime) -> str | None:
    """Settle the rollback of a model that nobody is working on, and note the alias.

    A write nobody saw the end of is understood by reading the registry; if it never
    arrived it is made while every guard still holds. A move that was made is told; a
    question nobody answered in time expires. Nothing new is begun: what was not about
    to be written when its process died waits for its day, or the answer, to be given
    again, until it expires.

    Args:
        workspace: Where it lies.
        model: Registered model name.
        now: The present instant.

    Returns:
        One sentence on what stands open, or None when nothing does.

    Raises:
        SourceUnavailableError: If the registry does not answer.
    """
    alias = workspace.contract(model).alias
    waiting = [
        rollback
        for rollback in workspace.rollbacks.find(model)
        if rollback.alias == alias and _is_unattended(rollback, now)
    ]
    texts = []
    for rollback in waiting:
        try:
            rollback = resume(workspace, rollback, now=now)  # noqa: PLW2901 (the same, moved on)
        # One that is stuck must not keep the others from being ended.
        except (LeaseHeldError, AliasInDoubtError, RegistryError) as error:
            texts.append(str(error))
            continue
        record_outcome(workspace, rollback, now=now)
        texts.append(f"rollback {rollback.id} is {rollback.state}")
    note_alias(workspace, model, at=now)
    return "; ".join(texts) or None
