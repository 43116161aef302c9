"""A receiver of your own: the whole notice as JSON, signed."""

import hmac
import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from monitoring_tasks.channel_settings import WebhookChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.respond.channels.lengths import digest_of, shortened_key

TELLS = frozenset(Occasion)
BODY_VERSION = 1
LONGEST_KEY = 255


def exchange(
    notice: Notice,
    channel: WebhookChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,
) -> Exchange:
    """Post the notice; its receiver tells repetitions by the `Idempotency-Key`.

    Args:
        notice: What to tell.
        channel: Where to, where that is no secret.
        credentials: Else the address; the signing secret.
        receipt: Of the notice before; None for the first.
        now: When it is sent, aware; part of what is signed.

    Returns:
        The id of the last notice, and how many there were.
    """
    body = json.dumps(_body(notice), ensure_ascii=False, separators=(",", ":"))
    content = body.encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": _idempotency_key(notice),
        "X-Daywatch-Timestamp": timestamp,
    }
    secret = signing_secret(channel, credentials)
    if secret:
        headers["X-Daywatch-Signature"] = signature(secret, timestamp, content)
    yield HttpRequest(
        method="POST",
        url=channel.url or credentials.address,
        headers=headers,
        content=content,
        plain_http=channel.plain_http,
    )
    count = int((receipt or {}).get("count") or 0)
    return {"notice": notice.id, "count": count + 1}


def signing_secret(channel: WebhookChannel, credentials: Credentials) -> str:
    """Return what bodies are signed with; empty where nothing is.

    Args:
        channel: Says whether the connection is the address or the secret.
        credentials: The connection.
    """
    secret = credentials.extra.get("secret", "")
    return secret or (credentials.password if channel.url else "")


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """Return the signature of a body.

    Args:
        secret: Known to both sides.
        timestamp: Seconds since 1970, as in the header.
        content: The body as sent.

    >>> signature("s3cret", "0", b"{}")[:11]
    'v1=1bf9e6cc'
    """
    signed = timestamp.encode() + b"." + content
    return f"v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"


def _idempotency_key(notice: Notice) -> str:
    """Return the notice's id as a header can carry it."""
    if notice.id.isascii() and notice.id.isprintable():
        return shortened_key(notice.id, LONGEST_KEY)
    return digest_of(notice.id)


def _body(notice: Notice) -> dict[str, Any]:
    return {
        "version": BODY_VERSION,
        **asdict(notice),
        "facts": [{"name": name, "value": value} for name, value in notice.facts],
        "at": notice.at.isoformat(),
        "since": notice.since.isoformat() if notice.since else None,
    }
