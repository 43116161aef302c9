"""The record a model's decisions have earned it, from rollbacks and journal. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.journal import JournalLine, Line
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.respond.autonomy import Record

REVIEWED, DEMOTED, RESTORED = "reviewed", "demoted", "restored"
"""States of a journal line; `detail.right` of a review says whether it was right."""
REGRET_DAYS = 14
"""Days after a decision whose comparisons say what was missed by not acting."""
S = RollbackState


def count_decisions(
    rollbacks: Sequence[Rollback], lines: Sequence[JournalLine]
) -> Record:
    """Return what people said of Daywatch's own decisions about a model.

    An answer is a review as well; a rollback that ended `regressed` was wrong whatever
    was said. The decisions of one incident count once, and are right if all are.

    Args:
        rollbacks: Those of the model.
        lines: The model's lines in the states `reviewed`, `demoted` and `restored`,
            oldest first.
    """
    reviews = _reviews(lines)
    decisions = [rollback for rollback in rollbacks if not rollback.is_manual]
    is_right: dict[str, bool] = {}
    for decision in decisions:
        if decision.approver is None and decision.id not in reviews:
            continue
        # Without a review the answer counts as one: whoever approved found it right.
        right = reviews.get(decision.id, decision.state is not S.REJECTED)
        right = right and decision.state is not S.REGRESSED
        episode = decision.incident or decision.id
        is_right[episode] = is_right.get(episode, True) and right
    return Record(
        right=sum(is_right.values()),
        wrong=len(is_right) - sum(is_right.values()),
        unanswered=sum(r.id not in reviews for r in recorded_only(decisions)),
        demoted=demotion(lines),
    )


def with_regret(record: Record, regrets: Sequence[float]) -> Record:
    """Return a record with the mean of its decisions' regrets; None without any.

    Args:
        record: The record.
        regrets: Of each decision with a known one, from `regret_of`.
    """
    return replace(record, regret=sum(regrets) / len(regrets) if regrets else None)


def recorded_only(rollbacks: Sequence[Rollback]) -> list[Rollback]:
    """Return Daywatch's own decisions that were written down and not carried out."""
    return [r for r in rollbacks if not r.is_manual and r.state is S.DRY_RUN_RECORDED]


def regret_of(rollback: Rollback, evaluations: Sequence[Evaluation]) -> float | None:
    """Return what the target would have gained on average by serving; None if unknown.

    Args:
        rollback: A decision that was not carried out.
        evaluations: The `REGRET_DAYS` after it.
    """
    gains = [
        row["gain"]
        for evaluation in evaluations
        if evaluation.version == rollback.from_version
        for row in evaluation.comparison_rows or ()
        if row["version"] == rollback.to_version and row["gain"] is not None
    ]
    return sum(gains) / len(gains) if gains else None


def demotion(lines: Sequence[JournalLine]) -> str:
    """Return why autonomy is taken away now; empty when it is not."""
    last = next(
        (line for line in reversed(lines) if line.state in {DEMOTED, RESTORED}), None
    )
    return last.reason if last and last.state == DEMOTED else ""


def is_demoted_for(rollback: Rollback, lines: Sequence[JournalLine]) -> bool:
    """Whether autonomy was ever taken away for a rollback, even if restored since.

    Args:
        rollback: The rollback.
        lines: The model's lines in the state `demoted`.
    """
    demoted = {line.key for line in lines if line.state == DEMOTED}
    return rollback.id in demoted


def autonomy_line(
    model: str,
    state: str,
    *,
    key: str,
    at: datetime,
    text: str,
    actor: str,
    right: bool | None = None,
) -> Line:
    """Return the journal line that says what was said or done about autonomy.

    Args:
        model: Registered model name.
        state: `reviewed`, `demoted` or `restored`.
        key: The rollback it is about, or the model.
        at: When.
        text: Why.
        actor: Who.
        right: What a review says; None for the other states.
    """
    detail = {} if right is None else {"right": right}
    return Line(
        key=key,
        state=state,
        at=at,
        model=model,
        reason=text,
        actor=actor,
        detail=detail,
    )


def _reviews(lines: Sequence[JournalLine]) -> dict[str, bool]:
    """Return by rollback whether the last review called it right."""
    return {
        line.key: bool(line.detail["right"]) for line in lines if line.state == REVIEWED
    }
