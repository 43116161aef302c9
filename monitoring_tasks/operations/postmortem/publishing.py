"""Publishing a post-mortem as a Confluence page."""

from monitoring_tasks.channel_settings import ConfluenceChannel
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.learn.postmortem.rendering import storage_of
from monitoring_tasks.operations.channels import channel_of, credentials_of
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.postmortem.drafting import postmortem_of
from monitoring_tasks.respond.channels.confluence import Page, publication
from monitoring_tasks.transports.http import carry_on
from monitoring_tasks.workspace.workspace import Workspace

PUBLISHED = "published-"
"""How the names of events begin that say where a post-mortem was published."""


def publish_postmortem(
    workspace: Workspace, incident: str, channel: str, *, actor: str
) -> JsonObject:
    """Write the post-mortem of an incident to its page, as people left it.

    The same page each time; what stands below its heading `Notes` stays.

    Args:
        workspace: The workspace.
        incident: Its id.
        channel: Name of a channel of kind `confluence`.
        actor: Who publishes it.

    Returns:
        Id and version of the page.

    Raises:
        LookupError: If there is no such incident.
        NoDataError: If it has no post-mortem yet.
        ConfigurationError: If the channel is of another kind, or not there.
    """
    about = incident_of(workspace, incident)
    read = postmortem_of(workspace, incident)
    if read is None:
        msg = f"{incident} has no post-mortem; `daywatch postmortem draft {incident}`"
        raise NoDataError(msg)
    declared = channel_of(workspace.settings, channel)
    if not isinstance(declared, ConfluenceChannel):
        msg = f"channel '{channel}' is of kind {declared.kind}; name one of confluence"
        raise ConfigurationError(msg)
    now = workspace.clock.now()
    page = Page(
        title=f"Post-mortem: {incident} ({workspace.settings.environment})",
        storage=storage_of(read.body),
        message=f"{about.severity} {about.id}, {read.status}",
    )
    credentials = credentials_of(declared, workspace.look_up)
    receipt = _receipt(workspace, incident, channel)
    exchange = publication(page, declared, credentials, receipt)
    answer = carry_on(exchange, credentials, now=now)
    text = f"post-mortem published to {channel}, page {answer['page']}"
    workspace.incident_work.tell(
        incident,
        f"{PUBLISHED}{channel}-{answer['version']}",
        Entry(at=now, actor=actor, text=text),
        {"channel": channel, **answer},
    )
    return answer


def _receipt(workspace: Workspace, incident: str, channel: str) -> JsonObject | None:
    for event in reversed(workspace.incidents.events(incident)):
        is_there = event["event"].startswith(PUBLISHED)
        if is_there and event["detail"].get("channel") == channel:
            return {"page": event["detail"]["page"]}
    return None
