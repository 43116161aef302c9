"""Every kind of channel that is listened to: how it is proved, and how it is read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from monitoring_tasks.domain.exchange import Exchange
from monitoring_tasks.respond.channels.inbound import (
    opsgenie,
    opsgenie_poll,
    pagerduty,
    pagerduty_poll,
    slack,
    slack_poll,
)
from monitoring_tasks.respond.channels.inbound.reading import (
    InboundRequest,
    Refusal,
    Verified,
)
from monitoring_tasks.respond.channels.inbound.signatures import (
    holds_token,
    signed_by_pagerduty,
    signed_by_slack,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundKind:
    """How a kind of channel is listened to.

    Attributes:
        place: What people call it.
        is_proved: Whether a request is from there, by one secret.
        read: What a proved request says.
        poll: The conversation in which it is asked what people did.
        taken: Status of the answer to what was taken.
    """

    place: str
    is_proved: Callable[..., bool]
    read: Callable[[InboundRequest, str], Verified]
    poll: Callable[..., Exchange]
    taken: HTTPStatus = HTTPStatus.ACCEPTED


INBOUND = {
    "pagerduty": InboundKind(
        place="PagerDuty",
        is_proved=signed_by_pagerduty,
        read=pagerduty.read,
        poll=pagerduty_poll.exchange,
    ),
    "jsm": InboundKind(
        place="Jira Service Management",
        is_proved=holds_token,
        read=opsgenie.read,
        poll=opsgenie_poll.exchange,
    ),
    "opsgenie": InboundKind(
        place="Opsgenie",
        is_proved=holds_token,
        read=opsgenie.read,
        poll=opsgenie_poll.exchange,
    ),
    "slack": InboundKind(
        place="Slack",
        is_proved=signed_by_slack,
        read=slack.read,
        poll=slack_poll.exchange,
        # Whoever clicks a button is shown a warning after any other status.
        taken=HTTPStatus.OK,
    ),
}
"""By `kind` in the settings."""


def secrets_of(text: str) -> tuple[str, ...]:
    """Return the secrets of a connection: one, or several while they are changed.

    >>> secrets_of("new, old")
    ('new', 'old')
    """
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def listen(
    request: InboundRequest,
    kind: str,
    channel: str,
    *,
    secrets: Sequence[str],
    now: datetime,
) -> Verified | Refusal:
    """Prove who sent a request, then read it.

    Args:
        request: The request.
        kind: Kind of the channel, a key of `INBOUND`.
        channel: Name of the channel.
        secrets: Any of them will do, save an empty one.
        now: The present instant; aware.

    Returns:
        What it says, or why it is not listened to.
    """
    inbound = INBOUND[kind]
    # An empty secret is one that everybody knows.
    proofs = [inbound.is_proved(request, s, now=now) for s in secrets if s]
    if not any(proofs):
        return Refusal(reason="no signature or token that is right and recent")
    try:
        return inbound.read(request, channel)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        return Refusal(reason=f"it cannot be read ({type(error).__name__})")
