"""Asking channels what people did there, where nothing may come in from outside."""

import logging
from datetime import datetime, timedelta

from monitoring_tasks.channel_settings import AnsweringChannel
from monitoring_tasks.connections import read_credentials
from monitoring_tasks.domain.hearing import Heard, Outcome, What
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.hearing import hear, hear_unfinished
from monitoring_tasks.respond.channels.inbound.table import INBOUND
from monitoring_tasks.store.addresses import open_receipts
from monitoring_tasks.transports.http import carry_on
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
FIRST = timedelta(days=1)
"""How far the first question goes back."""
OVERLAP = timedelta(minutes=15)
"""Services show things late, and clocks differ; what was heard is not heard again."""


def ask_channels(workspace: Workspace, *, now: datetime) -> dict[str, int]:
    """Ask every channel that has a `poll_connection`; none of them stops the round.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        How much was heard that changed something, by channel; those left out that
        could not be asked.
    """
    changed: dict[str, int] = {}
    try:
        hear_unfinished(workspace)
    except MonitoringError as error:
        logger.warning("what was left unfinished has to wait: %s", error)
    for name, channel in sorted(workspace.settings.channels.items()):
        if isinstance(channel, AnsweringChannel) and channel.poll_connection:
            try:
                changed[name] = ask_channel(workspace, name, now=now)
            except MonitoringError as error:
                logger.warning("%s could not be asked: %s", name, error)
            except (ValueError, LookupError, TypeError) as error:
                # Of what a service answers only the kind of fault is told.
                fault = type(error).__name__
                logger.warning("%s gave an answer that is none (%s)", name, fault)
    return changed


def ask_channel(workspace: Workspace, name: str, *, now: datetime) -> int:
    """Ask one channel what people did since it was last asked.

    Args:
        workspace: The workspace.
        name: Name of a channel that has a `poll_connection`.
        now: The present instant.

    Returns:
        How much was heard that changed something.

    Raises:
        DeliveryDelayedError: If the service did not answer now.
        DeliveryRefusedError: If it will not answer.
        ConfigurationError: If the connection is not known or cannot be used.
    """
    heard = _ask(workspace, name, now=now)
    changed = 0
    for each in sorted(heard, key=lambda each: (each.at, each.event)):
        outcome = hear(workspace, each)
        changed += outcome is Outcome.DONE and each.what is not What.NAMED
    workspace.heard_events.keep_asked(name, now)
    return changed


def _ask(workspace: Workspace, name: str, *, now: datetime) -> list[Heard]:
    channel = workspace.settings.channels[name]
    if not isinstance(channel, AnsweringChannel) or not channel.poll_connection:
        return []
    receipts = open_receipts(workspace.database, name)
    if not receipts:
        return []
    credentials = read_credentials(channel.poll_connection, workspace.look_up)
    asked = workspace.heard_events.asked_until(name)
    since = (asked - OVERLAP) if asked else now - FIRST
    poll = INBOUND[channel.kind].poll
    exchange = poll(channel, name, credentials, receipts, since=min(since, now))
    answer = carry_on(exchange, credentials, now=now)
    return list(answer["heard"])
