"""What a person says of an incident: what became of it, or that it is another one."""

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.operations.accountability import require_reason
from monitoring_tasks.workspace.workspace import Workspace


def resolve_incident(
    workspace: Workspace,
    incident: str,
    state: IncidentState,
    *,
    reason: str,
    actor: str,
) -> Incident:
    """Acknowledge an incident, close it, or call it a false alarm.

    Args:
        workspace: The workspace.
        incident: Its id.
        state: What became of it.
        reason: Why; kept on its time line.
        actor: Who says so.

    Raises:
        LookupError: If there is no such incident.
        IllegalTransitionError: If it cannot come to that state from where it stands.
    """
    return workspace.incidents.move(
        incident, state, at=workspace.clock.now(), actor=actor, text=reason
    )


def reclassify_incident(
    workspace: Workspace,
    incident: str,
    *,
    cause: Cause | None,
    severity: Severity | None,
    reason: str,
    actor: str,
) -> Incident:
    """Overrule the cause or severity of an incident; Daywatch's own stay beside.

    Args:
        workspace: The workspace.
        incident: Its id.
        cause: The cause that is right; None leaves it.
        severity: The severity that is right, a lower one included; None leaves it.
        reason: Why; kept on its time line.
        actor: Who says so.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If another incident is active for that cause.
    """
    require_reason(reason)
    return workspace.incidents.reclassify(
        incident,
        cause=cause,
        severity=severity,
        at=workspace.clock.now(),
        actor=actor,
        text=reason.strip(),
    )
