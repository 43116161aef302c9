"""What people say of Daywatch's decisions, and how far it may go for it."""

from datetime import datetime
from typing import Any

from monitoring_tasks.domain.rollbacks import DONE, RollbackState
from monitoring_tasks.errors import ConfigurationError, IllegalTransitionError
from monitoring_tasks.operations.rollbacks.lookup import find_rollback
from monitoring_tasks.respond.autonomy import autonomy_level, proposal
from monitoring_tasks.respond.autonomy_record import (
    DEMOTED,
    RESTORED,
    REVIEWED,
    autonomy_line,
    demotion,
)
from monitoring_tasks.respond.guard_facts_reader import read_record
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState


def review(
    workspace: Workspace,
    rollback_id: str,
    *,
    right: bool,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """Write down whether a decision that was not left to a person was right.

    Args:
        workspace: Where it is journalled.
        rollback_id: The rollback that was decided.
        right: Whether it was right.
        at: When.
        actor: Who says so.
        reason: Why, for the journal.

    Raises:
        LookupError: If there is no such rollback.
        IllegalTransitionError: If it never came to a decision.
    """
    rollback = find_rollback(workspace, rollback_id)
    if rollback.state not in DONE | {S.DRY_RUN_RECORDED}:
        msg = f"rollback {rollback_id} is {rollback.state}: there is nothing to review"
        raise IllegalTransitionError(msg)
    workspace.journal.append(
        autonomy_line(
            rollback.model,
            REVIEWED,
            key=rollback.id,
            at=at,
            text=reason,
            actor=actor,
            right=right,
        )
    )


def restore(
    workspace: Workspace, model: str, *, at: datetime, actor: str, reason: str
) -> None:
    """Return to a model the autonomy it lost: a person says that its cause is fixed.

    Args:
        workspace: Where it is journalled.
        model: Registered model name.
        at: When.
        actor: Who says so.
        reason: Why, for the journal.

    Raises:
        ConfigurationError: If nothing was taken away.
    """
    if not demotion(workspace.journal.lines_in(DEMOTED, RESTORED, model=model)):
        msg = f"'{model}' has lost no autonomy: there is nothing to restore"
        raise ConfigurationError(msg)
    workspace.journal.append(
        autonomy_line(model, RESTORED, key=model, at=at, text=reason, actor=actor)
    )


def describe(workspace: Workspace, model: str) -> dict[str, Any]:
    """Return autonomy level, record and proposal of a model as plain JSON.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
    """
    record, response = read_record(workspace, model), workspace.contract(model).response
    level = autonomy_level(response, record)
    return {
        "model": model,
        "contract": response.mode.value,
        "mode": level.mode.value,
        "why": level.why,
        "right": record.right,
        "wrong": record.wrong,
        "unanswered": record.unanswered,
        "regret": record.regret,
        "proposal": proposal(response, record),
    }
