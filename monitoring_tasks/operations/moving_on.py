"""Resolved incidents go on by themselves: to their review, or to their end."""

import logging
from datetime import UTC, date, datetime, timedelta

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.domain.findings import VALID
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import MonitoringError, TransientError
from monitoring_tasks.operations.closing import close_incident
from monitoring_tasks.operations.postmortem.reading import due_at
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


def move_on(workspace: Workspace, *, now: datetime) -> list[str]:
    """Let each resolved incident be reviewed, or close it once it stayed away.

    Closed are those that need no review and did not come back within the valid days in
    which trouble of the same cause would have opened them again.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        What was done, a line an incident.
    """
    moved = []
    for incident in workspace.incidents.find(states={IncidentState.RESOLVED}):
        try:
            text = _moved(workspace, incident, now=now)
        except TransientError:
            raise
        except MonitoringError as error:
            # A head of a file nobody can read, a person who was faster: the others go
            # on, and the round has messages to send.
            logger.warning("%s does not move on: %s", incident.id, error)
            continue
        if text:
            moved.append(f"{incident.id}: {text}")
    return moved


def _moved(workspace: Workspace, incident: Incident, *, now: datetime) -> str:
    """Let one resolved incident go on; return what was done, empty for nothing."""
    due = due_at(workspace, incident)
    if due is not None:
        text = f"a post-mortem is due by {due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        entry = Entry(at=now, actor=DAYWATCH, text=text)
        workspace.incidents.take_to(incident.id, IncidentState.REVIEW_DUE, entry)
        return text
    if _stayed_away(workspace, incident, now=now):
        text = "it did not come back, and nothing is to be reviewed"
        entry = Entry(at=now, actor=DAYWATCH, text=text)
        return "" if close_incident(workspace, incident.id, entry).lacks else text
    return ""


def _stayed_away(workspace: Workspace, incident: Incident, *, now: datetime) -> bool:
    """Whether enough valid days have passed since the day that ended an incident.

    The fleet has no days of its own: there calendar days count.
    """
    contract = contract_of(workspace, incident.model)
    if incident.resolved_day is None:
        return False
    if contract is None:
        longest = timedelta(days=AlarmPolicy().reopen_days)
        return now - (incident.resolved_at or now) > longest
    first = incident.resolved_day + timedelta(days=1)
    days = workspace.results.current(incident.model, first, date.max)
    valid = [day for day in days if day.performance in VALID]
    return len(valid) > contract.policy.alarms.reopen_days
