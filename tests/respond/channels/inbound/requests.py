"""Requests as the services send them, signed as they sign them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from monitoring_tasks.respond.channels.inbound.reading import InboundRequest

SECRET = "shared-0123456789"  # noqa: S105 (made up)
AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
KEY = "daywatch:production:churn-model-2026-03-01"
THREAD = "1772433000.000100"
USER = {"id": "PLH1", "type": "user_reference", "summary": "kim"}
SERVICE = {"id": "PF9K", "type": "service_reference", "summary": "Events API"}
MERGED = {"type": "merge_resolve_reason"}


def pagerduty_event(kind: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return an event of PagerDuty's, parts of it or of its data replaced."""
    data = {"id": "PGR0", "type": "incident", "incident_key": KEY}
    event = {
        "id": f"event-{kind}",
        "event_type": f"incident.{kind}",
        "occurred_at": "2026-03-02T07:29:58.169+01:00",
        "agent": USER,
        "data": data | parts.pop("data", {}),
    }
    return {"event": event | parts}


def note_event(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return a note of PagerDuty's, which names the incident by its own id alone."""
    data = {
        "id": "PNOTE",
        "type": "incident_note",
        "content": "asked the feed team",
        "incident": {"id": "PGR0", "type": "incident_reference"},
    }
    event = pagerduty_event("annotated", **parts)
    event["event"]["data"] = data
    return event


def alert_action(action: str, **alert: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return an action on an alert as Opsgenie sends it."""
    about = {
        "alertId": "0526-1772433000000",
        "alias": KEY,
        "username": "kim@example.org",
        "updatedAt": 1772432998169000000,
        "note": "",
    }
    return {"action": action, "alert": about | alert, "source": {"type": "web"}}


def click(button: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return a click on a button as Slack sends it."""
    action = {"action_id": button, "action_ts": "1772432998.169", "value": KEY}
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "kim"},
        "container": {"type": "message", "message_ts": THREAD, "channel_id": "C1"},
        "actions": [action | parts],
    }


def slack_event(**event: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return an event of Slack's, a reply of a person if nothing else is said."""
    reply = {
        "type": "message",
        "user": "U1",
        "text": "asked the feed team &amp; wait",
        "ts": "1772432998.169000",
        "thread_ts": THREAD,
    }
    return {"type": "event_callback", "event": reply | event}


def signed(
    kind: str,
    document: dict[str, Any],
    *,
    secret: str = SECRET,
    at: datetime = AT,
) -> InboundRequest:
    """Return a request with the signature or token of a kind of channel."""
    body = json.dumps(document).encode()
    if kind == "pagerduty":
        wrong = "v1=" + "0" * 64
        headers = {"x-pagerduty-signature": f"{wrong},v1={digest(secret, body)}"}
    elif kind == "slack":
        if document.get("type") == "block_actions":
            body = urlencode({"payload": json.dumps(document)}).encode()
        stamp = str(int(at.timestamp()))
        mark = digest(secret, f"v0:{stamp}:".encode() + body)
        headers = {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={mark}",
        }
        if document.get("type") == "block_actions":
            headers["content-type"] = "application/x-www-form-urlencoded"
    else:
        headers = {"authorization": f"Bearer {secret}"}
    return InboundRequest(headers=headers, body=body)


def basic(secret: str) -> str:
    """Return a basic login whose password is a secret."""
    return "Basic " + base64.b64encode(f"daywatch:{secret}".encode()).decode()


def digest(secret: str, content: bytes) -> str:
    """Return an HMAC-SHA-256 in hexadecimal."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
