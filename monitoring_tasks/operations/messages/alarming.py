"""Telling of messages that do not get through, by the channels that do."""

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
            key=f"undelivered:{message.id}:{state}",
        ),
        others,
    )


def _subject(message: Message, fault: str, *, state: str) -> dict[str, object]:
    return {
        "id": message.id,
        "channel": message.channel,
        "severity": message.severity,
        "about": message.incident or message.model,
        "state": state,
        "attempts": message.attempts,
        "fault": fault,
        "headline": (message.notice or {}).get("headline", message.occasion.value),
    }
