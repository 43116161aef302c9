"""Telling of messages that do not get through, by the channels that do."""

from dataclasses import replace
from datetime import datetime

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import URGENT, Occasion
from monitoring_tasks.domain.outbox import OVERDUE, Message, News
from monitoring_tasks.respond.channels.table import KINDS
from monitoring_tasks.workspace.workspace import Workspace


def raise_alarm(
    workspace: Workspace, message: Message, fault: str, *, is_dead: bool, now: datetime
) -> list[str]:
    """Tell all other channels of a message that was given up or is long overdue.

    Once when an urgent one is overdue, and once when any is given up. Of an alarm that
    fails nothing is told: it would go round in circles.

    Args:
        workspace: The workspace.
        message: After the failed attempt.
        fault: Why it failed, without secrets.
        is_dead: Whether it was given up.
        now: When it failed.

    Returns:
        Ids of the alarms; none where there is nothing to tell, or nobody else.
    """
    if message.occasion is Occasion.DEAD_LETTER:
        return []
    waited = now - (message.composed_at or now)
    is_overdue = message.occasion in URGENT and waited >= OVERDUE
    if not is_dead and not is_overdue:
        return []
    state = "dead" if is_dead else "waiting"
    key = f"undelivered:{message.id}:{state}"
    return _post(workspace, message, fault, state=state, key=key, now=now)


def tell_of_bare(
    workspace: Workspace, message: Message, fault: str, *, now: datetime
) -> list[str]:
    """Tell all other channels of a message that could be told in bare words alone.

    Once a channel, in however many channels the same news fails. Of an alarm nothing is
    told: it would go round in circles.

    Args:
        workspace: The workspace.
        message: The message.
        fault: Why it cannot be written.
        now: When it failed.

    Returns:
        Ids of the alarms.
    """
    if message.occasion is Occasion.DEAD_LETTER:
        return []
    news = f"{_about(message)}:{message.occasion}:{message.created_at.isoformat()}"
    key = f"bare:{news}"
    return _post(workspace, message, fault, state="bare", key=key, now=now)


def _post(
    workspace: Workspace,
    message: Message,
    fault: str,
    *,
    state: str,
    key: str,
    now: datetime,
) -> list[str]:
    others = [
        name
        for name, channel in workspace.settings.channels.items()
        if name != message.channel and Occasion.DEAD_LETTER in KINDS[channel.kind].tells
    ]
    return workspace.outbox.post(
        News(
            occasion=Occasion.DEAD_LETTER,
            subject=_subject(message, fault, state=state),
            model=message.model,
            severity=Severity.P1,
            at=now,
            key=key,
        ),
        others,
    )


def tell_overdue(workspace: Workspace, *, now: datetime) -> list[str]:
    """Tell of urgent messages that wait for too long, also those never tried.

    One that stands behind another, or was put off by the channel, fails no attempt.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        Ids of the alarms.
    """
    alarms = []
    for message in workspace.outbox.waiting():
        since = message.composed_at or message.due_at
        is_late = message.occasion in URGENT and now - since >= OVERDUE
        if is_late and not message.is_gathered:
            late = replace(message, composed_at=since)
            fault = message.fault or "it waits behind another message"
            alarms += raise_alarm(workspace, late, fault, is_dead=False, now=now)
    return alarms


def _subject(message: Message, fault: str, *, state: str) -> dict[str, object]:
    return {
        "id": message.id,
        "channel": message.channel,
        "severity": message.severity,
        "about": _about(message),
        "state": state,
        "attempts": message.attempts,
        "fault": fault,
        "headline": (message.notice or {}).get("headline", message.occasion.value),
    }


def _about(message: Message) -> str:
    if message.occasion is Occasion.CANARY:
        return "the daily test of the channel"
    return message.incident or message.model
