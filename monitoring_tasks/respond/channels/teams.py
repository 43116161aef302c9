"""Teams: an adaptive card through the webhook of a workflow."""

import json
import re
from datetime import datetime
from typing import Any

from monitoring_tasks.channel_settings import TeamsChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import MOST_LINES, URGENT, Notice
from monitoring_tasks.respond.channels.lengths import (
    shortened,
    utf8_bytes,
    web_links,
)
from monitoring_tasks.respond.channels.wording import (
    READ_BY_PEOPLE,
    source_of,
    table_of,
)

TELLS = READ_BY_PEOPLE
MOST_BYTES = 28_000
"""Teams refuses messages above 28 KB."""
ROOMS = (4_000, 1_000, 250, 60)
"""Longest line tried, in characters, until the card is small enough."""
MOST_FACTS = 20
MOST_LINKS = 4
LONGEST_LINK = 1_500
LONGEST_BUTTON = 60


def exchange(
    notice: Notice,
    channel: TeamsChannel,  # noqa: ARG001 (every channel is called alike)
    credentials: Credentials,
    receipt: JsonObject | None,  # noqa: ARG001
    *,
    now: datetime,
) -> Exchange:
    """Post one card; a workflow takes no news of an older one.

    Args:
        notice: What to tell.
        channel: Nothing beside the connection.
        credentials: The workflow's address.
        receipt: Unused, each message is its own.
        now: When it is sent; aware.

    Returns:
        When it was sent.
    """
    message = {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": _card_that_fits(notice),
            }
        ],
    }
    yield HttpRequest(method="POST", url=credentials.address, body=message)
    return {"sent_at": now.isoformat()}


def _card_that_fits(notice: Notice) -> dict[str, Any]:
    card: dict[str, Any] = {}
    for room in ROOMS:
        card = _card(notice, room)
        if utf8_bytes(json.dumps(card, ensure_ascii=False)) <= MOST_BYTES - 500:
            break
    return card


def _card(notice: Notice, room: int) -> dict[str, Any]:
    colour = "attention" if notice.occasion in URGENT else "default"
    facts = [
        {"title": _marked(name, room), "value": _marked(value, room)}
        for name, value in table_of(notice)[:MOST_FACTS]
    ]
    actions = [
        {
            "type": "Action.OpenUrl",
            "title": shortened(link.text, LONGEST_BUTTON),
            "url": link.href,
        }
        for link in web_links(notice, LONGEST_LINK)[:MOST_LINKS]
    ]
    commands = [_text(line, room, fontType="monospace") for line in notice.commands[:4]]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": shortened(notice.headline, room),
        "body": [
            _text(notice.headline, room, weight="bolder", color=colour),
            *(_text(line, room) for line in notice.lines[:MOST_LINES]),
            {"type": "FactSet", "facts": facts},
            *commands,
            _text(source_of(notice), room, isSubtle=True, size="small"),
        ],
        "actions": actions,
        "msteams": {"width": "Full"},
    }


def _text(text: str, room: int, **look: Any) -> dict[str, Any]:  # noqa: ANN401 (a card's own words)
    # Of all of a card's texts only this one is never read as Markdown.
    run = {"type": "TextRun", "text": shortened(text, room), **look}
    return {"type": "RichTextBlock", "inlines": [run]}


def _marked(text: str, room: int) -> str:
    """Return a text whose Markdown is shown as it is written."""
    return re.sub(r"([\\`*_\[\]#])", r"\\\1", shortened(text, min(room, 300)))
