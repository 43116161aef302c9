"""Asking Slack for replies in our threads and reactions to our messages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from monitoring_tasks.channel_settings import SlackChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
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
GONE = frozenset(
    {"thread_not_found", "message_not_found", "channel_not_found", "not_in_channel"}
)
"""What was deleted, or where we are no more, has no replies for us; others have."""


def exchange(
    channel: SlackChannel,
    name: str,
    credentials: Credentials,
    receipt: JsonObject,
    *,
    since: datetime,
    heard: list[Heard],
) -> Exchange:
    """Ask for the thread of an incident what was said since, and for reactions.

    Args:
        channel: The channel.
        name: Its name.
        credentials: A token that may read the channel's history is their password.
        receipt: The latest of the incident.
        since: From when on replies are asked for; aware.
        heard: Where it is put what people did, answer by answer.

    Raises:
        DeliveryDelayedError: If Slack says that it could not answer.
    """
    place, ts = (text_at(dict(receipt), key) for key in ("channel", FIELD))
    headers = {"Authorization": f"Bearer {credentials.password}"}
    query = {"channel": place, "ts": ts, "oldest": f"{since.timestamp():.6f}"}
    query |= {"limit": str(PAGE)}
    for _ in range(MOST_PAGES if place and ts else 0):
        url = f"{channel.url}/conversations.replies?{urlencode(query)}"
        answer = yield HttpRequest(method="GET", url=url, headers=headers)
        document = _page(answer.document)
        for message in parts_at(document, "messages"):
            heard += _said(message, ts, name)
        cursor = text_at(document, "response_metadata", "next_cursor")
        if not cursor:
            break
        query = query | {"cursor": cursor}
    return {}


def _page(document: JsonObject) -> dict[str, Any]:
    """Return a page of a thread; empty where the thread, or its place, is gone."""
    if document.get("ok") is True:
        return dict(document)
    fault = text_at(dict(document), "error")[:100] or "an answer without `ok`"
    if fault in GONE:
        return {}
    msg = f"Slack refuses conversations.replies: {fault}"
    raise DeliveryDelayedError(msg)


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
