"""Opsgenie alerts, and those of its successor: the same bodies at another address."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from monitoring_tasks.channel_settings import JsmChannel, OpsgenieChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import (
    BEGINNINGS,
    ENDINGS,
    LONGEST_KEY,
    REHEARSALS,
    URGENT,
    Notice,
    Occasion,
)
from monitoring_tasks.respond.channels.lengths import (
    digest_of,
    shortened,
    shortened_key,
)
from monitoring_tasks.respond.channels.wording import CLIENT, source_of, table_of

PRIORITIES = {
    Severity.P0: "P1",
    Severity.P1: "P2",
    Severity.P2: "P3",
    Severity.P3: "P5",
}
LONGEST_MESSAGE = 130
LONGEST_DESCRIPTION = 15_000
LONGEST_ENTITY = 512
LONGEST_SOURCE = 100
LONGEST_TAG = 50
LONGEST_DETAILS = 8_000
"""Names and values of the details together, in characters."""
LONGEST_NOTE = 25_000
REHEARSAL_ALIAS = "daywatch-rehearsal"
TELLS = (
    URGENT
    | ENDINGS
    | REHEARSALS
    | {Occasion.ACKNOWLEDGED, Occasion.ALIAS_MOVED, Occasion.MITIGATING}
)


def exchange(
    notice: Notice,
    channel: OpsgenieChannel | JsmChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,  # noqa: ARG001 (every channel is called alike)
) -> Exchange:
    """Open, note, acknowledge or close an alert.

    An alert that was raised or escalated pages again only as a new one: it is opened
    under an alias of its own, then the one before is closed.

    Args:
        notice: What to tell.
        channel: Where alerts go.
        credentials: The integration key is their password.
        receipt: Alias of the open alert; None for the first.
        now: When it is sent; unused, alerts are dated by their receiver.

    Returns:
        The alias of the alert that is open, or was last.
    """
    key = _alias_of(notice.key)
    alias = str((receipt or {}).get("alias") or key)
    if notice.occasion in REHEARSALS:
        # Closing what is not there is taken by whoever takes the key; it pages nobody.
        yield _about(
            channel, credentials, REHEARSAL_ALIAS, action="close", notice=notice
        )
        return receipt or {}
    if notice.occasion in BEGINNINGS | {Occasion.DEAD_LETTER}:
        yield _post(channel, credentials, "", _alert(notice, channel, key))
        return {"alias": key}
    if notice.occasion in URGENT:
        again = shortened_key(f"{key}.{digest_of(notice.id)}", LONGEST_ENTITY)
        yield _post(channel, credentials, "", _alert(notice, channel, again))
        if again != alias:
            yield _about(channel, credentials, alias, action="close", notice=notice)
        return {"alias": again}
    yield _about(
        channel, credentials, alias, action=_action(notice.occasion), notice=notice
    )
    return {"alias": alias}


def _alias_of(key: str) -> str:
    """Return a key as one part of a path."""
    plain = f"{key.replace('/', '-')}-{digest_of(key)}" if "/" in key else key
    return shortened_key(plain, LONGEST_KEY)


def _action(occasion: Occasion) -> str:
    if occasion in ENDINGS:
        return "close"
    return "acknowledge" if occasion is Occasion.ACKNOWLEDGED else "notes"


def _about(
    channel: OpsgenieChannel | JsmChannel,
    credentials: Credentials,
    alias: str,
    *,
    action: str,
    notice: Notice,
) -> HttpRequest:
    """Return what is asked about an alert that is there."""
    path = f"/{quote(alias, safe='')}/{action}?identifierType=alias"
    body = {
        "user": CLIENT,
        "source": shortened(source_of(notice), LONGEST_SOURCE),
        "note": shortened(notice.text, LONGEST_NOTE),
    }
    return _post(channel, credentials, path, body)


def _post(
    channel: OpsgenieChannel | JsmChannel,
    credentials: Credentials,
    path: str,
    body: dict[str, Any],
) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=f"{channel.url}/v2/alerts{path}",
        headers={"Authorization": f"GenieKey {credentials.password}"},
        body=body,
    )


def _alert(
    notice: Notice, channel: OpsgenieChannel | JsmChannel, alias: str
) -> dict[str, Any]:
    links = [f"{link.text}: {link.href}" for link in notice.links]
    facts = [f"{name}: {value}" for name, value in table_of(notice)]
    description = "\n".join([notice.text, *links, *notice.commands, *facts])
    tags = ("daywatch", notice.model, notice.severity.value, notice.cause)
    responders = [{"type": "team", "name": name} for name in channel.responders]
    return {
        "message": shortened(notice.headline, LONGEST_MESSAGE),
        "alias": alias,
        "description": shortened(description, LONGEST_DESCRIPTION),
        "priority": PRIORITIES[notice.severity],
        "entity": shortened(notice.model, LONGEST_ENTITY),
        "source": shortened(source_of(notice), LONGEST_SOURCE),
        "tags": [shortened(tag, LONGEST_TAG) for tag in tags if tag],
        "details": _details(notice),
        "user": CLIENT,
        **({"responders": responders} if responders else {}),
    }


def _details(notice: Notice) -> dict[str, str]:
    room, details = LONGEST_DETAILS, {}
    for name, value in table_of(notice):
        room -= len(name) + len(value)
        if room < 0:
            break
        details[name] = value
    return details
