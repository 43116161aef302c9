"""Incidents and their events, to and from rows."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState


def place_of(event: dict[str, Any]) -> tuple[datetime, int, str]:
    """Order the events of one instant: what was seen, what was said, what was done."""
    name = str(event["event"])
    step = 3 if name[0].isdigit() else 2
    if name == "opened" or name.startswith("seen-"):
        step = 0 if name == "opened" else 1
    return event["at"], step, name


def row_of(incident: Incident) -> dict[str, Any]:
    """Write an incident as a row."""
    return asdict(incident) | {
        "cause": incident.cause.value,
        "state": incident.state.value,
        "severity": incident.severity.value,
        "is_active": incident.is_active,
    }


def incident_from(row: dict[str, Any]) -> Incident:
    """Read an incident back."""
    del row["is_active"]
    return Incident(
        **row
        | {
            "cause": Cause(row["cause"]),
            "state": IncidentState(row["state"]),
            "severity": Severity(row["severity"]),
            "upstreams": tuple(row["upstreams"]),
            "segments": tuple(row["segments"]),
        }
    )
