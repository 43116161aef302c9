"""What each service takes, from its documented limits, as JSON Schemas.

`utf16MaxLength` counts as Java and JavaScript do; Atlassian, Slack and Microsoft run on
them.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

Schema = dict[str, Any]


def utf16_max(
    _: object, most: int, text: object, __: object
) -> Iterator[ValidationError]:
    """Complain of a text with more UTF-16 units than fit."""
    if isinstance(text, str) and len(text.encode("utf-16-le")) // 2 > most:
        yield ValidationError(f"more than {most} UTF-16 units")


Validator = extend(Draft202012Validator, {"utf16MaxLength": utf16_max})


def text(most: int, least: int = 1) -> Schema:
    """Return the schema of a text of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": most}


def units(most: int) -> Schema:
    """Return the schema of a text of so many UTF-16 units."""
    return {"type": "string", "minLength": 1, "utf16MaxLength": most}


def exactly(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with these keys and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def several(item: Schema, most: int, least: int = 0) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item, "maxItems": most, "minItems": least}


ANY = {"type": "string"}
WEB = {"type": "string", "pattern": "^https?://[!-~]+$"}
TEXTS = {"type": "object", "additionalProperties": ANY}
WHEN = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$"}
ROUTING = {"routing_key": text(64)}
PD_LINKS = several(exactly({"href": WEB, "text": ANY}), 50)
PAGERDUTY_EVENT: Schema = {
    "oneOf": [
        exactly(
            ROUTING
            | {
                "event_action": {"const": "trigger"},
                "dedup_key": text(255),
                "payload": exactly(
                    {
                        "summary": text(1024),
                        "source": text(255),
                        "severity": {"enum": ["critical", "error", "warning", "info"]},
                    },
                    {
                        "timestamp": WHEN,
                        "component": ANY,
                        "group": ANY,
                        "class": ANY,
                        "custom_details": TEXTS,
                    },
                ),
            },
            {"links": PD_LINKS, "client": ANY, "client_url": WEB},
        ),
        exactly(
            ROUTING
            | {
                "event_action": {"enum": ["acknowledge", "resolve"]},
                "dedup_key": text(255),
            }
        ),
    ]
}
PAGERDUTY_CHANGE = exactly(
    ROUTING
    | {
        "payload": exactly(
            {"summary": text(1024)},
            {"source": ANY, "timestamp": WHEN, "custom_details": TEXTS},
        )
    },
    {"links": PD_LINKS},
)
ALERT = exactly(
    {"message": text(130)},
    {
        "alias": text(512),
        "description": text(15_000, 0),
        "priority": {"enum": ["P1", "P2", "P3", "P4", "P5"]},
        "entity": text(512),
        "source": text(100),
        "tags": several(text(50), 20),
        "details": TEXTS,
        "user": text(100),
        "responders": several({"type": "object"}, 50, 1),
    },
)
ALERT_ACTION = exactly(
    {}, {"user": text(100), "source": text(100), "note": text(25_000)}
)
ADF = {
    "type": "object",
    "required": ["type", "version", "content"],
    "properties": {
        "type": {"const": "doc"},
        "version": {"const": 1},
        "content": several({"$ref": "#/$defs/node"}, 1000, 1),
    },
}
ADF_NODE: Schema = {
    "node": {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"enum": ["paragraph", "codeBlock", "text"]},
            "text": units(32_767),
            "content": several({"$ref": "#/$defs/node"}, 1000, 1),
        },
    }
}
PRIORITY = exactly({"name": {"enum": ["Highest", "High", "Medium", "Low"]}})
ISSUE = exactly(
    {
        "fields": exactly(
            {
                "project": exactly({"key": ANY}),
                "issuetype": exactly({"name": ANY}),
                "summary": units(255),
            },
            {
                "labels": several({"type": "string", "pattern": r"^\S{1,255}$"}, 20),
                "description": ADF,
                "priority": PRIORITY,
            },
        )
    }
) | {"$defs": ADF_NODE}
ISSUE_CHANGE = exactly(
    {"fields": exactly({}, {"summary": units(255), "priority": PRIORITY})}
)
COMMENT = exactly({"body": ADF}) | {"$defs": ADF_NODE}
SEARCH = exactly({"jql": ANY, "fields": several(ANY, 9, 1), "maxResults": {}})
STORAGE = exactly({"representation": {"const": "storage"}, "value": text(2_000_000)})
NEW_PAGE = exactly(
    {
        "spaceId": {"type": "string", "pattern": r"^\d+$"},
        "status": {"const": "current"},
        "title": units(255),
        "body": STORAGE,
    },
    {"parentId": {"type": "string", "pattern": r"^\d+$"}},
)
PAGE = exactly(
    {
        "id": ANY,
        "status": {"const": "current"},
        "title": units(255),
        "body": STORAGE,
        "version": exactly({"number": {"type": "integer"}, "message": units(255)}),
    }
)


def plain(most: int) -> Schema:
    """Return the schema of a plain text of a block."""
    kind = {"type": {"const": "plain_text"}, "text": units(most)}
    return exactly(kind, {"emoji": {"type": "boolean"}})


BUTTON = exactly(
    {"type": {"const": "button"}, "text": plain(75)},
    {"url": WEB, "action_id": text(255)},
)
BLOCKS = several(
    {
        "oneOf": [
            exactly({"type": {"const": "header"}, "text": plain(150)}),
            exactly({"type": {"const": "section"}, "text": plain(3000)}),
            exactly(
                {
                    "type": {"const": "section"},
                    "fields": several(plain(2000), 10, 1),
                }
            ),
            exactly({"type": {"const": "actions"}, "elements": several(BUTTON, 25, 1)}),
            exactly(
                {"type": {"const": "context"}, "elements": several(plain(3000), 10, 1)}
            ),
        ]
    },
    50,
    1,
)
NO_MENTION = {"type": "string", "not": {"pattern": "[<>]"}, "utf16MaxLength": 40_000}
POST_MESSAGE = exactly(
    {"channel": ANY, "text": NO_MENTION},
    {
        "blocks": BLOCKS,
        "thread_ts": ANY,
        "unfurl_links": {"const": False},
        "reply_broadcast": {"type": "boolean"},
    },
)
UPDATE_MESSAGE = exactly(
    {"channel": ANY, "ts": ANY, "text": NO_MENTION}, {"blocks": BLOCKS}
)
DELETE_MESSAGE = exactly({"channel": ANY, "ts": ANY})
CARD = exactly(
    {
        "type": {"const": "message"},
        "attachments": several(
            exactly(
                {
                    "contentType": {"const": "application/vnd.microsoft.card.adaptive"},
                    "contentUrl": {"type": "null"},
                    "content": {
                        "type": "object",
                        "required": ["type", "version", "body"],
                        "properties": {
                            "type": {"const": "AdaptiveCard"},
                            "version": {"const": "1.4"},
                            "actions": several({"type": "object"}, 6),
                        },
                    },
                }
            ),
            1,
            1,
        ),
    }
)
NOTICE = exactly(
    {
        "version": {"const": 1},
        "id": ANY,
        "occasion": ANY,
        "key": text(255),
        "incident": ANY,
        "model": text(10**6),
        "environment": ANY,
        "severity": {"enum": ["P0", "P1", "P2", "P3"]},
        "cause": ANY,
        "state": ANY,
        "at": WHEN,
        "since": {"type": ["string", "null"]},
        "headline": text(10**6),
        "lines": several(ANY, 11),
        "facts": several(exactly({"name": ANY, "value": ANY}), 1000),
        "links": several(exactly({"text": ANY, "href": ANY}), 1000),
        "owners": several(ANY, 1000),
        "commands": several(ANY, 1000),
    }
)
