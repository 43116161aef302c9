"""Incidents whose clocks have run out are told of again, to more people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitoring_tasks.contract.notify import Notify, ResponseClock
from monitoring_tasks.domain.incidents import ACTIVE, Incident
from monitoring_tasks.domain.messages import BEGINNINGS, Occasion
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.respond.response_clocks import Overdue, overdue, silence_since
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

REMINDED = "reminded-"
"""How the names of events begin that ask for news."""
UNCONTAINED = "uncontained-"
"""How the name of the event begins that tells of an incident not contained in time."""


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
    for incident in workspace.incidents.find(states=ACTIVE):
        # What is silenced asks nobody again, whatever was told of it before.
        if incident.silenced_by is not None:
            continue
        contract = contract_of(workspace, incident.model)
        # The fleet's have the clocks of a contract that says nothing.
        notify = contract.notify if contract else Notify()
        clock = notify.clock_for(incident.severity)
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
    events = workspace.incidents.events(incident.id)
    late = overdue(incident, clock, paged_at=paged_at, now=now)
    if late is not None:
        text = _escalation(workspace, incident, late, events, now=now)
        return [f"{incident.id}: {text}"] if text else []
    last_said = max(event["at"] for event in events)
    silent = silence_since(incident, clock, last_said=last_said, now=now)
    if silent is None:
        return []
    entry = Entry(at=now, actor=DAYWATCH, text=silent)
    event = f"{REMINDED}{now:%Y-%m-%dT%H:%M}"
    workspace.incidents.comment(incident.id, entry, event=event)
    return [f"{incident.id}: {silent}"]


def _escalation(
    workspace: Workspace,
    incident: Incident,
    late: Overdue,
    events: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> str | None:
    """Take the steps that are due; return why, or None where none is new."""
    mark = f"{UNCONTAINED}{incident.reopened}"
    is_marked = any(event["event"] == mark for event in events)
    is_new = late.is_uncontained and not is_marked
    steps = max(late.steps, incident.escalation + is_new)
    if steps <= incident.escalation:
        return None
    entry = Entry(at=now, actor=DAYWATCH, text=late.text)
    workspace.incidents.amend(incident.id, {"escalation": steps}, entry)
    if is_new:
        # Once an episode: nobody is asked again every few minutes.
        workspace.incidents.note(incident, mark, at=now, text=late.text)
    return late.text


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
