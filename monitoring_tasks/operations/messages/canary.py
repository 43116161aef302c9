"""The daily proof that people can be reached: a canary through every routed channel."""

from datetime import datetime, timedelta

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import Message, MessageState, News
from monitoring_tasks.domain.paging import FLEET
from monitoring_tasks.operations.anchors import chain_heads
from monitoring_tasks.respond.channels.table import KINDS
from monitoring_tasks.workspace.routing import contract_of, rules_for
from monitoring_tasks.workspace.workspace import Workspace

LATEST = timedelta(hours=2)
"""A canary that is not delivered so long after it was sent out is missing."""


def send_canary(workspace: Workspace, *, now: datetime) -> list[str]:
    """Write today's canary for every channel that some rule names; once a day.

    It carries the heads of the chains, so that a chain written anew is found out by
    whoever keeps the messages.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        Ids of its messages.
    """
    key = f"canary:{now:%Y-%m-%d}"
    if workspace.outbox.has(key, workspace.settings.channels):
        return []
    channels = [
        name
        for name in routed_channels(workspace)
        if Occasion.CANARY in KINDS[workspace.settings.channels[name].kind].tells
    ]
    news = News(
        occasion=Occasion.CANARY,
        subject={"heads": chain_heads(workspace)},
        model=FLEET,
        severity=Severity.P3,
        at=now,
        key=key,
    )
    return workspace.outbox.post(news, channels)


def missing_canaries(workspace: Workspace, *, now: datetime) -> list[Message]:
    """Return the canaries that should have been delivered by now and were not.

    Args:
        workspace: The workspace; only read.
        now: The present instant.
    """
    outbox = workspace.outbox
    unsent = outbox.find(MessageState.WAITING, MessageState.DEAD)
    return [
        message
        for message in unsent
        if message.occasion is Occasion.CANARY and now - message.created_at >= LATEST
    ]


def routed_channels(workspace: Workspace) -> list[str]:
    """Return the names of all channels that some rule sends to, in their order.

    Args:
        workspace: The workspace; only read.
    """
    settings = workspace.settings
    paths = contract_files(settings.expectations)
    contracts = [contract_of(workspace, path.parent.name) for path in paths]
    named: set[str] = set()
    for contract in (None, *contracts):
        named.update(n for rule in rules_for(contract, settings) for n in rule.to)
        if contract is not None:
            named.update(n for step in contract.notify.escalation for n in step.to)
    return [name for name in settings.channels if name in named]
