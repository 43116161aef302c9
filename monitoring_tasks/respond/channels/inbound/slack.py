"""What Slack sends: buttons (interactivity), replies and reactions (events)."""

import html
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.respond.channels.inbound.reading import (
    InboundRequest,
    Verified,
    heard_of,
    instant_of,
    parts_at,
    text_at,
)
from monitoring_tasks.respond.channels.slack_blocks import ACKNOWLEDGE, RESOLVE

BUTTONS = {ACKNOWLEDGE: What.ACKNOWLEDGED, RESOLVE: What.RESOLVED}
REACTIONS = {"eyes": What.ACKNOWLEDGED, "white_check_mark": What.RESOLVED}
FIELD = "ts"
SPOKEN = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of what a person says; all others are about messages, not messages."""


def read(request: InboundRequest, channel: str) -> Verified:
    """Return what a click, a reply or a reaction says.

    Args:
        request: The request, its sender proved.
        channel: Name of the channel.

    Raises:
        ValueError: If it cannot be read.
    """
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        form = parse_qs(request.body.decode(), strict_parsing=True)
        return _clicked(json.loads(form["payload"][0]), channel)
    document = json.loads(request.body)
    if text_at(document, "type") == "url_verification":
        return Verified(answer=text_at(document, "challenge"))
    event = document["event"]
    match text_at(event, "type"):
        case "message":
            reply = reply_of(event, channel)
            return Verified(heard=(reply,)) if reply else Verified(ignored=("message",))
        case "reaction_added":
            return _reacted(event, channel)
        case other:
            return Verified(ignored=(other or "an event without a type",))


def reply_of(message: dict[str, Any], channel: str) -> Heard | None:
    """Return what a person said in a thread; None for anything else.

    Args:
        message: As Slack holds it.
        channel: Name of the channel.

    Raises:
        ValueError: If it has no instant.
    """
    said, ts = text_at(message, "text"), text_at(message, "ts")
    thread, who = text_at(message, "thread_ts"), text_at(message, "user")
    is_reply = thread not in {"", ts}
    # Whatever a bot says, Daywatch included, is no person's word.
    is_spoken = text_at(message, "subtype") in SPOKEN and "bot_id" not in message
    if not (is_reply and is_spoken and who and said.strip()):
        return None
    return heard_of(
        event=f"message-{ts}-{who}",
        channel=channel,
        what=What.NOTED,
        who=_name_of(who),
        at=instant_of(ts),
        text=html.unescape(said),
        mark=(FIELD, thread),
    )


def reaction_of(
    ts: str, name: str, who: str, channel: str, *, at: object
) -> Heard | None:
    """Return what a reaction to a message says; None where it says nothing.

    Args:
        ts: By which Slack knows the message.
        name: Name of the emoji.
        who: Id of the user.
        channel: Name of the channel.
        at: When, as Slack writes it; that of the message where nobody knows.

    Raises:
        ValueError: If that is no instant.
    """
    what = REACTIONS.get(name.partition("::")[0])
    if what is None or not who:
        return None
    # Where Slack says when, giving it again after a reopening is another event.
    again = "" if at == ts else f"-{at}"
    return heard_of(
        event=f"reaction-{ts}-{who}-{what}{again}",
        channel=channel,
        what=what,
        who=_name_of(who),
        at=instant_of(at),
        mark=(FIELD, ts),
    )


def _reacted(event: dict[str, Any], channel: str) -> Verified:
    ts, name = text_at(event, "item", "ts"), text_at(event, "reaction")
    who, at = text_at(event, "user"), event["event_ts"]
    heard = reaction_of(ts, name, who, channel, at=at)
    return Verified(heard=(heard,)) if heard else Verified(ignored=("reaction",))


def _clicked(payload: dict[str, Any], channel: str) -> Verified:
    if text_at(payload, "type") != "block_actions":
        return Verified(ignored=(text_at(payload, "type") or "no type",))
    heard = tuple(_clicks(payload, channel))
    # Buttons that only open a page tell of their click as well.
    return Verified(heard=heard) if heard else Verified(ignored=("button",))


def _clicks(payload: dict[str, Any], channel: str) -> Iterator[Heard]:
    user = text_at(payload, "user", "id")
    name = text_at(payload, "user", "username") or text_at(payload, "user", "name")
    for action in parts_at(payload, "actions"):
        button, at = text_at(action, "action_id"), text_at(action, "action_ts")
        if button in BUTTONS:
            yield heard_of(
                event=f"action-{at}-{user}-{button}",
                channel=channel,
                what=BUTTONS[button],
                who=name or _name_of(user),
                at=instant_of(at),
                mark=(FIELD, text_at(payload, "container", "message_ts")),
                key=text_at(action, "value"),
            )


def _name_of(user: str) -> str:
    return f"Slack user {user}"
