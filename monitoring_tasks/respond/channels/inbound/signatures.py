"""Is a request from whom it says? All comparisons take the same time."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from monitoring_tasks.respond.channels.inbound.reading import InboundRequest

LONGEST_AGE = timedelta(minutes=5)
"""Slack's own limit: what is older, or from the future, may be a recording."""
MOST_SIGNATURES = 10
TOKEN_HEADER = "x-daywatch-token"  # noqa: S105 (a header's name)


def signed_by_pagerduty(request: InboundRequest, secret: str, *, now: datetime) -> bool:
    """Whether PagerDuty signed a request: one of its signatures is ours.

    Args:
        request: The request.
        secret: Secret of the webhook subscription.
        now: Unused: PagerDuty signs no instant, so a recording is known by its event.
    """
    del now
    expected = f"v1={_hmac(secret, request.body)}"
    signatures = request.headers.get("x-pagerduty-signature", "").split(",")
    # No way out at the first that fits: how long it takes says nothing.
    results = [same(one.strip(), expected) for one in signatures[:MOST_SIGNATURES]]
    return any(results)


def signed_by_slack(request: InboundRequest, secret: str, *, now: datetime) -> bool:
    """Whether Slack signed a request, and not long ago.

    Args:
        request: The request.
        secret: Signing secret of the app.
        now: The present instant; aware.
    """
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signed = f"v0:{stamp}:".encode() + request.body
    is_signed = same(
        request.headers.get("x-slack-signature", ""), f"v0={_hmac(secret, signed)}"
    )
    return is_signed and is_recent(stamp, now=now)


def is_recent(stamp: str, *, now: datetime) -> bool:
    """Whether a timestamp lies within five minutes of now.

    Args:
        stamp: Seconds since 1970.
        now: The present instant; aware.
    """
    if not (stamp.isascii() and stamp.isdigit()):
        return False
    return abs(now.timestamp() - int(stamp[:15])) <= LONGEST_AGE.total_seconds()


def holds_token(request: InboundRequest, secret: str, *, now: datetime) -> bool:
    """Whether a request holds a token two sides share; nothing is signed.

    It may stand as a bearer token, as the password of a basic login, or in a header of
    its own.

    Args:
        request: The request.
        secret: The token.
        now: Unused: it says no instant, so a recording is known by its event.
    """
    del now
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    said = [request.headers.get(TOKEN_HEADER, ""), value.strip()]
    if scheme.lower() == "basic":
        said.append(_password_of(value))
    results = [same(one, secret) for one in said]
    return any(results)


def same(said: str, expected: str) -> bool:
    """Whether two texts are the same; takes as long whichever they are.

    Args:
        said: What somebody says.
        expected: What it has to be; empty is never right.
    """
    return bool(expected) and hmac.compare_digest(
        said.encode("utf-8", "surrogatepass"), expected.encode()
    )


def _password_of(value: str) -> str:
    try:
        login = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return login.partition(":")[2]


def _hmac(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, sha256).hexdigest()
