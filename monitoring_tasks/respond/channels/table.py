"""Every kind of channel in a row: what it is told, and how it is spoken to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitoring_tasks.channel_settings import ChannelSettings
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.respond.channels import (
    apprise,
    confluence,
    email,
    jira,
    jsm,
    opsgenie,
    pagerduty,
    slack,
    teams,
    webhook,
)
from monitoring_tasks.respond.channels.lengths import plain_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What a kind of channel is.

    Attributes:
        tells: Occasions it is told; of all others it hears nothing.
        is_stream: Whether its messages are read one after the other, so that one may
            cover what was waiting when it was composed; else it shows a state, or
            every message moves something, and it needs each in its order.
        has_threads: Whether what is a part of an incident follows its message: an alias
            move is then given the incident's receipt.
        converse: The conversation over HTTP; None for mail and Apprise.
    """

    tells: frozenset[Occasion]
    is_stream: bool = False
    has_threads: bool = False
    converse: Callable[..., Exchange] | None = None


KINDS = {
    "pagerduty": ChannelKind(tells=pagerduty.TELLS, converse=pagerduty.exchange),
    "jsm": ChannelKind(tells=jsm.TELLS, converse=jsm.exchange),
    "opsgenie": ChannelKind(tells=opsgenie.TELLS, converse=opsgenie.exchange),
    "jira": ChannelKind(tells=jira.TELLS, converse=jira.exchange),
    "confluence": ChannelKind(tells=confluence.TELLS, converse=confluence.exchange),
    "slack": ChannelKind(tells=slack.TELLS, has_threads=True, converse=slack.exchange),
    "teams": ChannelKind(tells=teams.TELLS, is_stream=True, converse=teams.exchange),
    "webhook": ChannelKind(tells=webhook.TELLS, converse=webhook.exchange),
    "email": ChannelKind(tells=email.TELLS, is_stream=True),
    "apprise": ChannelKind(tells=apprise.TELLS, is_stream=True),
}
"""By `kind` in the settings."""


def begin(
    notice: Notice,
    channel: ChannelSettings,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,
) -> Exchange:
    """Begin the conversation in which a channel over HTTP is told of a notice.

    Args:
        notice: What to tell.
        channel: Whom.
        credentials: What opens it.
        receipt: What the channel's last conversation about the incident returned; None
            for the first.
        now: When it is sent; aware.

    Raises:
        KeyError: If the channel does not speak HTTP.
    """
    converse = KINDS[channel.kind].converse
    if converse is None:
        raise KeyError(channel.kind)
    return converse(plain_notice(notice), channel, credentials, receipt, now=now)
