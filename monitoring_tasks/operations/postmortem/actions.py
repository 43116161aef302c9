"""Action items: written down, planned, done, and their issues in Jira."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitoring_tasks.channel_settings import JiraChannel
from monitoring_tasks.domain.incident_actions import (
    ActionItem,
    ActionType,
    by_urgency,
)
from monitoring_tasks.domain.messages import Notice, Occasion, dedup_key
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryRefusedError,
    TransientError,
)
from monitoring_tasks.operations.channels import send_notice
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticketed:
    """An action item, and what became of its issue.

    Attributes:
        action: As it stands.
        fault: Why it has no issue yet, or Jira was not told; empty where it was.
    """

    action: ActionItem
    fault: str = ""


@dataclass
class Synced:
    """What became of the issues of many action items.

    Attributes:
        tickets: Keys of issues by the action item's id; new ones.
        faults: Why Jira was not told, by the action item's id.
    """

    tickets: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def add_action(
    workspace: Workspace,
    incident: str,
    action: ActionType,
    entry: Entry,
    *,
    owner: str = "",
    due: date | None = None,
) -> Ticketed:
    """Write down what is to be done because of an incident; make its issue.

    It is written down first: where Jira does not answer, the issue is made later.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        action: What it is to change.
        entry: Who writes it down and when; its text is what is to be done.
        owner: Who does it; empty while nobody is named.
        due: Until when; None while nobody said.

    Raises:
        LookupError: If there is no such incident.
        ConfigurationError: If nothing is to be done.
    """
    if not entry.text:
        msg = "an action item needs a text: what is to be done"
        raise ConfigurationError(msg)
    item = workspace.incident_work.add_action(
        incident, action, entry, owner=owner.strip(), due=due
    )
    return _with_ticket(workspace, item)


def plan_action(
    workspace: Workspace,
    incident: str,
    action: str,
    entry: Entry,
    *,
    owner: str | None = None,
    due: date | None = None,
) -> Ticketed:
    """Say who does an action item and until when; None leaves it.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        action: Id of the action item, or its end: `action-2` or `2`.
        entry: Who says so and when.
        owner: Who does it.
        due: Until when.

    Raises:
        LookupError: If there is no such action item.
        ConfigurationError: If neither is said.
    """
    change: dict[str, Any] = {"owner": owner.strip()} if owner else {}
    change |= {"due": due} if due else {}
    if not change:
        msg = "say --owner, --due, or both"
        raise ConfigurationError(msg)
    words = ", ".join(f"{name}: {value}" for name, value in change.items())
    return _changed(workspace, incident, action, change, entry, words)


def finish_action(
    workspace: Workspace,
    incident: str,
    action: str,
    entry: Entry,
    *,
    is_verified: bool = False,
) -> Ticketed:
    """Say that an action item is done, or that somebody saw that it works.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        action: Id of the action item, or its end: `action-2` or `2`.
        entry: Who says so, when, and what was done.
        is_verified: Whether somebody saw that it works.

    Raises:
        LookupError: If there is no such action item.
    """
    item = find_action(workspace, incident, action)
    change = {"done_at": item.done_at or entry.at}
    if is_verified:
        change["verified_at"] = item.verified_at or entry.at
    words = "done, and seen to work" if is_verified else "done"
    return _changed(workspace, incident, action, change, entry, words)


def list_actions(
    workspace: Workspace,
    incident: str | None = None,
    *,
    model: str | None = None,
    only_open: bool = False,
) -> list[ActionItem]:
    """List action items, open ones first and by their day.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident; None for all.
        model: Registered model name; None for all.
        only_open: Whether those that are done are left out.
    """
    if incident is not None:
        incident_of(workspace, incident)
    items = workspace.incident_work.actions(incident, model=model)
    return by_urgency([item for item in items if item.is_open or not only_open])


def sync_actions(workspace: Workspace, incident: str | None = None) -> Synced:
    """Make the issues of open action items that have none yet.

    Args:
        workspace: The workspace.
        incident: Id of the incident; None for all.

    Raises:
        ConfigurationError: If no channel of the kind `jira` is declared.
    """
    if jira_of(workspace) is None:
        msg = (
            "no channel of kind jira is declared; add one under `channels` in "
            f"{workspace.settings.home / 'daywatch.yaml'}"
        )
        raise ConfigurationError(msg)
    synced = Synced()
    for item in list_actions(workspace, incident, only_open=True):
        if item.ticket:
            continue
        ticketed = _with_ticket(workspace, item)
        if ticketed.fault:
            synced.faults[item.id] = ticketed.fault
        else:
            synced.tickets[item.id] = ticketed.action.ticket
    return synced


def find_action(workspace: Workspace, incident: str, action: str) -> ActionItem:
    """Return an action item of an incident by its id, or the end of it.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.
        action: Id of the action item, or its end: `action-2` or `2`.

    Raises:
        LookupError: If there is no such action item.
    """
    incident_of(workspace, incident)
    names = {action, f"{incident}-{action}", f"{incident}-action-{action}"}
    for item in workspace.incident_work.actions(incident):
        if item.id in names:
            return item
    msg = (
        f"{incident} has no action item '{action}'; `daywatch postmortem action list "
        f"{incident}` names them"
    )
    raise LookupError(msg)


def jira_of(workspace: Workspace) -> str | None:
    """Return the name of the first channel of kind `jira`; None without one."""
    channels = workspace.settings.channels
    names = [n for n, channel in channels.items() if isinstance(channel, JiraChannel)]
    return min(names, default=None)


def _changed(  # noqa: PLR0917 (handed on)
    workspace: Workspace,
    incident: str,
    action: str,
    change: Mapping[str, Any],
    entry: Entry,
    words: str,
) -> Ticketed:
    item = find_action(workspace, incident, action)
    text = f"{item.text}: {words}" + (f". {entry.text}" if entry.text else "")
    said = Entry(at=entry.at, actor=entry.actor, text=text, origin=entry.origin)
    after = workspace.incident_work.change_action(item.id, change, said)
    if after == item:
        return Ticketed(action=after)
    return _with_ticket(workspace, after, words)


def _with_ticket(workspace: Workspace, item: ActionItem, words: str = "") -> Ticketed:
    """Tell Jira of an action item; its issue is made where there is none."""
    channel = jira_of(workspace)
    if channel is None or (item.ticket and not words):
        return Ticketed(action=item)
    receipt = {"key": item.ticket} if item.ticket else None
    now = workspace.clock.now()
    try:
        notice = _notice(workspace, item, words)
        answer = send_notice(workspace, channel, notice, receipt, now=now)
    except (TransientError, DeliveryRefusedError, ConfigurationError) as error:
        return Ticketed(action=item, fault=f"{channel}: {error}")
    key = str(answer["key"])
    if key == item.ticket:
        return Ticketed(action=item)
    said = Entry(at=now, actor="daywatch", text=f"{item.text}: issue {key}")
    ticket = {"ticket": key}
    return Ticketed(action=workspace.incident_work.change_action(item.id, ticket, said))


def _notice(workspace: Workspace, item: ActionItem, words: str) -> Notice:
    incident = incident_of(workspace, item.incident)
    environment = workspace.settings.environment
    now = workspace.clock.now()
    facts = (
        ("action item", item.id),
        ("type", item.type.value),
        ("owner", item.owner),
        ("due", item.due.isoformat() if item.due else ""),
    )
    return Notice(
        id=f"{item.id}-{now.isoformat()}",
        occasion=Occasion.NOTED,
        key=dedup_key(item.id, environment=environment, reopened=0),
        incident=incident.id,
        model=incident.model,
        environment=environment,
        severity=incident.severity,
        at=now,
        headline=item.text if not words else f"{item.text}: {words}",
        lines=(f"To {item.type} what led to {incident.id}.",),
        facts=tuple((name, value) for name, value in facts if value),
        commands=(f"daywatch postmortem action done {item.incident} {item.id}",),
    )
