"""What people made of incidents, read from the events that say so."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.store.schema import IncidentEventRow, table_of

RECLASSIFIED = "reclassified-"
"""How the names of such events begin."""


def override_of(
    incident: Incident, events: Sequence[Mapping[str, Any]]
) -> Override | None:
    """Give what a person last made of an incident; None if nobody said anything.

    Args:
        incident: The incident.
        events: Its events, in any order.
    """
    said = [event for event in events if event["event"].startswith(RECLASSIFIED)]
    if not said:
        return None
    last = max(said, key=lambda event: str(event["event"]))
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
    known: Override | None,
    *,
    cause: Cause | None,
    severity: Severity | None,
) -> dict[str, str]:
    """Give the detail of a new event: what stands now, and what Daywatch had found.

    Daywatch's own severity is the gravest it ever gave: where the incident's severity
    is not the one a person last set, Daywatch has raised it since.
    """
    found = incident.severity
    if known is not None:
        raised = incident.severity != known.severity
        found = known.machine_severity
        found = min(found, incident.severity) if raised else found
    return {
        "cause": (cause or incident.cause).value,
        "severity": (severity or incident.severity).value,
        "machine_cause": (known.machine_cause if known else incident.cause).value,
        "machine_severity": found.value,
    }


def events_by_incident(
    connection: sa.Connection, incidents: Sequence[Incident]
) -> dict[str, list[Mapping[str, Any]]]:
    """Load the events in which people reclassified incidents."""
    row = IncidentEventRow
    query = sa.select(table_of(row)).where(
        row.incident.in_([incident.id for incident in incidents]),
        row.event.startswith(RECLASSIFIED),
    )
    found: dict[str, list[Mapping[str, Any]]] = {i.id: [] for i in incidents}
    for event in connection.execute(query).mappings():
        found[event["incident"]].append(dict(event))
    return found
