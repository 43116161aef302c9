"""Notices to and from the JSON in which the outbox keeps them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.messages import Link, Notice, Occasion


def notice_to_json(notice: Notice) -> JsonObject:
    """Return a notice as JSON."""
    document: dict[str, Any] = plain_json(asdict(notice))
    return document | {"at": notice.at.isoformat()}


def notice_from_json(document: JsonObject) -> Notice:
    """Read a notice back."""
    since = document["since"]
    return Notice(
        **dict(document)
        | {
            "occasion": Occasion(document["occasion"]),
            "severity": Severity(document["severity"]),
            "at": datetime.fromisoformat(document["at"]),
            "since": date.fromisoformat(since) if since else None,
            "lines": tuple(document["lines"]),
            "facts": tuple((name, value) for name, value in document["facts"]),
            "links": tuple(Link(**link) for link in document["links"]),
            "owners": tuple(document["owners"]),
            "commands": tuple(document["commands"]),
        }
    )
