"""What waits in the outbox, and what a person makes of it."""

from typing import Any

from monitoring_tasks.domain.outbox import Message, MessageState
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.workspace.workspace import Workspace

UNSENT = (MessageState.WAITING, MessageState.DEAD)
LISTED = 200
"""So many messages are listed at most: the newest."""


def outbox_view(
    workspace: Workspace, *states: MessageState, incident: str | None = None
) -> list[dict[str, Any]]:
    """List messages, oldest first, `LISTED` at most.

    Args:
        workspace: The workspace; only read.
        *states: Where they stand; none given for those that were not sent.
        incident: Id of the incident they are about; None for any.
    """
    messages = workspace.outbox.find(
        *(states or UNSENT), incident=incident, limit=LISTED
    )
    return [
        {
            "id": message.id,
            "number": message.number,
            "channel": message.channel,
            "occasion": message.occasion.value,
            "about": message.incident or message.model,
            "severity": message.severity,
            "state": message.state.value,
            "created_at": message.created_at,
            "due_at": message.due_at,
            "attempts": message.attempts,
            "fault": message.fault,
            "sent_at": message.sent_at,
            "covered_by": message.covered_by,
            "headline": (message.notice or {}).get("headline"),
        }
        for message in messages
    ]


def retry_messages(workspace: Workspace, ids: list[str]) -> list[str]:
    """Let messages be tried at once that wait or were given up.

    Args:
        workspace: The workspace.
        ids: Theirs, or their beginnings; none for all that were given up.

    Returns:
        Their ids.

    Raises:
        LookupError: If there is no such message.
        ConfigurationError: If one was sent, or an id fits several.
    """
    if ids:
        messages = [_unsent(workspace, text) for text in ids]
    else:
        messages = workspace.outbox.find(MessageState.DEAD)
    now = workspace.clock.now()
    for message in messages:
        workspace.outbox.retry(message.id, now=now)
    return [message.id for message in messages]


def drop_message(workspace: Workspace, text: str, *, reason: str, actor: str) -> str:
    """Give a message up for good; it stays in the list, with who said so and why.

    Args:
        workspace: The workspace.
        text: Its id, or the beginning of it.
        reason: Why.
        actor: Who says so.

    Returns:
        Its id.

    Raises:
        LookupError: If there is no such message.
        ConfigurationError: If it was sent, or the reason says nothing.
    """
    require_reason(reason)
    message = _unsent(workspace, text)
    workspace.outbox.drop(message.id, fault=f"{person(actor)}: {reason.strip()}")
    return message.id


def _unsent(workspace: Workspace, text: str) -> Message:
    fitting = workspace.outbox.beginning_with(text) if text else []
    if not fitting:
        msg = f"there is no message '{text}'; `daywatch outbox list --all` names all"
        raise LookupError(msg)
    if len(fitting) > 1:
        msg = f"'{text}' begins {len(fitting)} ids; write more of it"
        raise ConfigurationError(msg)
    if fitting[0].state not in {*UNSENT, MessageState.DROPPED}:
        msg = f"message {fitting[0].id} was {fitting[0].state} already"
        raise ConfigurationError(msg)
    return fitting[0]
