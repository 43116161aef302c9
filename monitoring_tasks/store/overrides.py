"""What people made of incidents, read from the events that say so."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_tables import IncidentEventRow

RECLASSIFIED = "reclassified-"
"""How the names of such events begin."""


def override_of(
    incident: Incident, events: Sequence[Mapping[str, Any]]
) -> Override | None:
    """Return what a person last made of an incident; None if nobody said anything.

    Args:
        incident: The incident.
        events: Its events, in any order.
    """
    reclassified = [
        event for event in events if event["event"].startswith(RECLASSIFIED)
    ]
    if not reclassified:
        return None
    last = max(reclassified, key=lambda event: str(event["event"]))
    detail = last["detail"]
    return Override(
        incident=incident.id,
        first_day=incident.onset_day,
        last_day=None if incident.is_active else incident.last_day,
        cause=Cause(detail["cause"]),
        severity=Severity(detail["severity"]),
        machine_cause=Cause(detail["machine_cause"]),
        machine_severity=Severity(detail["machine_severity"]),
        actor=last["actor"],
        reason=last["text"],
    )


def amended(
    incident: Incident,
    previous: Override | None,
    *,
    cause: Cause | None,
    severity: Severity | None,
) -> dict[str, str]:
    """Return the detail of a new event: what stands now, and what Daywatch had said.

    Daywatch's own severity is the gravest it ever gave: where the incident's severity
    is not the one a person last set, Daywatch has raised it since.

    Args:
        incident: As it stands before the event.
        previous: What a person made of it earlier; None if nobody did.
        cause: The cause the person names; None to leave it.
        severity: The severity the person names; None to leave it.
    """
    machine_severity = incident.severity
    # What the person said must not be taken for Daywatch's own opinion later on.
    if previous is not None:
        raised = incident.severity != previous.severity
        machine_severity = previous.machine_severity
        machine_severity = (
            min(machine_severity, incident.severity) if raised else machine_severity
        )
    return {
        "cause": (cause or incident.cause).value,
        "severity": (severity or incident.severity).value,
        "machine_cause": (previous.machine_cause if previous else incident.cause).value,
        "machine_severity": machine_severity.value,
    }


def events_by_incident(
    connection: sa.Connection, incidents: Sequence[Incident]
) -> dict[str, list[Mapping[str, Any]]]:
    """Load the events in which people reclassified incidents.

    Args:
        connection: Of a transaction.
        incidents: The incidents; each gets a key, events or not.
    """
    row = IncidentEventRow
    query = sa.select(table_of(row)).where(
        row.incident.in_([incident.id for incident in incidents]),
        row.event.startswith(RECLASSIFIED),
    )
    events: dict[str, list[Mapping[str, Any]]] = {i.id: [] for i in incidents}
    for event in connection.execute(query).mappings():
        events[event["incident"]].append(dict(event))
    return events
