"""Asking Slack for replies in our threads and reactions to our messages."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from monitoring_tasks.channel_settings import SlackChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.hearing import Heard
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import DeliveryDelayedError
from monitoring_tasks.respond.channels.inbound.reading import parts_at, text_at
from monitoring_tasks.respond.channels.inbound.slack import (
    FIELD,
    reaction_of,
    reply_of,
)

PAGE = 200
MOST_PAGES = 10
GONE = frozenset({"thread_not_found", "message_not_found"})
"""A message that was deleted has no replies; the others are asked for all the same."""


def exchange(
    channel: SlackChannel,
    name: str,
    credentials: Credentials,
    receipts: Sequence[JsonObject],
    *,
    since: datetime,
) -> Exchange:
    """Ask for each of our threads what was said since, and for reactions.

    Args:
        channel: The channel.
        name: Its name.
        credentials: A token that may read the channel's history is their password.
        receipts: The latest of each incident that needs somebody.
        since: From when on replies are asked for; aware.

    Returns:
        What was heard, under `heard`.

    Raises:
        DeliveryDelayedError: If Slack says that it could not answer.
    """
    heard: list[Heard] = []
    headers = {"Authorization": f"Bearer {credentials.password}"}
    for receipt in receipts:
        place, ts = (text_at(dict(receipt), key) for key in ("channel", FIELD))
        if not (place and ts):
            continue
        query = {"channel": place, "ts": ts, "oldest": f"{since.timestamp():.6f}"}
        query |= {"limit": str(PAGE)}
        for message in (yield from _messages(channel.url, headers, query)):
            heard += _said(message, ts, name)
    return {"heard": heard}


def _messages(
    url: str, headers: dict[str, str], query: dict[str, str]
) -> Generator[HttpRequest, HttpResponse, list[dict[str, Any]]]:
    messages: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        address = f"{url}/conversations.replies?{urlencode(query)}"
        answer = yield HttpRequest(method="GET", url=address, headers=headers)
        document = dict(answer.document)
        if document.get("ok") is not True:
            fault = text_at(document, "error")[:100] or "an answer without `ok`"
            if fault in GONE:
                return []
            msg = f"Slack refuses conversations.replies: {fault}"
            raise DeliveryDelayedError(msg)
        messages += parts_at(document, "messages")
        cursor = text_at(document, "response_metadata", "next_cursor")
        if not cursor:
            break
        query = query | {"cursor": cursor}
    return messages


def _said(message: dict[str, Any], ts: str, name: str) -> Iterator[Heard]:
    if text_at(message, "ts") != ts:
        reply = reply_of(message, name)
        if reply is not None:
            yield reply
        return
    for reaction in parts_at(message, "reactions"):
        for who in reaction.get("users") or ():
            # Slack does not say when; the message was there before.
            heard = reaction_of(ts, text_at(reaction, "name"), str(who), name, at=ts)
            if heard is not None:
                yield heard
