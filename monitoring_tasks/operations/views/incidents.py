"""Incidents as they are shown, with their time lines."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.views.roles import roles_view
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

SHOWN = frozenset(IncidentState) - {IncidentState.MERGED}
AT_ONCE = 200
"""So many incidents' events are read in one query."""


def incidents_view(
    workspace: Workspace,
    model: str | None,
    *,
    states: Collection[IncidentState] = (),
    page: ListPage | None = None,
) -> list[dict[str, Any]]:
    """Return incidents with their time lines, newest first; who overruled what.

    Args:
        workspace: The workspace; only read.
        model: Registered model name; None for all.
        states: Only those that stand there; none given for all but candidates, what
            was dismissed, and what another one speaks for.
        page: Which of them; None for all.
    """
    incidents = workspace.incidents.find(
        model, states=states or SHOWN, with_candidates=bool(states), page=page
    )
    listed = []
    for begin in range(0, len(incidents), AT_ONCE):
        several = incidents[begin : begin + AT_ONCE]
        events = workspace.incidents.events_of([incident.id for incident in several])
        listed += [_with_events(incident, events[incident.id]) for incident in several]
    return listed


def incident_view(workspace: Workspace, incident: str) -> dict[str, Any]:
    """Return all there is of an incident: time line, roles, messages, rollbacks, parts.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        LookupError: If there is no such incident.
    """
    shown = incident_of(workspace, incident)
    messages = workspace.outbox.find(incident=incident)
    rollbacks = workspace.rollbacks.find(shown.model)
    parts = workspace.incidents.parts(incident, with_candidates=True)
    return _with_events(shown, workspace.incidents.events(incident)) | {
        "messages": [_message(message) for message in messages],
        "rollbacks": [
            {"id": rollback.id, "state": rollback.state, "to": rollback.to_version}
            for rollback in rollbacks
            if rollback.incident == incident
        ],
        "roles": roles_view(contract_of(workspace, shown.model)),
        "parts": [part.id for part in parts],
    }


def _with_events(
    incident: Incident, events: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    override = override_of(incident, events)
    return asdict(incident) | {
        "events": events,
        "override": None if override is None else asdict(override),
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "channel": message.channel,
        "occasion": message.occasion,
        "state": message.state,
        "sent_at": message.sent_at,
        "fault": message.fault,
    }
