"""What a rollback means for its incident, and for the day it was decided on. Pure."""

from dataclasses import dataclass

from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import DONE, Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.sentences import outcome

S = RollbackState
JUST_MOVED = frozenset({S.APPLIED, S.VERIFYING})
"""What was found afterwards is told by the days that verify it."""
KINDS = {S.AWAITING_APPROVAL: "proposed", S.DRY_RUN_RECORDED: "incident"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUpdate:
    """What is written on an incident.

    Attributes:
        text: One sentence.
        event: Key of the event to note; the same key is noted once. Empty for none.
        states: The states to go through, in order.
    """

    text: str
    event: str = ""
    states: tuple[IncidentState, ...] = ()


def incident_update(rollback: Rollback, incident: Incident) -> IncidentUpdate:
    """Return what a rollback's incident is told, as it stands now.

    Args:
        rollback: The rollback.
        incident: The incident it belongs to.
    """
    text = f"{outcome(rollback)} ({rollback.id})"
    if rollback.state not in DONE:
        day = Unit.from_key(rollback.evaluation).day
        return IncidentUpdate(text=text, event=f"{rollback.state}-{day}")
    is_new = (
        rollback.state in JUST_MOVED
        and incident.is_active
        and incident.state is not IncidentState.MONITORING
    )
    if not is_new:
        return IncidentUpdate(text=text)
    return IncidentUpdate(
        text=text, states=(IncidentState.MITIGATING, IncidentState.MONITORING)
    )


def action_of(rollback: Rollback) -> Action:
    """Return what is written beside the day the rollback was decided on."""
    kind = KINDS.get(rollback.state, "refused")
    if rollback.state in DONE:
        kind = "rollback"
    return Action(kind=kind, text=outcome(rollback), incident=rollback.incident)
