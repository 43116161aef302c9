"""The record a model's decisions have earned it, read from the journal."""

from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.rollbacks import DAYWATCH, DONE, Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import ConfigurationError, IllegalTransitionError
from monitoring_tasks.respond.autonomy import Record, autonomy_level, proposal
from monitoring_tasks.respond.guard_facts import AutonomyLevel
from monitoring_tasks.workspace.workspace import Workspace

REVIEWED, DEMOTED, RESTORED = "reviewed", "demoted", "restored"
REGRET_DAYS = 14
"""Days after a decision whose comparisons say what was missed by not acting."""
S = RollbackState


def record_of(space: Workspace, model: str) -> Record:
    """Count what people said of Daywatch's own decisions about a model.

    An answer is a review as well; a rollback that ended `regressed` was wrong whatever
    was said. The decisions of one incident count once, and are right if all are.
    """
    reviewed = {
        line["key"]: bool(line["detail"]["right"])
        for line in space.journal.lines_in(REVIEWED, model=model)
    }
    decisions = [r for r in space.rollbacks.find(model) if not r.is_manual]
    said: dict[str, bool] = {}
    for one in decisions:
        if one.approver is None and one.id not in reviewed:
            continue
        right = reviewed.get(one.id, one.state is not S.REJECTED)
        right = right and one.state is not S.REGRESSED
        episode = one.incident or one.id
        said[episode] = said.get(episode, True) and right
    told = [one for one in decisions if one.state is S.DRY_RUN_RECORDED]
    regrets = [r for one in told if (r := _regret(space, one)) is not None]
    return Record(
        right=sum(said.values()),
        wrong=len(said) - sum(said.values()),
        unanswered=sum(one.id not in reviewed for one in told),
        regret=sum(regrets) / len(regrets) if regrets else None,
        demoted=_demoted(space, model),
    )


def autonomy(space: Workspace, model: str) -> AutonomyLevel:
    """Say how far Daywatch may go for a model now."""
    return autonomy_level(space.contract(model).response, record_of(space, model))


def demote(space: Workspace, rollback: Rollback, *, at: datetime, text: str) -> None:
    """Take autonomy away after a rollback that did harm; once per rollback."""
    line = _line(rollback.model, DEMOTED, key=rollback.id, at=at, text=text)
    lines = space.journal.lines_in(DEMOTED, model=rollback.model)
    if rollback.id not in {one["key"] for one in lines}:
        space.journal.append(line)


def restore(
    space: Workspace, model: str, *, at: datetime, actor: str, reason: str
) -> None:
    """Give back what was taken away: a person says that its cause is mended.

    Raises:
        ConfigurationError: If nothing was taken away.
    """
    if not _demoted(space, model):
        msg = f"nothing was taken away from '{model}'"
        raise ConfigurationError(msg)
    line = _line(model, RESTORED, key=model, at=at, text=reason, actor=actor)
    space.journal.append(line)


def review(
    space: Workspace,
    rollback_id: str,
    *,
    right: bool,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """Say whether a decision that was not left to a person was right.

    Raises:
        LookupError: If there is no such rollback.
        IllegalTransitionError: If it never came to a decision.
    """
    known = space.rollbacks.get(rollback_id)
    if known is None:
        msg = f"there is no rollback '{rollback_id}'"
        raise LookupError(msg)
    if known.state not in DONE | {S.DRY_RUN_RECORDED}:
        msg = f"rollback {rollback_id} is {known.state}: there is nothing to review"
        raise IllegalTransitionError(msg)
    line = _line(known.model, REVIEWED, key=known.id, at=at, text=reason, actor=actor)
    line.detail["right"] = right
    space.journal.append(line)


def describe(space: Workspace, model: str) -> dict[str, Any]:
    """Return autonomy level, record and proposal as plain JSON."""
    record, response = record_of(space, model), space.contract(model).response
    now = autonomy_level(response, record)
    return {
        "model": model,
        "contract": response.mode.value,
        "mode": now.mode.value,
        "why": now.why,
        "right": record.right,
        "wrong": record.wrong,
        "unanswered": record.unanswered,
        "regret": record.regret,
        "proposal": proposal(response, record),
    }


def _regret(space: Workspace, rollback: Rollback) -> float | None:
    """Average what the target would have gained on the days after the decision."""
    day = Unit.from_key(rollback.evaluation).day
    rows = space.results.current(
        rollback.model,
        day + timedelta(days=1),
        day + timedelta(days=REGRET_DAYS),
        decided=True,
    )
    gains = [
        one["gain"]
        for row in rows
        if row.version == rollback.from_version
        for one in row.comparison_rows or []
        if one["version"] == rollback.to_version and one["gain"] is not None
    ]
    return sum(gains) / len(gains) if gains else None


def _demoted(space: Workspace, model: str) -> str:
    lines = space.journal.lines_in(DEMOTED, RESTORED, model=model)
    last = lines[-1] if lines else None
    return str(last["reason"]) if last and last["state"] == DEMOTED else ""


def _line(
    model: str,
    state: str,
    *,
    key: str,
    at: datetime,
    text: str,
    actor: str = DAYWATCH,
) -> Line:
    return Line(key=key, state=state, at=at, model=model, reason=text, actor=actor)
