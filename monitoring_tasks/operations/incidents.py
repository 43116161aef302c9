"""What a person says of an incident: who takes it on, what became of it."""

from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.silences import Silence
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.silences import SilenceScope, add_silence
from monitoring_tasks.workspace.workspace import Workspace

ROLES = ("commander", "scribe", "assignee")


def said_now(workspace: Workspace, text: str, *, actor: str, origin: str = "") -> Entry:
    """Return what somebody says now, as it stands on a time line.

    Args:
        workspace: The workspace, for its clock.
        text: What is said.
        actor: Who says it.
        origin: Channel it came through; empty for none.
    """
    at = workspace.clock.now()
    return Entry(at=at, actor=person(actor), text=text.strip(), origin=origin)


def acknowledge_incident(
    workspace: Workspace,
    incident: str,
    entry: Entry,
    *,
    expected: int | None = None,
) -> Incident:
    """Take an incident on: who acknowledges works on it until somebody else is named.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says so, when and what.
        expected: The revision at which it was read; None for whichever it has.

    Raises:
        LookupError: If there is no such incident.
        IllegalTransitionError: If it is past being acknowledged.
    """
    stored = incident_of(workspace, incident)
    if stored.is_active and stored.state is not IncidentState.OPEN:
        # Something was done about it already: that somebody is on it is news too.
        change = {"acknowledged_at": stored.acknowledged_at or entry.at}
        taken = workspace.incidents.amend(incident, change, entry, expected=expected)
    else:
        taken = workspace.incidents.take_to(
            incident, IncidentState.ACKNOWLEDGED, entry, expected=expected
        )
    if taken.assignee is not None:
        return taken
    named = replace(entry, text=f"{entry.actor} works on it")
    return workspace.incidents.amend(incident, {"assignee": entry.actor}, named)


def move_incident(
    workspace: Workspace,
    incident: str,
    state: IncidentState,
    entry: Entry,
    *,
    expected: int | None = None,
) -> Incident:
    """Say what became of an incident: resolved, a false alarm, or open after all.

    Args:
        workspace: The workspace.
        incident: Its id.
        state: What became of it.
        entry: Who says so, when and why.
        expected: The revision at which it was read; None for whichever it has.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If it cannot come to that state from where it stands.
    """
    require_reason(entry.text)
    return workspace.incidents.take_to(incident, state, entry, expected=expected)


def assign_incident(
    workspace: Workspace,
    incident: str,
    entry: Entry,
    *,
    assignee: str | None = None,
    commander: str | None = None,
    scribe: str | None = None,
) -> Incident:
    """Name who works on an incident, who leads, who writes; None leaves it.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says so and when; its text is made from what changes.
        assignee: Who works on it.
        commander: Who leads the response.
        scribe: Who keeps the time line.

    Raises:
        ConfigurationError: If nobody is named.
        LookupError: If there is no such incident.
    """
    named = dict(zip(ROLES, (commander, scribe, assignee), strict=True))
    change = {role: name.strip() for role, name in named.items() if name}
    if not change:
        msg = "name somebody: --to, --commander or --scribe"
        raise ConfigurationError(msg)
    words = ", ".join(f"{role}: {name}" for role, name in change.items())
    text = f"{words}. {entry.text}" if entry.text else words
    return workspace.incidents.amend(incident, change, replace(entry, text=text))


def note_incident(
    workspace: Workspace, incident: str, entry: Entry, *, event: str = ""
) -> Incident:
    """Write what a person has to say on an incident's time line.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says what, and when.
        event: Names the line, for what may be heard twice.

    Raises:
        ConfigurationError: If nothing is said.
        LookupError: If there is no such incident.
    """
    if not entry.text:
        msg = "a note needs a text"
        raise ConfigurationError(msg)
    return workspace.incidents.comment(incident, entry, event=event)


def merge_incidents(
    workspace: Workspace,
    incident: str,
    into: str,
    entry: Entry,
    *,
    expected: int | None = None,
) -> Incident:
    """Make an incident a part of another one, which speaks for it from then on.

    Args:
        workspace: The workspace.
        incident: Its id.
        into: Id of the other.
        entry: Who says so, when and why.
        expected: The revision at which it was read; None for whichever it has.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If one of them is over, or they are the same.
    """
    require_reason(entry.text)
    return workspace.incidents.merge(incident, into, entry, expected=expected)


def silence_incident(
    workspace: Workspace, incident: str, entry: Entry, *, days: int
) -> Silence:
    """Page nobody about an incident's model and cause for some days.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says so and why.
        days: For how many days, from the model's newest evaluation on.

    Raises:
        ConfigurationError: If it is a P0, or the silence lasts too long.
        LookupError: If there is no such incident.
    """
    silenced = incident_of(workspace, incident)
    return add_silence(
        workspace,
        silenced.model,
        SilenceScope(cause=silenced.cause, severity_at_most=silenced.severity),
        until=timedelta(days=days),
        reason=entry.text,
        actor=entry.actor,
    )


def reclassify_incident(
    workspace: Workspace,
    incident: str,
    *,
    cause: Cause | None,
    severity: Severity | None,
    reason: str,
    actor: str,
) -> Incident:
    """Overrule the cause or severity of an incident; Daywatch's own stay beside.

    Args:
        workspace: The workspace.
        incident: Its id.
        cause: The cause that is right; None leaves it.
        severity: The severity that is right, a lower one included; None leaves it.
        reason: Why; kept on its time line.
        actor: Who says so.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If another incident is active for that cause.
    """
    require_reason(reason)
    return workspace.incidents.reclassify(
        incident,
        cause=cause,
        severity=severity,
        at=workspace.clock.now(),
        actor=actor,
        text=reason.strip(),
    )


def incident_of(workspace: Workspace, incident: str) -> Incident:
    """Return an incident as it stands now.

    Args:
        workspace: The workspace.
        incident: Its id.

    Raises:
        LookupError: If there is no such incident.
    """
    stored = workspace.incidents.get(incident)
    if stored is None:
        msg = f"there is no incident '{incident}'; `daywatch incident list` names all"
        raise LookupError(msg)
    return stored
