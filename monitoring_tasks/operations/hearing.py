"""What a person did in a channel, brought back to the incident: once."""

import logging
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.domain.hearing import (
    OVER,
    UNSETTLED,
    Address,
    Heard,
    Outcome,
    What,
    why_late,
)
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.operations.incidents import (
    acknowledge_incident,
    move_incident,
    note_incident,
    said_now,
)
from monitoring_tasks.respond.channels.inbound.table import INBOUND
from monitoring_tasks.store.addresses import address_of
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
FORGOTTEN = timedelta(minutes=1)
"""What nobody acted on for so long was left behind by a process that died."""
EARLY = timedelta(minutes=30)
"""For so long it is asked again whether what nobody knew is known."""


class Answer(NamedTuple):
    """What became of something that was heard.

    Attributes:
        outcome: What became of it.
        incident: Id of the incident; None where it is not known.
        reason: Why it changed nothing; empty where it did.
    """

    outcome: Outcome
    incident: str | None = None
    reason: str = ""


def hear(workspace: Workspace, heard: Heard) -> Outcome:
    """Bring what a person did in a channel back to the incident.

    It is written down before it is acted on, and what became of it afterwards. Whoever
    dies in between is followed by somebody who acts again: each act says nothing new
    the second time, so there is one line on the time line.

    Args:
        workspace: The workspace.
        heard: What was heard, with the proof behind it checked.

    Returns:
        What became of it.

    Raises:
        SourceUnavailableError: If the store is away; it is to be heard again.
    """
    is_of_a_chat = not (heard.other or heard.key)
    if is_of_a_chat and _address_of(workspace, heard) is None:
        # What people say elsewhere in a chat is no business of ours, and is not kept.
        return Outcome.UNKNOWN
    before = workspace.heard_events.begin(heard, now=SYSTEM_CLOCK.now())
    if before not in UNSETTLED:
        return Outcome.REPEATED
    answer = _answer(workspace, heard)
    workspace.heard_events.end(
        heard, answer.outcome, incident=answer.incident, reason=answer.reason
    )
    # Texts are people's own, and stay out of the log.
    logger.info("%s heard through %s: %s", heard.what, heard.channel, answer.outcome)
    if heard.other and heard.value and answer.incident is not None:
        _hear_what_waited(workspace, heard)
    return answer.outcome


def hear_unfinished(workspace: Workspace) -> int:
    """Act on what was left behind or came too early; return how much was settled."""
    now = SYSTEM_CLOCK.now()
    unfinished = workspace.heard_events.unfinished(
        before=now - FORGOTTEN, since=now - EARLY
    )
    outcomes = [hear(workspace, heard) for heard in unfinished]
    return sum(outcome not in UNSETTLED for outcome in outcomes)


def _hear_what_waited(workspace: Workspace, named: Heard) -> None:
    """Act on what came before anybody could tell which incident it was about."""
    for heard in workspace.heard_events.unknown(named.channel, named.other):
        if not heard.value:
            hear(workspace, heard)


def _answer(workspace: Workspace, heard: Heard) -> Answer:
    address = _address_of(workspace, heard)
    incident = workspace.incidents.get(address.incident) if address else None
    if address is None or incident is None:
        return Answer(Outcome.UNKNOWN, reason="no message is known that it is about")
    reason = why_late(heard, incident, address)
    if reason:
        return Answer(Outcome.LATE, incident.id, reason)
    try:
        outcome = _act(workspace, heard, incident)
    except IllegalTransitionError as error:
        return _turned_down(workspace, heard, incident, error)
    return Answer(outcome, incident.id)


def _address_of(workspace: Workspace, heard: Heard) -> Address | None:
    database, channel = workspace.database, heard.channel
    if heard.value:
        address = address_of(database, channel, heard.field, heard.value)
        if address is not None:
            return address
    # A note of PagerDuty's names its incident in PagerDuty's own way alone.
    mark = heard.other and workspace.heard_events.mark_of(channel, heard.other)
    return address_of(database, channel, *mark) if mark else None


def _act(workspace: Workspace, heard: Heard, incident: Incident) -> Outcome:
    """Do what was heard; doing it again changes nothing."""
    entry = _entry(workspace, heard)
    if heard.what is What.NAMED:
        return Outcome.DONE
    if heard.what is What.NOTED:
        note_incident(workspace, incident.id, entry, event=_name_of(heard))
        return Outcome.DONE
    if heard.what is What.ACKNOWLEDGED:
        after = acknowledge_incident(workspace, incident.id, entry)
    elif incident.state in OVER:
        return Outcome.ALREADY
    else:
        after = move_incident(workspace, incident.id, IncidentState.RESOLVED, entry)
    return Outcome.ALREADY if after == incident else Outcome.DONE


def _turned_down(
    workspace: Workspace,
    heard: Heard,
    incident: Incident,
    error: IllegalTransitionError,
) -> Answer:
    """Say on the time line what cannot be done here, though it was done there."""
    now = workspace.incidents.get(incident.id) or incident
    if not now.is_active:
        return Answer(Outcome.LATE, now.id, f"the incident was {now.state} by then")
    entry = _entry(workspace, heard)
    told = replace(entry, text=f"{entry.text}; not so here: {error}")
    note_incident(workspace, now.id, told, event=_name_of(heard))
    return Answer(Outcome.REFUSED, now.id, str(error))


def _entry(workspace: Workspace, heard: Heard) -> Entry:
    channel = workspace.settings.channels.get(heard.channel)
    place = INBOUND[channel.kind].place if channel else heard.channel
    said = f": {heard.text}" if heard.text else ""
    when = f"{heard.at:%Y-%m-%d %H:%M} UTC"
    text = f"{heard.what} in {place} by {heard.who}, {when}{said}"
    return said_now(workspace, text, actor=heard.who, origin=heard.channel)


def _name_of(heard: Heard) -> str:
    """Return the name of the line on the time line, the same at every hearing."""
    digest = sha256(f"{heard.channel} {heard.event}".encode()).hexdigest()[:16]
    return f"heard-{digest}"
