"""Telling people: one notice through one channel, and what channels there are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from monitoring_tasks.channel_settings import (
    AppriseChannel,
    ChannelSettings,
    ConfluenceChannel,
    EmailChannel,
    JiraChannel,
    JsmChannel,
    OpsgenieChannel,
    PagerDutyChannel,
    SlackChannel,
    TeamsChannel,
    WebhookChannel,
)
from monitoring_tasks.connections import (
    Credentials,
    find_connection,
    read_credentials,
)
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion, dedup_key
from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.channels import apprise, email
from monitoring_tasks.respond.channels.lengths import plain_notice
from monitoring_tasks.respond.channels.table import KINDS, begin
from monitoring_tasks.settings import ConnectionLookup, Settings
from monitoring_tasks.transports.apprise import send_plain
from monitoring_tasks.transports.http import carry_on
from monitoring_tasks.transports.smtp import send_mail
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """A channel as it may be shown.

    Attributes:
        name: Its name.
        kind: What it is.
        connection: Name of its connection.
        source: Where the connection was written; empty where nobody knows it.
        problem: Why it cannot be used, and the remedy; empty where it can.
        tells: Occasions it is told.
    """

    name: str
    kind: str
    connection: str
    source: str
    problem: str
    tells: tuple[str, ...]


def channel_of(settings: Settings, name: str) -> ChannelSettings:
    """Return a channel by its name.

    Args:
        settings: Where channels are declared.
        name: Its name.

    Raises:
        ConfigurationError: If there is none of that name.
    """
    try:
        return settings.channels[name]
    except KeyError:
        near = did_you_mean(name, settings.channels)
        msg = (
            f"there is no channel '{name}'{near}; declare it under `channels` in "
            f"{settings.home / 'daywatch.yaml'}"
        )
        raise ConfigurationError(msg) from None


def credentials_of(
    channel: ChannelSettings, look_up: ConnectionLookup | None
) -> Credentials:
    """Return what opens a channel.

    Args:
        channel: The channel.
        look_up: From a connection's name to its URL, e.g. Airflow's connections.

    Raises:
        ConfigurationError: If a connection is not known or cannot be read.
    """
    credentials = read_credentials(channel.connection, look_up)
    if isinstance(channel, WebhookChannel) and channel.signing_connection:
        signing = read_credentials(channel.signing_connection, look_up)
        secret = {"secret": signing.password or signing.url}
        return replace(credentials, extra={**credentials.extra, **secret})
    return credentials


def send_notice(
    workspace: Workspace,
    name: str,
    notice: Notice,
    receipt: JsonObject | None = None,
    *,
    now: datetime,
    chart: bytes | None = None,
) -> JsonObject:
    """Tell one channel of one notice; what it is not told of, it is not sent.

    Sent at least once: after an error nobody may know whether it came through, and the
    same notice is sent again.

    Args:
        workspace: Settings and connections.
        name: Name of the channel.
        notice: What to tell.
        receipt: What the last call about the same incident and channel returned; None
            for the first.
        now: When it is sent; aware.
        chart: A PNG for channels that can show one.

    Returns:
        What the next call about the same incident and channel is to be given.

    Raises:
        ConfigurationError: If the channel or its connection is not there.
        DeliveryRefusedError: If the channel will not take the notice.
        DeliveryDelayedError: If it did not take it now.
    """
    channel = channel_of(workspace.settings, name)
    if notice.occasion not in KINDS[channel.kind].tells:
        return receipt or {}
    credentials = credentials_of(channel, workspace.look_up)
    match channel:
        case EmailChannel():
            return _send_mail(
                notice, channel, credentials, receipt, now=now, chart=chart
            )
        case AppriseChannel():
            message = apprise.compose(plain_notice(notice))
            send_plain(message.title, message.body, message.kind, credentials)
            return {"sent_at": now.isoformat()}
        case (
            PagerDutyChannel()
            | OpsgenieChannel()
            | JsmChannel()
            | JiraChannel()
            | ConfluenceChannel()
            | SlackChannel()
            | TeamsChannel()
            | WebhookChannel()
        ):
            exchange = begin(notice, channel, credentials, receipt, now=now)
            return carry_on(exchange, credentials, now=now)
        case _:
            assert_never(channel)


def send_test(workspace: Workspace, name: str, *, actor: str) -> JsonObject:
    """Send a notice through a channel that says that it is a test; return the receipt.

    Args:
        workspace: Settings and connections.
        name: Name of the channel.
        actor: Who asks for it.
    """
    now = workspace.clock.now()
    notice = _test_notice(workspace.settings, name, actor=actor, at=now)
    return send_notice(workspace, name, notice, now=now)


def list_channels(workspace: Workspace) -> tuple[ChannelView, ...]:
    """Return every channel, and whether its connection is known; nothing is sent."""
    settings = workspace.settings
    return tuple(
        _view(name, channel, workspace.look_up)
        for name, channel in sorted(settings.channels.items())
    )


def _send_mail(
    notice: Notice,
    channel: EmailChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,
    chart: bytes | None,
) -> JsonObject:
    envelope = email.envelope_of(channel, credentials)
    mail = email.compose(plain_notice(notice), envelope, receipt, now=now, chart=chart)
    rehearsal = notice.occasion is Occasion.CANARY
    outcome = send_mail(mail, credentials, rehearsal=rehearsal)
    if rehearsal:
        return {**(receipt or {}), **outcome}
    subject = str(mail["Subject"]).removeprefix("Re: ")
    return {"message_id": str(mail["Message-ID"]), "subject": subject, **outcome}


def _test_notice(settings: Settings, name: str, *, actor: str, at: datetime) -> Notice:
    about = f"test-{name}"
    return Notice(
        id=f"{about}-{at.isoformat()}",
        occasion=Occasion.TEST,
        key=dedup_key(about, environment=settings.environment, reopened=0),
        model="*",
        environment=settings.environment,
        severity=Severity.P3,
        at=at,
        headline=f"TEST of the channel '{name}': nothing is wrong, nobody has to act",
        lines=(
            f"{actor} asked for this with `daywatch notify test {name}`.",
            "If you can read it, Daywatch can reach you here.",
        ),
    )


def _view(
    name: str, channel: ChannelSettings, look_up: ConnectionLookup | None
) -> ChannelView:
    source, problem = "", ""
    try:
        source = find_connection(channel.connection, look_up).source
        credentials = credentials_of(channel, look_up)
        if isinstance(channel, EmailChannel):
            email.envelope_of(channel, credentials)
    except ConfigurationError as error:
        problem = str(error)
    return ChannelView(
        name=name,
        kind=channel.kind,
        connection=channel.connection,
        source=source,
        problem=problem,
        tells=tuple(sorted(KINDS[channel.kind].tells)),
    )
