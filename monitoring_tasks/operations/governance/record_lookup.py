"""Incidents and their regulatory records, by id."""

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.regulatory_records import RegulatoryRecord, record_from
from monitoring_tasks.workspace.workspace import Workspace


def find_record(workspace: Workspace, incident: str) -> RegulatoryRecord:
    """Return the record of an incident.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.

    Raises:
        LookupError: If there is no such incident, or none was opened for it.
    """
    find_incident(workspace, incident)
    record = record_of(workspace, incident)
    if record is None:
        msg = (
            f"there is no regulatory record of {incident}; "
            f"`daywatch governance record open {incident}` opens it"
        )
        raise LookupError(msg)
    return record


def record_of(workspace: Workspace, incident: str) -> RegulatoryRecord | None:
    """Return the record of an incident; None where nobody has opened one.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.
    """
    return record_from(workspace.regulatory_events.events(incident))


def find_incident(workspace: Workspace, incident: str) -> Incident:
    """Return an incident by its id.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        LookupError: If there is none.
    """
    stored = workspace.incidents.get(incident)
    if stored is None:
        msg = f"there is no incident '{incident}'; `daywatch incident list` lists them"
        raise LookupError(msg)
    return stored
