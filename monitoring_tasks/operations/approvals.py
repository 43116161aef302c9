"""What people ask for and answer, wired; beside `daily`, which runs by itself.

Used by commands and DAGs alike. Each opens the workspace, says what instant it is and
hands on; all that is decided here is decided again under the lease of the alias.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.judgements import alert_of, judgement_of
from monitoring_tasks.operations.rollbacks import approval, repairing
from monitoring_tasks.operations.rollbacks.approval_request import question_of
from monitoring_tasks.operations.rollbacks.manual import (
    request_manual_rollback,
)
from monitoring_tasks.workspace.workspace import open_workspace


def roll_back(
    model: str,
    *,
    to: str,
    reason: str,
    actor: str,
    force: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Put a version back for a person, through the guards Daywatch itself obeys."""
    with open_workspace() as space:
        return request_manual_rollback(
            space,
            model,
            to=to,
            reason=reason,
            actor=actor,
            force=force,
            dry_run=dry_run,
        )


def repair(
    rollback: str,
    *,
    actor: str,
    plan_only: bool = False,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Score again what a withdrawn version had published, or list it."""
    with open_workspace() as space:
        if plan_only:
            return repairing.plan_repair(space, rollback)
        now = space.clock.now()
        return repairing.repair(
            space, rollback, now=now, actor=actor, progress=progress
        )


def awaiting(key: str) -> str | None:
    """Give the id of the rollback a day asks a person about; None if it asks none."""
    unit = Unit.from_key(key)
    with open_workspace() as space:
        for known in space.rollbacks.find(unit.model):
            asks = known.state is RollbackState.AWAITING_APPROVAL
            if asks and known.evaluation == key:
                return known.id
    return None


def judgement(key: str) -> dict[str, Any]:
    """What was decided about a day: verdict, reasons and the address of its page."""
    with open_workspace() as space:
        return judgement_of(space, Unit.from_key(key))


def alert(key: str) -> dict[str, str]:
    """How the task `alert` of a day's run is to end (`task`), and why (`text`)."""
    with open_workspace() as space:
        return alert_of(space, Unit.from_key(key))


def question(rollback: str) -> dict[str, Any] | None:
    """Put the question about a rollback into words; None when nobody is asked.

    Returns:
        `subject`, `body` in Markdown, and for how many `seconds` it may be answered.

    Raises:
        LookupError: If there is no such rollback.
    """
    with open_workspace() as space:
        return question_of(space, rollback, now=space.clock.now())


def answer(rollback: str, *, approve: bool, actor: str, reason: str) -> dict[str, Any]:
    """Take a person's answer to a rollback, and carry it out if that is what it says.

    Returns:
        As `wiring.rollbacks.approval.describe` gives it.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such rollback.
    """
    require_reason(reason)
    actor = person(actor)
    with open_workspace() as space:
        done = approval.answer(
            space,
            rollback,
            approve=approve,
            actor=actor,
            reason=reason.strip(),
            now=space.clock.now(),
        )
        return approval.describe(space, done, approve=approve, actor=actor)


def lapse(rollback: str) -> dict[str, Any]:
    """Let a question end whose time is up; an answered one stays as it is."""
    with open_workspace() as space:
        done = approval.lapse(space, rollback, now=space.clock.now())
        return approval.describe(space, done, approve=False, actor="")
