"""What PagerDuty sends (webhooks, version 3): its documentation of 2026-08-19."""

import json
from typing import Any

from monitoring_tasks.domain.hearing import What
from monitoring_tasks.respond.channels.inbound.reading import (
    InboundRequest,
    Verified,
    heard_of,
    instant_of,
    text_at,
)

EVENTS = {
    "incident.acknowledged": What.ACKNOWLEDGED,
    "incident.resolved": What.RESOLVED,
    "incident.annotated": What.NOTED,
    "incident.reopened": What.NOTED,
    "incident.triggered": What.NAMED,
}
REOPENED = "reopened it in PagerDuty; here it stays as it is"
MERGED = "merged it into another incident of PagerDuty; here it stays as it is"
MERGE = "merge_resolve_reason"
PEOPLE = frozenset({"user", "user_reference"})
"""Agents that are people; services, integrations and automations are not heard."""
FIELD = "dedup_key"


def read(request: InboundRequest, channel: str) -> Verified:
    """Return what one event says.

    A note names the incident by PagerDuty's own id alone; which one that is, the
    events about the incident itself tell.

    Args:
        request: The request, its sender proved.
        channel: Name of the channel.

    Raises:
        ValueError: If it cannot be read.
    """
    event = json.loads(request.body)["event"]
    kind = text_at(event, "event_type")
    if kind not in EVENTS:
        return Verified(ignored=(kind or "an event without a type",))
    what = EVENTS[kind]
    if what is not What.NAMED and text_at(event, "agent", "type") not in PEOPLE:
        return Verified(ignored=(f"{kind} by no person",))
    what, text = _meant(what, event)
    if what is What.NOTED and not text:
        return Verified(ignored=(f"{kind} without a text",))
    return Verified(
        heard=(
            heard_of(
                event=text_at(event, "id"),
                channel=channel,
                what=what,
                who=text_at(event, "agent", "summary"),
                at=instant_of(event["occurred_at"]),
                text=text,
                mark=(FIELD, text_at(event, "data", "incident_key")),
                other=text_at(event, "data", "incident", "id")
                or text_at(event, "data", "id"),
            ),
        )
    )


def _meant(what: What, event: dict[str, Any]) -> tuple[What, str]:
    """Return what an event comes to, and its text."""
    if text_at(event, "event_type") == "incident.reopened":
        return What.NOTED, REOPENED
    # PagerDuty resolves what is merged; the trouble is not over.
    if text_at(event, "data", "resolve_reason", "type") == MERGE:
        return What.NOTED, MERGED
    return what, text_at(event, "data", "content")
