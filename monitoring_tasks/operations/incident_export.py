"""The record of an incident, for other systems: one JSON document."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.postmortem.course import took
from monitoring_tasks.operations.views.incidents import incident_view
from monitoring_tasks.operations.views.roles import duties_of
from monitoring_tasks.report.rendering import write_whole
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

RECORD_VERSION = 1
"""Grows when a key changes its meaning."""


def incident_record(workspace: Workspace, incident: str) -> dict[str, Any]:
    """Return all there is of an incident, with how long things took and who does what.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        LookupError: If there is no such incident.
    """
    about = incident_of(workspace, incident)
    contract = contract_of(workspace, about.model)
    record: dict[str, Any] = plain_json(
        {
            "record_version": RECORD_VERSION,
            "environment": workspace.settings.environment,
            **incident_view(workspace, incident),
            "chain_is_sound": workspace.incidents.verify() is None,
        }
    )
    return record | _of_the_model(workspace, about, contract)


def export_incident(workspace: Workspace, incident: str, out: Path) -> Path:
    """Write the record of an incident to a file; return its path.

    Args:
        workspace: The workspace; only read.
        incident: Its id.
        out: The file; written whole or not at all.

    Raises:
        LookupError: If there is no such incident.
    """
    record = incident_record(workspace, incident)
    return write_whole(out, json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def _of_the_model(
    workspace: Workspace, incident: Incident, contract: Contract | None
) -> dict[str, Any]:
    """Return what only a model's contract tells; nothing of the fleet's."""
    if contract is None:
        return {"owners": [], "tier": None, "took": [], "duties": {}}
    spans = took(workspace, incident, contract)
    return {
        "owners": list(contract.owners),
        "tier": contract.tier,
        "took": [
            asdict(span)
            | {"lasted": span.lasted.total_seconds() if span.lasted else None}
            for span in spans
        ],
        "duties": duties_of(contract),
    }
