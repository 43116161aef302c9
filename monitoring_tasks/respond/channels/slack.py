"""Slack: one message an incident, kept as things stand, and a thread below it."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

from monitoring_tasks.channel_settings import SlackChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import URGENT, Notice, Occasion
from monitoring_tasks.errors import DeliveryDelayedError, DeliveryRefusedError
from monitoring_tasks.respond.channels.slack_blocks import (
    blocks_of,
    fallback_text,
    is_whole,
    thread_text,
)
from monitoring_tasks.respond.channels.wording import TALKS_OF_AN_INCIDENT

TELLS = TALKS_OF_AN_INCIDENT | {
    Occasion.DEAD_LETTER,
    Occasion.DIGEST,
    Occasion.REVIEW,
    Occasion.WARNED,
    Occasion.TEST,
    Occasion.CANARY,
}
MESSAGE_GONE = frozenset({"message_not_found", "cant_update_message"})
THREAD_GONE = MESSAGE_GONE | {"thread_not_found", "cannot_reply_to_message"}
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Errors Slack says to try again after."""


def exchange(
    notice: Notice,
    channel: SlackChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,  # noqa: ARG001 (every channel is called alike)
) -> Exchange:
    """Post the incident's message; later bring it up to date and reply in its thread.

    An alias move is a reply alone: it is not how the incident stands.

    Args:
        notice: What to tell.
        channel: Where it is posted.
        credentials: The bot's token is their password.
        receipt: Channel and `ts` of the message; None for the first.
        now: When it is sent; unused, messages are dated by their receiver.

    Returns:
        Channel and `ts` of the message, by which Slack knows it.
    """
    bot = _Bot(channel, credentials)
    hears = channel.signing_connection is not None
    blocks = blocks_of(notice, hears=hears)
    message = {"text": fallback_text(notice), "blocks": blocks}
    place = {key: str((receipt or {}).get(key) or "") for key in ("channel", "ts")}
    if all(place.values()) and notice.occasion is Occasion.ALIAS_MOVED:
        reply = _reply(notice, place, loud=False)
        if (yield from bot.ask("chat.postMessage", reply, THREAD_GONE)):
            return place
    elif all(place.values()):
        updated = yield from bot.ask("chat.update", place | message, MESSAGE_GONE)
        if updated:
            loud = notice.occasion in URGENT
            yield from bot.ask("chat.postMessage", _reply(notice, place, loud=loud))
            return place
    posted = yield from bot.ask(
        "chat.postMessage",
        {"channel": channel.channel, "unfurl_links": False, **message},
    )
    place = {key: str(posted.get(key) or "") for key in ("channel", "ts")}
    if notice.occasion is Occasion.CANARY:
        # It has proved the whole way, and nobody needs to read it.
        yield from bot.ask("chat.delete", place, MESSAGE_GONE)
        return {}
    if not is_whole(notice):
        yield from bot.ask("chat.postMessage", _reply(notice, place, loud=False))
    return place


class _Bot:
    def __init__(self, channel: SlackChannel, credentials: Credentials) -> None:
        self._url = channel.url
        self._headers = {"Authorization": f"Bearer {credentials.password}"}

    def ask(
        self,
        method: str,
        body: dict[str, Any],
        accepts: frozenset[str] = frozenset(),
    ) -> Generator[HttpRequest, HttpResponse, JsonObject]:
        """Call a method of the Web API; return nothing after an accepted error."""
        url = f"{self._url}/{method}"
        answer = yield HttpRequest(
            method="POST", url=url, headers=self._headers, body=body
        )
        # Slack answers 200 to what it refuses, and says so in the body.
        document = answer.document
        if document.get("ok") is True:
            return document
        fault = str(document.get("error") or "an answer without `ok`")[:100]
        if fault in accepts:
            return {}
        msg = f"Slack refuses {method}: {fault}"
        if fault in PASSING or not document:
            raise DeliveryDelayedError(msg)
        raise DeliveryRefusedError(msg)


def _reply(notice: Notice, place: dict[str, str], *, loud: bool) -> dict[str, Any]:
    return {
        "channel": place["channel"],
        "thread_ts": place["ts"],
        "text": thread_text(notice),
        "unfurl_links": False,
        # What asks somebody to act is shown in the channel, too.
        "reply_broadcast": loud,
    }
