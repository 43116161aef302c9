"""What people ask for and answer about rollbacks, for commands and DAGs alike.

Each function opens the workspace, asks what time it is and hands on; all that is
decided here is decided again under the lease of the alias.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.rollbacks import approval, repair
from monitoring_tasks.operations.rollbacks.approval_request import approval_request
from monitoring_tasks.operations.rollbacks.manual import request_manual_rollback
from monitoring_tasks.workspace.workspace import open_workspace


def request_rollback(
    model: str,
    *,
    to: str,
    reason: str,
    actor: str,
    force: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Put a version back for a person, through the guards Daywatch itself obeys.

    Args:
        model: Registered model name.
        to: Version to put back.
        reason: Why; at least ten characters.
        actor: Who asks.
        force: Whether the guards that may be skipped are.
        dry_run: Whether to ask every guard and change nothing.

    Returns:
        As `request_manual_rollback` does.
    """
    with open_workspace() as workspace:
        return request_manual_rollback(
            workspace,
            model,
            to=to,
            reason=reason,
            actor=actor,
            force=force,
            dry_run=dry_run,
        )


def plan_repair(rollback_id: str) -> dict[str, Any]:
    """Return what a withdrawn version had published; nothing is changed."""
    with open_workspace() as workspace:
        return repair.plan_repair(workspace, rollback_id)


def repair_days(
    rollback_id: str, *, actor: str, progress: Callable[[date], None] | None = None
) -> dict[str, Any]:
    """Score again what a withdrawn version had published.

    Args:
        rollback_id: A rollback that moved the alias.
        actor: Who asks.
        progress: Called with each day when it is done.

    Returns:
        The plan, and for each day its new partition and what it changes.
    """
    with open_workspace() as workspace:
        now = workspace.clock.now()
        return repair.repair(
            workspace, rollback_id, now=now, actor=actor, progress=progress
        )


def rollback_to_approve(key: str) -> str | None:
    """Return the id of the rollback a day asks a person about; None if it asks none.

    Args:
        key: Key of the day's unit.
    """
    unit = Unit.from_key(key)
    with open_workspace() as workspace:
        for rollback in workspace.rollbacks.find(unit.model):
            # Another day's question is asked by the run of that day.
            waits = rollback.state is RollbackState.AWAITING_APPROVAL
            if waits and rollback.evaluation == key:
                return rollback.id
    return None


def request_approval(rollback_id: str) -> dict[str, Any] | None:
    """Return the question about a rollback, in words; None when nobody is asked.

    Returns:
        `subject`, `body` in Markdown, and for how many `seconds` it may be answered.

    Raises:
        LookupError: If there is no such rollback.
    """
    with open_workspace() as workspace:
        now = workspace.clock.now()
        return approval_request(workspace, rollback_id, now=now)


def answer(
    rollback_id: str, *, approve: bool, actor: str, reason: str
) -> dict[str, Any]:
    """Take a person's answer to a rollback, and carry it out if that is what it says.

    Args:
        rollback_id: The rollback that is asked about.
        approve: Whether the version shall be put back.
        actor: Who answers.
        reason: Why, for the journal; at least ten characters.

    Returns:
        As `operations.rollbacks.approval.describe` does.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such rollback.
    """
    require_reason(reason)
    actor = person(actor)
    with open_workspace() as workspace:
        answered = approval.answer(
            workspace,
            rollback_id,
            approve=approve,
            actor=actor,
            reason=reason.strip(),
            now=workspace.clock.now(),
        )
        return approval.describe(workspace, answered, approve=approve, actor=actor)


def expire(rollback_id: str) -> dict[str, Any]:
    """End a question whose time is up; an answered one stays as it is.

    Returns:
        As `operations.rollbacks.approval.describe` does.

    Raises:
        LookupError: If there is no such rollback.
    """
    with open_workspace() as workspace:
        now = workspace.clock.now()
        ended = approval.expire(workspace, rollback_id, now=now)
        return approval.describe(workspace, ended, approve=False, actor="")
