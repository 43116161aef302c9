"""Confluence Cloud: one page an incident, always as things stand now.

What people write below the heading `Notes` stays as they wrote it.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from monitoring_tasks.channel_settings import ConfluenceChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.errors import DeliveryDelayedError, DeliveryRefusedError
from monitoring_tasks.respond.channels.atlassian import authorization
from monitoring_tasks.respond.channels.lengths import shortened, utf16_units, web_links
from monitoring_tasks.respond.channels.wording import (
    TALKS_OF_AN_INCIDENT,
    label_of,
    table_of,
)

LONGEST_TITLE = 255
LONGEST_MESSAGE = 200
LONGEST_LINE = 4_000
LONGEST_LINK = 2_000
TELLS = (TALKS_OF_AN_INCIDENT - {Occasion.ALIAS_MOVED}) | {
    Occasion.REVIEW,
    Occasion.TEST,
    Occasion.CANARY,
}
NOTES = re.compile(r"<h2[^>]*>\s*Notes\s*</h2>")
EMPTY_NOTES = (
    "<h2>Notes</h2><p>Write here; what stands below this heading stays as it is.</p>"
)
GONE, TAKEN, CHANGED = 404, 400, 409


def exchange(
    notice: Notice,
    channel: ConfluenceChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,  # noqa: ARG001 (every channel is called alike)
) -> Exchange:
    """Write the incident's page anew; make it where there is none.

    Its title is unique in its space, so that two who make it end in one page; its
    version says whether somebody wrote in between, which is then read again, once.

    Args:
        notice: What to tell.
        channel: Site and space.
        credentials: Mail address and API token.
        receipt: Id of the page; None for the first.
        now: When it is sent; unused, pages are dated by their receiver.

    Returns:
        Id and version of the page.
    """
    if notice.occasion is Occasion.CANARY:
        yield from _space_id(_Site(channel, credentials))
        return receipt or {}
    page = Page(
        title=title_of(notice), storage="".join(_parts(notice)), message=notice.headline
    )
    return (yield from publication(page, channel, credentials, receipt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says.

    Attributes:
        title: Unique in its space.
        storage: Its text, in Confluence's storage format.
        message: What is said of this version.
    """

    title: str
    storage: str
    message: str


def publication(
    page: Page,
    channel: ConfluenceChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
) -> Exchange:
    """Write a page anew; make it where there is none. What people noted on it stays.

    Args:
        page: What it says.
        channel: Site and space.
        credentials: Mail address and API token.
        receipt: Id of the page; None where it is not known.

    Returns:
        Id and version of the page.
    """
    site = _Site(channel, credentials)
    known_id = str((receipt or {}).get("page") or "")
    if known_id:
        version = yield from _written_anew(site, known_id, page)
        if version:
            return {"page": known_id, "version": version}
    space = yield from _space_id(site)
    page_id = yield from _id_of(site, space, page)
    said = "it is gone again"
    if not page_id:
        made = yield site.request("POST", "pages", _new(space, site.channel, page))
        if made.status != TAKEN:
            return {"page": str(made.document.get("id") or ""), "version": 1}
        said = credentials.redacted(made.body.decode("utf-8", "replace"))[:200]
        page_id = yield from _id_of(site, space, page)
    version = (yield from _written_anew(site, page_id, page)) if page_id else 0
    if not version:
        msg = f"Confluence neither makes nor finds '{page.title}': {said}"
        raise DeliveryRefusedError(msg)
    return {"page": page_id, "version": version}


def title_of(notice: Notice) -> str:
    """Return the title of an incident's page, the same from beginning to end."""
    about = notice.incident or f"{notice.model} {notice.occasion.value}"
    end = f" ({label_of(notice)})"
    room = LONGEST_TITLE - utf16_units(end)
    return shortened(f"Daywatch: {about}", room, utf16_units) + end


class _Site:
    def __init__(self, channel: ConfluenceChannel, credentials: Credentials) -> None:
        self.channel = channel
        self._headers = authorization(credentials) | {"Accept": "application/json"}

    def request(
        self, method: str, path: str, body: JsonObject | None = None
    ) -> HttpRequest:
        # A page that is gone, a title that is taken and a page that was changed are
        # answers, each to one kind of request.
        accepts = {"GET": {GONE}, "POST": {TAKEN}, "PUT": {CHANGED, GONE}}[method]
        return HttpRequest(
            method=method,
            url=f"{self.channel.url}/wiki/api/v2/{path}",
            headers=self._headers,
            body=body,
            accepts=frozenset(accepts),
        )


def _space_id(site: _Site) -> Generator[HttpRequest, HttpResponse, str]:
    key = site.channel.space
    answer = yield site.request("GET", f"spaces?{urlencode({'keys': key})}")
    number = _first_id(answer)
    if not number:
        msg = f"Confluence shows no space '{key}' to this login"
        raise DeliveryRefusedError(msg)
    return number


def _id_of(
    site: _Site, space_id: str, page: Page
) -> Generator[HttpRequest, HttpResponse, str]:
    query = urlencode({"space-id": space_id, "title": page.title})
    return _first_id((yield site.request("GET", f"pages?{query}")))


def _first_id(answer: HttpResponse) -> str:
    results = answer.document.get("results") or [{}]
    return str(results[0].get("id") or "")


def _written_anew(
    site: _Site, page_id: str, page: Page
) -> Generator[HttpRequest, HttpResponse, int]:
    """Write a page anew; return its version, 0 where there is no such page."""
    for _ in range(2):
        seen = yield site.request("GET", f"pages/{page_id}?body-format=storage")
        if seen.status == GONE:
            return 0
        version = int(seen.document.get("version", {}).get("number", 0)) + 1
        storage = seen.document.get("body", {}).get("storage", {}).get("value", "")
        message = shortened(page.message, LONGEST_MESSAGE, utf16_units)
        body = {
            "id": page_id,
            "status": "current",
            "title": page.title,
            "body": _body(page, _notes_of(str(storage))),
            "version": {"number": version, "message": message},
        }
        answer = yield site.request("PUT", f"pages/{page_id}", body)
        if answer.status == GONE:
            return 0
        if answer.status != CHANGED:
            return version
    msg = f"page {page_id} was written to by somebody else at the same time, twice"
    raise DeliveryDelayedError(msg)


def _notes_of(storage: str) -> str:
    heading = NOTES.search(storage)
    return storage[heading.start() :] if heading else EMPTY_NOTES


def _new(space_id: str, channel: ConfluenceChannel, page: Page) -> dict[str, Any]:
    below = {"parentId": channel.parent} if channel.parent else {}
    return {
        "spaceId": space_id,
        "status": "current",
        "title": page.title,
        "body": _body(page, EMPTY_NOTES),
        **below,
    }


def _body(page: Page, notes: str) -> dict[str, str]:
    return {"representation": "storage", "value": page.storage + notes}


def _parts(notice: Notice) -> tuple[str, ...]:
    rows = "".join(
        f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>"
        for name, value in table_of(notice)
    )
    links = "".join(
        f'<li><a href="{escape(link.href)}">{_text(link.text)}</a></li>'
        for link in web_links(notice, LONGEST_LINK)
    )
    return (
        f"<p><strong>{_text(notice.headline)}</strong></p>",
        *(f"<p>{_text(line)}</p>" for line in notice.lines),
        f"<table><tbody>{rows}</tbody></table>",
        f"<ul>{links}</ul>" if links else "",
        *(f"<p><code>{_text(command)}</code></p>" for command in notice.commands),
    )


def _text(text: str) -> str:
    return escape(shortened(text, LONGEST_LINE, utf16_units))
