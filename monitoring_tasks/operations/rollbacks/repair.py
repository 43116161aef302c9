"""After a rollback: what the withdrawn version had published, and doing it again.

What was published is never touched. The days are scored again with the version that
was put back, into new partitions of Daywatch's own; who reads the predictions decides
whether to take them.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.journal import JournalLine, Line
from monitoring_tasks.domain.rollbacks import DONE, Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.rollbacks.lookup import find_rollback
from monitoring_tasks.operations.rollbacks.rescored_days import score_again
from monitoring_tasks.respond.guard_facts_reader import read_live_since
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

QUARANTINED, REPAIRED = "quarantined", "repaired"
"""States of a journal line: a day about to be scored again, and done."""


def plan_repair(workspace: Workspace, rollback_id: str) -> dict[str, Any]:
    """Return what the withdrawn version had published; nothing is changed.

    Args:
        workspace: Where the days lie.
        rollback_id: A rollback that moved the alias.

    Returns:
        The rollback, the versions, each day with its rows, who is to be told, and the
        days that were repaired before.

    Raises:
        LookupError: If there is no such rollback.
        ConfigurationError: If it never moved the alias: there is nothing to repair.
    """
    rollback = _moved(workspace, rollback_id)
    published = _published(workspace, rollback)
    repaired = {line.detail["day"] for line in _lines(workspace, rollback, REPAIRED)}
    return {
        "rollback": rollback.id,
        "model": rollback.model,
        "withdrawn": rollback.from_version,
        "put_back": rollback.to_version,
        "days": [
            {
                "day": evaluation.day.isoformat(),
                "rows": evaluation.rows,
                "predictions": evaluation.predictions,
                "repaired": evaluation.day.isoformat() in repaired,
            }
            for evaluation in published
        ],
        "rows": sum(evaluation.rows for evaluation in published),
        "consumers": list(workspace.contract(rollback.model).response.consumers),
    }


def repair(
    workspace: Workspace,
    rollback_id: str,
    *,
    now: datetime,
    actor: str,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Score the published days again with the version put back; once a day.

    Each day is first marked as quarantined in the journal, then written as a new
    immutable partition, then said to be repaired: a try that was stopped is finished
    by the next.

    Args:
        workspace: Where the days lie.
        rollback_id: A rollback that moved the alias.
        now: The present instant, for the journal.
        actor: Who asks.
        progress: Called with each day when it is done.

    Returns:
        The plan, and for each day its new partition and what it changes.

    Raises:
        LookupError: If there is no such rollback.
        ConfigurationError: If it never moved the alias.
        NoDataError: If the rows of a day are gone.
        RowsNotKeptError: If a sample of a day's rows is kept.
        RegistryError: If the version cannot score a day.
    """
    rollback = _moved(workspace, rollback_id)
    plan = plan_repair(workspace, rollback_id)
    # Before the first is marked: a repair is of all days, or of none.
    for evaluation in _published(workspace, rollback):
        Day(workspace, evaluation.unit).require_all_rows("Scoring rows again")
    days = []
    for evaluation in _published(workspace, rollback):
        done = _journalled(workspace, rollback, evaluation.day)
        if done is None:
            begun = {"day": str(evaluation.day)}
            line = _line(rollback, QUARANTINED, begun, now=now, actor=actor)
            _append_once(workspace, line)
            done = score_again(workspace, rollback, evaluation.unit)
            line = _line(rollback, REPAIRED, done, now=now, actor=actor)
            _append_once(workspace, line)
        days.append(done)
        if progress:
            progress(evaluation.day)
    return plan | {"repaired": days}


def _published(workspace: Workspace, rollback: Rollback) -> list[Evaluation]:
    """Return the days the withdrawn version mainly served since it went live."""
    span = workspace.results.days(rollback.model)
    if span is None:
        return []
    judged = Unit.from_key(rollback.evaluation)
    # Where nobody saw it go live, every day it served counts.
    since = read_live_since(workspace, judged, rollback.from_version) or span[0]
    return [
        evaluation
        for evaluation in workspace.results.current(rollback.model, since, span[1])
        if evaluation.version == rollback.from_version and evaluation.predictions
    ]


def _moved(workspace: Workspace, rollback_id: str) -> Rollback:
    rollback = find_rollback(workspace, rollback_id)
    if rollback.state not in DONE:
        msg = f"rollback {rollback.id} is {rollback.state}: it never moved the alias"
        raise ConfigurationError(msg)
    return rollback


def _journalled(
    workspace: Workspace, rollback: Rollback, day: date
) -> dict[str, Any] | None:
    """Return what the journal says of a repaired day, if it was repaired."""
    for line in _lines(workspace, rollback, REPAIRED):
        if line.detail["day"] == day.isoformat():
            return dict(line.detail)
    return None


def _lines(workspace: Workspace, rollback: Rollback, state: str) -> list[JournalLine]:
    lines = workspace.journal.lines_in(state, model=rollback.model)
    return [line for line in lines if line.key == rollback.id]


def _append_once(workspace: Workspace, line: Line) -> None:
    """Write a line unless an earlier try has."""
    lines = workspace.journal.lines_in(line.state, model=line.model)
    if not any((x.key, x.detail) == (line.key, line.detail) for x in lines):
        workspace.journal.append(line)


def _line(
    rollback: Rollback,
    state: str,
    detail: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> Line:
    return Line(
        key=rollback.id,
        state=state,
        at=now,
        model=rollback.model,
        from_version=rollback.from_version,
        to_version=rollback.to_version,
        reason=f"{detail['day']}: {state}",
        actor=actor,
        incident=rollback.incident,
        detail=detail,
    )
