"""A person's answer to a rollback that waits for one, and what follows from it.

The store settles who was first: answer, second answer, timeout and expiry are compared
in one transaction. What was approved is then carried out like any other rollback: the
guards are asked again, and one that does not hold any more stops it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.rollbacks import DONE, UNDER_WAY, Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.operations.rollbacks.lookup import outcome_of
from monitoring_tasks.respond.rollbacks import resume, update_incident
from monitoring_tasks.respond.sentences import UNANSWERED, outcome
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
SETTLING = (
    S.APPROVED, S.REJECTED, S.EXPIRED, S.BLOCKED, S.SUPERSEDED, S.FAILED,
    S.DRY_RUN_RECORDED,
)  # fmt: skip
"""Lines of the journal that say how a question ended, or that there was none."""


def answer(
    workspace: Workspace,
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
        workspace: Where it lies.
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
    rollback = workspace.rollbacks.answer(
        rollback_id, approve=approve, actor=actor, at=now, text=reason
    )
    # Also what an approval before this one left when its process died.
    if approve and rollback.state in UNDER_WAY:
        rollback = resume(workspace, rollback, now=now)
    record_outcome(workspace, rollback, now=now)
    return rollback


def expire(workspace: Workspace, rollback_id: str, *, now: datetime) -> Rollback:
    """Let a question end that nobody answered in time; an answered one stays so.

    Args:
        workspace: Where it lies.
        rollback_id: The rollback that is asked about.
        now: The present instant.

    Raises:
        LookupError: If there is no such rollback.
    """
    # Never carried on from here, nor at the deadline it is early for: an approval that
    # came a moment before would be held against a time that has not come.
    rollback = workspace.rollbacks.expire(rollback_id, at=now, text=UNANSWERED)
    if rollback.state is S.EXPIRED:
        record_outcome(workspace, rollback, now=now)
    return rollback


def took_effect(rollback: Rollback, *, approve: bool, actor: str) -> bool:
    """Whether an answer is the one that counted; guards may have stopped it since.

    Args:
        rollback: As it stands after the answer.
        approve: What was answered.
        actor: Who answered.
    """
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


def settlement(workspace: Workspace, rollback: Rollback) -> Settlement | None:
    """Return how the question about a rollback ended; None while it is open.

    Args:
        workspace: Whose journal is read.
        rollback: The rollback.
    """
    # The first such line counts; later ones say what became of the move.
    states = [state.value for state in SETTLING]
    for line in workspace.journal.lines_in(*states, model=rollback.model):
        if line.key == rollback.id:
            return Settlement(
                state=line.state,
                actor=line.actor,
                at=line.at,
                reason=line.reason,
            )
    return None


def describe(
    workspace: Workspace, rollback: Rollback, *, approve: bool, actor: str
) -> dict[str, Any]:
    """Return an answer and what came of it as plain JSON.

    Args:
        workspace: Whose journal is read.
        rollback: As it stands after the answer.
        approve: What was answered.
        actor: Who answered.

    Returns:
        `counted`: whether the answer did; `moved`: whether the alias was; `settled`:
        how the question ended; `text` in one sentence; the rollback's own keys.
    """
    counted = took_effect(rollback, approve=approve, actor=actor)
    ended = settlement(workspace, rollback)
    answered = outcome_of(rollback) | {
        "model": rollback.model,
        "counted": counted,
        "moved": rollback.state in DONE,
        "settled": None if ended is None else asdict(ended),
    }
    return answered if counted else answered | {"text": _not_counted(rollback, ended)}


def _not_counted(rollback: Rollback, ended: Settlement | None) -> str:
    if ended is None:
        return f"it is not waiting for an answer: {outcome(rollback)}"
    return (
        f"too late, the answer changes nothing: {ended.state} by {ended.actor} on "
        f"{ended.at:%Y-%m-%d %H:%M} UTC ({ended.reason}); {outcome(rollback)}"
    )


def record_outcome(workspace: Workspace, rollback: Rollback, *, now: datetime) -> None:
    """Write on incident and day what came of a rollback; again changes nothing.

    Args:
        workspace: Where both lie.
        rollback: The rollback.
        now: The present instant.
    """
    action = update_incident(workspace, rollback, now=now)
    if rollback.incident is not None:
        workspace.results.save_action(Unit.from_key(rollback.evaluation), action)
