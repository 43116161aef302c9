"""Incidents whose clocks have run out are told of again, to more people."""

from datetime import datetime

from monitoring_tasks.contract.notify import ResponseClock
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.messages import BEGINNINGS, Occasion
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.respond.response_clocks import overdue, silence_since
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

REMINDED = "reminded-"
"""How the names of events begin that ask for news."""


def keep_clocks(workspace: Workspace, *, now: datetime) -> list[str]:
    """Escalate each active incident whose clock has run out; ask for news of others.

    The clock of an incident begins when its first message was delivered: nobody can
    take on what they were not told.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        What was written, a line an incident.
    """
    written = []
    for incident in workspace.incidents.find():
        contract = contract_of(workspace, incident.model)
        if not incident.is_active or contract is None:
            continue
        clock = contract.notify.clock_for(incident.severity)
        # First: of what has no clock no message needs to be read.
        if clock == ResponseClock():
            continue
        paged_at = _first_delivered(workspace, incident)
        if paged_at is not None:
            written += _escalate(workspace, incident, clock, paged_at=paged_at, now=now)
    return written


def _escalate(
    workspace: Workspace,
    incident: Incident,
    clock: ResponseClock,
    *,
    paged_at: datetime,
    now: datetime,
) -> list[str]:
    late = overdue(incident, clock, paged_at=paged_at, now=now)
    if late is not None and late.steps > incident.escalation:
        entry = Entry(at=now, actor=DAYWATCH, text=late.text)
        workspace.incidents.amend(incident.id, {"escalation": late.steps}, entry)
        return [f"{incident.id}: {late.text}"]
    events = workspace.incidents.events(incident.id)
    last_said = max(event["at"] for event in events)
    silent = silence_since(incident, clock, last_said=last_said, now=now)
    if silent is None:
        return []
    entry = Entry(at=now, actor=DAYWATCH, text=silent)
    event = f"{REMINDED}{now:%Y-%m-%dT%H:%M}"
    workspace.incidents.comment(incident.id, entry, event=event)
    return [f"{incident.id}: {silent}"]


def _first_delivered(workspace: Workspace, incident: Incident) -> datetime | None:
    """Return when somebody was first told of an episode; None while nobody was."""
    sent = [
        message.sent_at
        for message in workspace.outbox.find(MessageState.SENT, incident=incident.id)
        if message.occasion in BEGINNINGS | {Occasion.RAISED}
        and not message.is_gathered
        and message.sent_at is not None
        and message.created_at >= (incident.paged_at or incident.opened_at)
    ]
    return min(sent, default=None)
