"""Incidents as they are shown, with their time lines."""

from dataclasses import asdict
from typing import Any

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.workspace.workspace import Workspace


def incidents_view(workspace: Workspace, model: str | None) -> list[dict[str, Any]]:
    """Return incidents with their time lines, newest first; who overruled what.

    Args:
        workspace: The workspace; only read.
        model: Registered model name; None for all.
    """
    return [
        asdict(incident) | {"events": events, "override": _override(incident, events)}
        for incident in workspace.incidents.find(model)
        for events in [workspace.incidents.events(incident.id)]
    ]


def _override(
    incident: Incident, events: list[dict[str, Any]]
) -> dict[str, Any] | None:
    override = override_of(incident, events)
    return None if override is None else asdict(override)
