"""Days that should have a verdict and have none."""

from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.evaluations import Cause, Mode, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.wiring.workspace import Workspace

WATCHED_DAYS = 7
"""How far back a missing day is still news."""


def find_blind_days(
    space: Workspace, model: str, *, as_of: datetime, mode: Mode
) -> dict[str, Any]:
    """List the days whose schedule has passed and that nobody has judged.

    Starts at the first day that was ever looked at: before that nothing was due. In
    `live` mode a blind day opens an incident of cause `integration`; missing
    monitoring is never taken for health.

    Returns:
        `blind`: ISO days without a verdict; `incident`: its id, or None.
    """
    span = space.results.days(model)
    if span is None:
        return {"model": model, "blind": [], "incident": None}
    today = as_of.astimezone(space.contract(model).zone).date()
    first = max(span[0], today - timedelta(days=WATCHED_DAYS))
    due = [
        day
        for day in days_between(first, max(first, today))
        if space.as_of(model, day) < as_of
    ]
    if not due:
        return {"model": model, "blind": [], "incident": None}
    judged = {
        row["day"]
        for row in space.results.current(model, due[0], due[-1], as_of)
        if row["verdict"] is not None
    }
    blind = [day for day in due if day not in judged]
    incident = None
    if blind and mode is Mode.LIVE:
        listed = ", ".join(day.isoformat() for day in blind)
        seen = Incident(
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
        incident = space.incidents.report(
            seen, text=f"no verdict for {listed}; did the monitor DAG run?", detail={}
        ).id
    return {
        "model": model,
        "blind": [day.isoformat() for day in blind],
        "incident": incident,
    }
