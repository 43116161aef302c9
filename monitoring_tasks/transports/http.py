"""Conversations over HTTP: each request sent, each answer judged."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from monitoring_tasks.channel_settings import LOOPBACK
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
)
from monitoring_tasks.transports.trust import trust_of

TIMEOUT = httpx.Timeout(20, connect=10)
"""Seconds a server may be silent, and take to be reached."""
TRY_AGAIN = frozenset({408, 425, 429})
LONGEST_ANSWER = 200
LONGEST_WAIT = 24 * 3600.0
"""Seconds; a receiver that asks for more means something else."""


class _WithoutPaths(logging.Filter):
    """Keeps out of httpx's log what of an address may be secret: all but the host."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True; the record is shown with shorter addresses."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{part.scheme}://{part.host}" if isinstance(part, httpx.URL) else part
                for part in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_WithoutPaths())


def carry_on(
    exchange: Exchange,
    credentials: Credentials,
    *,
    now: datetime,
    timeout: httpx.Timeout = TIMEOUT,
) -> JsonObject:
    """Send what a conversation asks for, tell it the answers, return its receipt.

    Args:
        exchange: The conversation, not begun.
        credentials: `ca_file` among their options names further authorities; their
            secrets are kept out of errors.
        now: When it is sent; what `Retry-After` counts from.
        timeout: How long a server may be silent.

    Raises:
        DeliveryDelayedError: If a server did not answer, or asks to try again.
        DeliveryRefusedError: If it answered anything else that the conversation does
            not accept; a redirect is such an answer.
        ConfigurationError: If an address cannot be used.
    """
    with httpx.Client(
        timeout=timeout,
        follow_redirects=False,
        verify=trust_of(credentials),
        headers={"User-Agent": "daywatch"},
    ) as client:
        try:
            request = next(exchange)
            while True:
                answer = _send(client, request, credentials)
                _judge(request, answer, credentials, now)
                request = exchange.send(answer)
        except StopIteration as end:
            receipt: JsonObject = end.value
            return receipt
        finally:
            exchange.close()


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds of a `Retry-After`, a number or a date; None if it is none.

    Args:
        value: The header.
        now: What a date is counted from; aware.

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return min(max((instant - now).total_seconds(), 0.0), LONGEST_WAIT)


def _send(
    client: httpx.Client, request: HttpRequest, credentials: Credentials
) -> HttpResponse:
    host = _host_of(request, credentials)
    try:
        answer = client.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            json=request.body,
            content=request.content,
        )
    except httpx.InvalidURL:
        msg = f"connection '{credentials.name}' is not an address"
        raise ConfigurationError(msg) from None
    except httpx.RequestError as error:
        said = credentials.redacted(str(error))[:LONGEST_ANSWER]
        msg = f"{host} did not answer ({type(error).__name__}: {said})"
        # The request hangs on httpx's error, the address and key with it.
        raise DeliveryDelayedError(msg) from None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return HttpResponse(status=answer.status_code, headers=headers, body=answer.content)


def _host_of(request: HttpRequest, credentials: Credentials) -> str:
    """Return the host of a request that may be sent.

    Raises:
        ConfigurationError: If it is no address, or one without TLS beyond this machine.
    """
    try:
        parts = urlsplit(request.url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        scheme, host = "", None
    if not host or scheme not in {"http", "https"}:
        msg = f"connection '{credentials.name}' is not an address that begins https://"
        raise ConfigurationError(msg)
    if scheme == "http" and not request.plain_http and host not in LOOPBACK:
        msg = (
            f"connection '{credentials.name}' leads to {host} without TLS: use https://"
        )
        raise ConfigurationError(msg)
    return host


def _judge(
    request: HttpRequest, answer: HttpResponse, credentials: Credentials, now: datetime
) -> None:
    """Raise unless the answer is one to go on with."""
    status = answer.status
    if httpx.codes.is_success(status) or status in request.accepts:
        return
    text = answer.body.decode("utf-8", "replace")
    said = " ".join(credentials.redacted(text).split())[:LONGEST_ANSWER]
    msg = f"{_host_of(request, credentials)} answered {status}: {said or 'nothing'}"
    if status in TRY_AGAIN or httpx.codes.is_server_error(status):
        wait = retry_after(answer.headers.get("retry-after", ""), now)
        raise DeliveryDelayedError(msg, retry_after=wait)
    raise DeliveryRefusedError(msg)
