"""Days that should have a verdict and have none."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from monitoring_tasks.contract.schedule import AssetSchedule
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.errors import RegistryError, TransientError
from monitoring_tasks.operations.label_wait import label_wait
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

logger = logging.getLogger(__name__)
WATCHED_DAYS = 7
"""How far back a missing day is still news."""
ASSET_DAYS = 1
"""How long after its end a day may wait for its assets; nobody knows when they come."""


def watch(model: str, *, as_of: str, mode: str) -> dict[str, Any]:
    """Find the recent days that should have a verdict and have none.

    A live look also ends what a stopped process left of a rollback (`rollback` says
    what stands open).

    Args:
        model: Registered model name.
        as_of: ISO instant with an offset.
        mode: `live`, `backfill`, `replay` or `dry_run`; only `live` acts.

    Returns:
        As `watch_model` returns it.
    """
    with open_workspace() as workspace:
        instant = datetime.fromisoformat(as_of)
        return watch_model(workspace, model, as_of=instant, mode=Mode(mode))


def watch_model(
    workspace: Workspace, model: str, *, as_of: datetime, mode: Mode
) -> dict[str, Any]:
    """Find the recent days without a verdict; live, end what was left of a rollback.

    Args:
        workspace: The workspace.
        model: Registered model name.
        as_of: The present instant.
        mode: Only `live` opens incidents and ends rollbacks.

    Returns:
        As `find_blind_days`; `rollback`: what stands open, or None.
    """
    from monitoring_tasks.operations.rollbacks.recovery import recover_rollback  # noqa: PLC0415

    blind = find_blind_days(workspace, model, as_of=as_of, mode=mode)
    if mode is not Mode.LIVE:
        return blind | {"rollback": None}
    now = workspace.clock.now(about=as_of)
    return blind | {"rollback": recover_rollback(workspace, model, now=now)}


def find_blind_days(
    workspace: Workspace, model: str, *, as_of: datetime, mode: Mode
) -> dict[str, Any]:
    """Find the days whose schedule has passed and that nobody has judged.

    Starts at the first day that was ever looked at: before that nothing was due. A day
    that waits for its labels is blind only once they are overdue. In `live` mode a
    blind day opens an incident of cause `integration`; missing monitoring is never
    taken for health.

    Args:
        workspace: The workspace.
        model: Registered model name.
        as_of: The present instant.
        mode: Only `live` opens an incident.

    Returns:
        `blind`: ISO days without a verdict; `waiting`: how many days wait for labels
        that are not due yet; `incident`: its id, or None.
    """
    none = {"model": model, "blind": [], "waiting": 0, "incident": None}
    span = workspace.results.days(model)
    if span is None:
        return none
    policy = workspace.contract(model).policy
    wait = label_wait(workspace, model, as_of=as_of)
    due = _due_days(workspace, model, span[0], as_of=as_of, wait_days=wait.days)
    if not due:
        return none
    looked_at = {
        row.day: row
        for row in workspace.results.current(model, due[0], due[-1], as_of)
        if row.verdict is not None
    }
    # Days that may wait for labels reach back further than a missing day is news.
    recent = due[-1] - timedelta(days=WATCHED_DAYS - 1)
    blind = [day for day in due if day >= recent and day not in looked_at]
    waiting = {day for day, row in looked_at.items() if wait.excuses(row)}
    performance_by_day = {day: row.performance for day, row in looked_at.items()}
    silent = [day for day in due if day in performance_by_day and day not in waiting]
    blind += _unseen(silent, performance_by_day, policy.persistence.of_days)
    blind = sorted(set(blind))
    incident = None
    if blind and mode is Mode.LIVE:
        judged = [looked_at[day] for day in blind if day in looked_at]
        missed = "" if len(judged) == len(blind) else "did the monitor DAG run?"
        why = "; ".join(w for w in (_why_in_vain(workspace, judged), missed) if w)
        incident = _report_blind(workspace, model, blind, why=why, as_of=as_of)
    return {
        "model": model,
        "blind": [day.isoformat() for day in blind],
        "waiting": len(waiting),
        "incident": incident,
    }


def _report_blind(
    workspace: Workspace,
    model: str,
    blind: Sequence[date],
    *,
    why: str,
    as_of: datetime,
) -> str:
    """Open an incident about days nobody judged, or add to it; return its id."""
    listed = ", ".join(day.isoformat() for day in blind)
    incident = Incident(
        id=f"{model}-{Cause.INTEGRATION}-{blind[0]}",
        model=model,
        cause=Cause.INTEGRATION,
        state=IncidentState.OPEN,
        severity=Severity.P1 if len(blind) > 1 else Severity.P2,
        version="",
        onset_day=blind[0],
        last_day=blind[-1],
        title=f"{model}: no verdict for {listed}",
        opened_at=as_of,
    )
    text = f"no verdict for {listed}; {why}"
    return workspace.incidents.report(incident, text=text, detail={}).id


def _why_in_vain(workspace: Workspace, judged: Sequence[Evaluation]) -> str:
    """Return why days were judged in vain; empty where none was."""
    versions = {(e.model, e.version) for e in judged if e.version}
    for model, version in sorted(versions):
        if _lacks_reference(workspace, model, version):
            return (
                f"version {version} has no reference to be judged by: log one with "
                f"`daywatch reference {model} --version {version} --rows FILE "
                "--trained-until DAY`"
            )
    reasons = (
        f"{e.day} was judged in vain: {e.reasons[0]}" for e in judged if e.reasons
    )
    return next(reasons, "")


def _lacks_reference(workspace: Workspace, model: str, version: str) -> bool:
    try:
        return workspace.reference(model, version) is None
    except (RegistryError, TransientError) as error:
        # The incident must not wait for the registry: the day's own reason is said.
        logger.warning("cannot tell whether %s has a reference: %s", version, error)
        return False


def _due_days(
    workspace: Workspace, model: str, begun: date, *, as_of: datetime, wait_days: int
) -> list[date]:
    """List the days that are watched: the last week, before the days that may wait."""
    today = as_of.astimezone(workspace.contract(model).zone).date()
    first = max(begun, today - timedelta(days=WATCHED_DAYS + wait_days))
    return [
        day
        for day in days_between(first, max(first, today))
        if _due(workspace, model, day) < as_of
    ]


def _due(workspace: Workspace, model: str, day: date) -> datetime:
    waits = isinstance(workspace.contract(model).schedule, AssetSchedule)
    return workspace.as_of(model, day) + timedelta(days=ASSET_DAYS if waits else 0)


def _unseen(
    days: Sequence[date], looked_at: Mapping[date, Verdict | None], most: int
) -> list[date]:
    """Return the newest days that were judged in vain, if they are `most` or more.

    A day or two without evidence happens; a run of them is blindness.
    """
    telling = {*VALID, Verdict.EXCLUDED}
    newest = reversed(days)
    unseen = list(takewhile(lambda day: looked_at[day] not in telling, newest))
    return unseen if len(unseen) >= most else []
