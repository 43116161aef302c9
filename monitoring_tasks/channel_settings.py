"""What `channels` in `daywatch.yaml` may say: whom Daywatch tells, and how.

No secret stands here: `connection` names where it lies.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SMTP_VARIABLE = "DAYWATCH_SMTP_URL"
WEBHOOK_VARIABLE = "DAYWATCH_WEBHOOK_URL"
WEBHOOK_SECRET_VARIABLE = "DAYWATCH_WEBHOOK_SECRET"  # noqa: S105 (a variable's name)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be spoken to without TLS: nothing leaves the machine."""


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        msg = "a channel's name has lower-case letters, digits, _ and - only"
        raise ValueError(msg)
    return name


def _checked_connection(name: str) -> str:
    if "://" in name or not re.fullmatch(r"(env:)?[A-Za-z0-9_]+", name):
        msg = (
            "names a connection (letters, digits, _), or a variable as env:NAME; "
            "its secret lies in the environment or in Airflow, never here"
        )
        raise ValueError(msg)
    return name


def _checked_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        msg = "an address begins with https://"
        raise ValueError(msg)
    if parts.username or parts.password or parts.query:
        msg = "an address holds no login and no key; name a connection that does"
        raise ValueError(msg)
    return url.rstrip("/")


def _checked_mailbox(address: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address):
        msg = "a mail address is written as name@example.org"
        raise ValueError(msg)
    return address


ChannelName = Annotated[str, AfterValidator(_checked_name)]
ConnectionName = Annotated[str, AfterValidator(_checked_connection)]
Address = Annotated[str, AfterValidator(_checked_address)]
Mailbox = Annotated[str, AfterValidator(_checked_mailbox)]


class Channel(BaseModel):
    """What every channel has.

    Attributes:
        connection: Name of the connection that holds the secret: an Airflow Connection,
            `DAYWATCH_CONN_<NAME>` or `AIRFLOW_CONN_<NAME>`; `env:NAME` for a variable
            of another name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    connection: ConnectionName


class AnsweringChannel(Channel):
    """A channel in which people answer, and what they do there can be heard.

    Attributes:
        signing_connection: Name of the connection that holds the secret by which what
            the other side sends is verified; several, with commas, while they are
            changed. None: nothing is taken from it.
        poll_connection: Name of the connection with which Daywatch asks the other side
            what people did; None: it does not ask.
    """

    signing_connection: ConnectionName | None = None
    poll_connection: ConnectionName | None = None


class AlertChannel(AnsweringChannel):
    """A channel of alerts, heard in one way or the other.

    Its events have other names when they are sent than when they are asked for, so a
    note would be written down twice.
    """

    @model_validator(mode="after")
    def _heard_once(self) -> Self:
        if self.signing_connection and self.poll_connection:
            msg = "name signing_connection or poll_connection, not both"
            raise ValueError(msg)
        return self


class PagerDutyChannel(AnsweringChannel):
    """A PagerDuty service with an Events API v2 integration; its key is the secret.

    Attributes:
        url: Where events go; `https://events.eu.pagerduty.com` in the EU.
    """

    kind: Literal["pagerduty"]
    url: Address = "https://events.pagerduty.com"


class OpsgenieChannel(AlertChannel):
    """An Opsgenie API integration; its key is the secret. It ends on 2027-04-05.

    Attributes:
        url: Where alerts go; `https://api.eu.opsgenie.com` in the EU.
        responders: Names of the teams to be alerted; none: as the integration says.
    """

    kind: Literal["opsgenie"]
    url: Address = "https://api.opsgenie.com"
    responders: tuple[str, ...] = ()


class JsmChannel(AlertChannel):
    """An integration of Jira Service Management Operations; its key is the secret.

    Attributes:
        url: Where alerts go.
        responders: Names of the teams to be alerted; none: as the integration says.
    """

    kind: Literal["jsm"]
    url: Address = "https://api.atlassian.com/jsm/ops/integration"
    responders: tuple[str, ...] = ()


class JiraChannel(Channel):
    """A project of Jira Cloud; login and API token are the secret.

    Attributes:
        url: Address of the site, e.g. `https://acme.atlassian.net`.
        project: Key of the project.
        issue_type: Name of the type of issues that are made.
        sets_priority: Whether issues get a priority; false where the project's
            screens have none.
    """

    kind: Literal["jira"]
    url: Address
    project: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    issue_type: str = "Task"
    sets_priority: bool = True


class ConfluenceChannel(Channel):
    """A space of Confluence Cloud; login and API token are the secret.

    Attributes:
        url: Address of the site, e.g. `https://acme.atlassian.net`.
        space: Key of the space.
        parent: Id of the page below which pages are made; none: at the top.
    """

    kind: Literal["confluence"]
    url: Address
    space: str = Field(pattern=r"^~?[A-Za-z0-9._-]+$")
    parent: str = Field(default="", pattern=r"^\d*$")


class SlackChannel(AnsweringChannel):
    """A channel of Slack; the bot's token (`xoxb-...`) is the secret.

    Attributes:
        channel: Id (`C0123456789`) or name of the channel; the bot is a member of it.
        url: Where Slack's Web API is.
    """

    kind: Literal["slack"]
    channel: str = Field(min_length=1)
    url: Address = "https://slack.com/api"


class TeamsChannel(Channel):
    """A Teams channel with a workflow webhook; the workflow's address is the secret."""

    kind: Literal["teams"]


class EmailChannel(Channel):
    """Mail over SMTP; the server's address with login is the secret.

    Attributes:
        to: Who gets the mail; none: the connection's `to`.
        sender: From whom it is; empty: the connection's `from`.
    """

    kind: Literal["email"]
    to: tuple[Mailbox, ...] = ()
    sender: Mailbox | Literal[""] = ""


class WebhookChannel(Channel):
    """An HTTP receiver of your own, told in signed JSON.

    Attributes:
        url: Where it listens, where that is no secret; the connection then holds the
            signing secret. Empty: the connection is the address.
        signing_connection: Name of the connection that holds the signing secret, where
            `connection` is the address.
        plain_http: Whether `http://` will do, for a receiver in the same network; also
            for the connection's address.
    """

    kind: Literal["webhook"]
    url: str = Field(default="", pattern=r"^(https?://[^@?]+)?$")
    signing_connection: ConnectionName | None = None
    plain_http: bool = False


class AppriseChannel(Channel):
    """Anything Apprise reaches; the Apprise URL is the secret."""

    kind: Literal["apprise"]


ChannelSettings = Annotated[
    PagerDutyChannel
    | JsmChannel
    | OpsgenieChannel
    | JiraChannel
    | ConfluenceChannel
    | SlackChannel
    | TeamsChannel
    | EmailChannel
    | WebhookChannel
    | AppriseChannel,
    Field(discriminator="kind"),
]
"""One channel; `kind` says which."""


def with_default_channels(
    channels: Mapping[str, ChannelSettings], environ: Mapping[str, str]
) -> dict[str, ChannelSettings]:
    """Return the channels and those the environment alone makes.

    `DAYWATCH_SMTP_URL` makes `email`, `DAYWATCH_WEBHOOK_URL` makes `webhook`; a channel
    of that name that was declared goes first.

    Args:
        channels: The declared channels by name.
        environ: The environment.
    """
    made: dict[str, ChannelSettings] = {}
    if environ.get(SMTP_VARIABLE):
        made["email"] = EmailChannel(kind="email", connection=f"env:{SMTP_VARIABLE}")
    if environ.get(WEBHOOK_VARIABLE):
        signing = f"env:{WEBHOOK_SECRET_VARIABLE}"
        made["webhook"] = WebhookChannel(
            kind="webhook",
            connection=f"env:{WEBHOOK_VARIABLE}",
            signing_connection=signing if environ.get(signing[4:]) else None,
        )
    return made | dict(channels)
