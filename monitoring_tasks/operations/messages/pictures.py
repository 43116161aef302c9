"""The chart of a mail: how the number that decided the day went."""

import logging

from monitoring_tasks.domain.messages import BEGINNINGS, Occasion
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
CHARTED = BEGINNINGS | {Occasion.RAISED}
CHART_KINDS = frozenset({"email"})
"""Kinds of channels that show a picture."""


def chart_for(workspace: Workspace, message: Message) -> bytes | None:
    """Return the chart of an incident's latest judged day as PNG; None for none.

    A chart that cannot be drawn never holds a message back: it is logged.

    Args:
        workspace: The workspace; only read.
        message: The message it goes with.
    """
    channel = workspace.settings.channels.get(message.channel)
    is_charted = channel is not None and channel.kind in CHART_KINDS
    if not is_charted or message.occasion not in CHARTED or message.is_gathered:
        return None
    try:
        return _chart(workspace, message.incident or "")
    except Exception:
        logger.exception("no chart for %s", message.incident)
        return None


def _chart(workspace: Workspace, incident: str) -> bytes | None:
    keys = [
        event["detail"]["evaluation"]
        for event in workspace.incidents.events(incident)
        if "evaluation" in event["detail"]
    ]
    if not keys:
        return None
    from monitoring_tasks.report.pictures import performance_picture  # noqa: PLC0415
    from monitoring_tasks.report.step import gather  # noqa: PLC0415 (seconds)

    return performance_picture(gather(Day(workspace, Unit.from_key(keys[-1]))))
