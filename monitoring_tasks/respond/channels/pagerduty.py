"""PagerDuty: Events API v2. Limits: its documentation of 2026-08-19."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitoring_tasks.channel_settings import PagerDutyChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import (
    ENDINGS,
    LONGEST_KEY,
    URGENT,
    Notice,
    Occasion,
)
from monitoring_tasks.respond.channels.lengths import (
    shortened,
    shortened_key,
    utf8_bytes,
    web_links,
)
from monitoring_tasks.respond.channels.wording import CLIENT, source_of, table_of

SEVERITIES = {
    Severity.P0: "critical",
    Severity.P1: "error",
    Severity.P2: "warning",
    Severity.P3: "info",
}
LONGEST_SUMMARY = 1024
LONGEST_NAME = 255
LONGEST_LINK = 1000
MOST_LINKS = 10
MOST_TEXT_BYTES = 160 * 1024
"""Of 512 KB for the whole event; JSON may write a character as two."""
MOST_FACT_BYTES = 48 * 1024
CHANGES = frozenset({Occasion.ALIAS_MOVED, Occasion.CANARY, Occasion.TEST})
"""Sent as change events, which page nobody and prove that the key is taken."""
TELLS = URGENT | ENDINGS | CHANGES | {Occasion.ACKNOWLEDGED}


def exchange(
    notice: Notice,
    channel: PagerDutyChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,  # noqa: ARG001 (every channel is called alike)
) -> Exchange:
    """Send one event: trigger, acknowledge, resolve, or a change that pages nobody.

    Args:
        notice: What to tell.
        channel: Where events go.
        credentials: The integration key is their password.
        receipt: Key and action of the event before; None for the first.
        now: When it is sent; events carry the instant of what they tell.

    Returns:
        The deduplication key, and what was last asked for under it.
    """
    if notice.occasion in CHANGES:
        yield _request(channel, credentials, "/v2/change/enqueue", _change(notice))
        return receipt or {}
    event = _event(notice)
    yield _request(channel, credentials, "/v2/enqueue", event)
    return {"dedup_key": event["dedup_key"], "action": event["event_action"]}


def _request(
    channel: PagerDutyChannel,
    credentials: Credentials,
    path: str,
    event: dict[str, Any],
) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=channel.url + path,
        body={"routing_key": credentials.password, **event},
    )


def _event(notice: Notice) -> dict[str, Any]:
    key = shortened_key(notice.key, LONGEST_KEY)
    if notice.occasion in ENDINGS:
        return {"event_action": "resolve", "dedup_key": key}
    if notice.occasion is Occasion.ACKNOWLEDGED:
        return {"event_action": "acknowledge", "dedup_key": key}
    links = _links(notice)
    opens = {"client_url": links[0]["href"]} if links else {}
    return {
        "event_action": "trigger",
        "dedup_key": key,
        "payload": {
            "summary": shortened(notice.headline, LONGEST_SUMMARY),
            "source": source_of(notice),
            "severity": SEVERITIES[notice.severity],
            "timestamp": notice.at.isoformat(),
            "component": shortened(notice.model, LONGEST_NAME),
            "group": notice.environment,
            "class": notice.cause,
            "custom_details": _details(notice),
        },
        "links": links,
        "client": CLIENT,
        **opens,
    }


def _change(notice: Notice) -> dict[str, Any]:
    return {
        "payload": {
            "summary": shortened(notice.headline, LONGEST_SUMMARY),
            "source": source_of(notice),
            "timestamp": notice.at.isoformat(),
            "custom_details": _details(notice),
        },
        "links": _links(notice),
    }


def _links(notice: Notice) -> list[dict[str, str]]:
    return [
        {"href": link.href, "text": shortened(link.text, LONGEST_NAME)}
        for link in web_links(notice, LONGEST_LINK)[:MOST_LINKS]
    ]


def _details(notice: Notice) -> dict[str, str]:
    """Return the whole text first, then the facts as far as they fit."""
    details = {"text": shortened(notice.text, MOST_TEXT_BYTES, utf8_bytes)}
    if notice.commands:
        commands = "\n".join(notice.commands)
        details["commands"] = shortened(commands, MOST_FACT_BYTES, utf8_bytes)
    return details | dict(_that_fit(table_of(notice), MOST_FACT_BYTES))


def _that_fit(
    facts: tuple[tuple[str, str], ...], room: int
) -> Iterable[tuple[str, str]]:
    for number, (name, value) in enumerate(facts):
        room -= utf8_bytes(json.dumps([name, value], ensure_ascii=False))
        if room < 0:
            yield "left out", f"{len(facts) - number} more, on the page of the incident"
            return
        yield name, value
