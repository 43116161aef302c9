"""A person's answer to a rollback that waits for one, and what follows from it.

The store settles who was first: answer, second answer, timeout and expiry are compared
in one transaction. What was approved is then carried out like any other rollback: the
guards are asked again, and one that does not hold any more stops it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.rollbacks import (
    DONE,
    IN_DOUBT,
    Rollback,
    RollbackState,
)
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.incident_updates import tell
from monitoring_tasks.respond.rollbacks import as_dict, resume
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
TO_BE_CARRIED_OUT = IN_DOUBT | {
    S.APPROVED,
    S.LOCKED,
    S.EVIDENCE_CAPTURED,
    S.APPLIED,
}
"""Approved, and the alias not surely moved or not yet told of."""
SETTLING = (
    S.APPROVED, S.REJECTED, S.EXPIRED, S.BLOCKED, S.SUPERSEDED, S.FAILED,
    S.DRY_RUN_RECORDED,
)  # fmt: skip
"""Lines of the journal that say how a question ended, or that there was none."""


def answer(
    space: Workspace,
    rollback_id: str,
    *,
    approve: bool,
    actor: str,
    reason: str,
    now: datetime,
) -> Rollback:
    """Take a person's answer; whoever comes first settles it.

    An approval is carried out, also one of before that a killed process left behind.
    A rejection never carries anything out. What came of it is told to the incident and
    written beside the day, as if the day itself had ended so.

    Args:
        space: The workspace.
        rollback_id: The rollback that is asked about.
        approve: Whether the version shall be put back.
        actor: Who answers.
        reason: Why, for the journal.
        now: The present instant.

    Returns:
        The rollback as it stands now; `took_effect` says whether this answer counted.

    Raises:
        LookupError: If there is no such rollback.
        LeaseHeldError: If another process moves this alias; the answer is kept, and
            the same again carries it out.
    """
    known = space.rollbacks.answer(
        rollback_id, approve=approve, actor=actor, at=now, text=reason
    )
    if approve and known.state in TO_BE_CARRIED_OUT:
        known = resume(space, known, now=now)
    write_down(space, known, now=now)
    return known


def lapse(space: Workspace, rollback_id: str, *, now: datetime) -> Rollback:
    """Let a question end that nobody answered in time; an answered one stays so.

    Raises:
        LookupError: If there is no such rollback.
    """
    known = find(space, rollback_id)
    if known.state is S.AWAITING_APPROVAL:
        known = resume(space, known, now=max(now, known.expires_at))
        write_down(space, known, now=now)
    return known


def find(space: Workspace, rollback_id: str) -> Rollback:
    """Give a rollback.

    Raises:
        LookupError: If there is no such rollback.
    """
    known = space.rollbacks.get(rollback_id)
    if known is None:
        msg = f"there is no rollback '{rollback_id}'; `daywatch rollbacks` lists them"
        raise LookupError(msg)
    return known


def took_effect(rollback: Rollback, *, approve: bool, actor: str) -> bool:
    """Whether an answer is the one that counted; guards may have stopped it since."""
    if rollback.approver != actor:
        return False
    return approve is not (rollback.state is S.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a question ended.

    Attributes:
        state: In which state.
        actor: By whom.
        at: When.
        reason: Why.
    """

    state: str
    actor: str
    at: datetime
    reason: str


def settlement(space: Workspace, rollback: Rollback) -> Settlement | None:
    """Say how the question about a rollback ended; None while it is open."""
    states = [state.value for state in SETTLING]
    for line in space.journal.lines_in(*states, model=rollback.model):
        if line["key"] == rollback.id:
            return Settlement(
                state=line["state"],
                actor=line["actor"],
                at=line["at"],
                reason=line["reason"],
            )
    return None


def describe(
    space: Workspace, rollback: Rollback, *, approve: bool, actor: str
) -> dict[str, Any]:
    """Give an answer and what came of it as plain JSON.

    Returns:
        `counted`: whether the answer did; `moved`: whether the alias was; `settled`:
        how the question ended; `text` in one sentence; the rollback's own keys.
    """
    counted = took_effect(rollback, approve=approve, actor=actor)
    ended = settlement(space, rollback)
    told = as_dict(rollback) | {
        "model": rollback.model,
        "counted": counted,
        "moved": rollback.state in DONE,
        "settled": None if ended is None else asdict(ended),
    }
    return told if counted else told | {"text": _not_counted(rollback, ended)}


def _not_counted(rollback: Rollback, ended: Settlement | None) -> str:
    if ended is None:
        return f"nobody is asked about it: {outcome(rollback)}"
    return (
        f"too late, the answer changes nothing: {ended.state} by {ended.actor} on "
        f"{ended.at:%Y-%m-%d %H:%M} UTC ({ended.reason}); {outcome(rollback)}"
    )


def write_down(space: Workspace, rollback: Rollback, *, now: datetime) -> None:
    """Tell incident and day what came of a rollback; again changes nothing."""
    action = tell(space, rollback, now=now)
    if rollback.incident is not None:
        space.results.save_action(Unit.from_key(rollback.evaluation), action)
