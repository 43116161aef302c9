"""What came of a rollback, told to its incident and to the day it was decided on."""

from datetime import datetime

from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH, DONE, Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
JUST_MOVED = frozenset({S.APPLIED, S.VERIFYING})
"""What was found afterwards is told by `wiring/rollbacks/verifying.py`."""
KINDS = {S.AWAITING_APPROVAL: "proposed", S.DRY_RUN_RECORDED: "incident"}


def tell(space: Workspace, rollback: Rollback, *, now: datetime) -> Action:
    """Tell a rollback's incident where it stands; telling it again changes nothing.

    Returns:
        What to write beside the day the rollback was decided on.
    """
    incident = space.incidents.get(rollback.incident) if rollback.incident else None
    text = f"{outcome(rollback)} ({rollback.id})"
    if incident is not None and rollback.state not in DONE:
        day = Unit.from_key(rollback.evaluation).day
        space.incidents.note(incident, f"{rollback.state}-{day}", at=now, text=text)
    elif (
        incident is not None
        and rollback.state in JUST_MOVED
        and incident.is_active
        and incident.state is not IncidentState.MONITORING
    ):
        for state in (IncidentState.MITIGATING, IncidentState.MONITORING):
            space.incidents.move(incident.id, state, at=now, actor=DAYWATCH, text=text)
    return Action(
        kind=_kind(rollback), text=outcome(rollback), incident=rollback.incident
    )


def _kind(rollback: Rollback) -> str:
    if rollback.state in DONE:
        return "rollback"
    return KINDS.get(rollback.state, "refused")
