"""The digest of a channel: what was gathered for it, told once."""

from collections.abc import Sequence
from datetime import datetime

from monitoring_tasks.domain.messages import Notice
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.respond.fleet_notices import digest_notice
from monitoring_tasks.workspace.workspace import Workspace


def compose_digest(
    workspace: Workspace, messages: Sequence[Message], *, at: datetime
) -> Notice:
    """Return what a digest says, as things stand now.

    Args:
        workspace: The workspace; only read.
        messages: What was gathered for one channel, by number.
        at: When it is sent.
    """
    ids = list(dict.fromkeys(m.incident for m in messages if m.incident))
    stored = {incident.id: incident for incident in workspace.incidents.named(ids)}
    incidents = [stored[incident] for incident in ids if incident in stored]
    environment = workspace.settings.environment
    return digest_notice(messages, incidents, environment=environment, at=at)
