"""Jira Cloud: one issue an incident, a comment for each thing that happens to it."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

from monitoring_tasks.channel_settings import JiraChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.errors import DeliveryRefusedError
from monitoring_tasks.respond.channels.atlassian import authorization, document_of
from monitoring_tasks.respond.channels.lengths import (
    shortened,
    utf16_units,
    web_links,
)
from monitoring_tasks.respond.channels.wording import (
    TALKS_OF_AN_INCIDENT,
    label_of,
    table_of,
)

PRIORITIES = {
    Severity.P0: "Highest",
    Severity.P1: "High",
    Severity.P2: "Medium",
    Severity.P3: "Low",
}
LONGEST_SUMMARY = 255
LONGEST_LINK = 2_000
MOST_LINKS = 10
GONE = frozenset({404})
TELLS = TALKS_OF_AN_INCIDENT | {Occasion.DEAD_LETTER, Occasion.TEST, Occasion.CANARY}
RANKED_ANEW = frozenset({Occasion.RAISED, Occasion.ESCALATED, Occasion.REOPENED})
"""Occasions at which the issue's priority and summary may be others."""


def exchange(
    notice: Notice,
    channel: JiraChannel,
    credentials: Credentials,
    receipt: JsonObject | None,
    *,
    now: datetime,  # noqa: ARG001 (every channel is called alike)
) -> Exchange:
    """Comment on the incident's issue; make it where there is none.

    An issue is found again by its label, the oldest first, so that all messages meet in
    one even if two were made. Its state is never changed: that is a person's.

    Args:
        notice: What to tell.
        channel: Site and project.
        credentials: Mail address and API token.
        receipt: Key of the issue; None for the first.
        now: When it is sent; unused, issues are dated by their receiver.

    Returns:
        The key of the issue.
    """
    site = _Site(channel, credentials)
    if notice.occasion is Occasion.CANARY:
        yield site.request("GET", f"project/{channel.project}")
        return receipt or {}
    key = str((receipt or {}).get("key") or "")
    if key and (yield from _commented(site, key, notice)):
        return {"key": key}
    key = yield from _search(site, label_of(notice))
    if key and (yield from _commented(site, key, notice)):
        return {"key": key}
    answer = yield site.request("POST", "issue", {"fields": _fields(notice, channel)})
    key = str(answer.document.get("key") or "")
    if not key:
        raise DeliveryRefusedError("Jira made an issue and named no key")
    return {"key": key}


class _Site:
    def __init__(self, channel: JiraChannel, credentials: Credentials) -> None:
        self.channel = channel
        self._headers = authorization(credentials) | {"Accept": "application/json"}

    def request(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        accepts: frozenset[int] = frozenset(),
    ) -> HttpRequest:
        return HttpRequest(
            method=method,
            url=f"{self.channel.url}/rest/api/3/{path}",
            headers=self._headers,
            body=body,
            accepts=accepts,
        )


def _commented(
    site: _Site, key: str, notice: Notice
) -> Generator[HttpRequest, HttpResponse, bool]:
    """Comment on an issue; return whether it is still there."""
    path = f"issue/{key}"
    if notice.occasion in RANKED_ANEW:
        ranked = {"fields": _ranked(notice, site.channel)}
        answer = yield site.request("PUT", path, ranked, GONE)
        if answer.status in GONE:
            return False
    body = {
        "body": document_of(
            notice.text.splitlines(), web_links(notice, LONGEST_LINK)[:3]
        )
    }
    answer = yield site.request("POST", f"{path}/comment", body, GONE)
    return answer.status not in GONE


def _search(site: _Site, label: str) -> Generator[HttpRequest, HttpResponse, str]:
    """Return the key of the oldest issue with a label; empty where there is none."""
    project = site.channel.project
    query = f'project = "{project}" AND labels = "{label}" ORDER BY created ASC'
    body = {"jql": query, "fields": ["key"], "maxResults": 1}
    answer = yield site.request("POST", "search/jql", body)
    issues = answer.document.get("issues") or [{}]
    return str(issues[0].get("key") or "")


def _fields(notice: Notice, channel: JiraChannel) -> dict[str, Any]:
    facts = [f"{name}: {value}" for name, value in table_of(notice)]
    links = web_links(notice, LONGEST_LINK)[:MOST_LINKS]
    return {
        "project": {"key": channel.project},
        "issuetype": {"name": channel.issue_type},
        "labels": ["daywatch", label_of(notice)],
        "description": document_of(
            [*notice.text.splitlines(), *facts], links, notice.commands
        ),
        **_ranked(notice, channel),
    }


def _ranked(notice: Notice, channel: JiraChannel) -> dict[str, Any]:
    summary = {"summary": shortened(notice.headline, LONGEST_SUMMARY, utf16_units)}
    if not channel.sets_priority:
        return summary
    return summary | {"priority": {"name": PRIORITIES[notice.severity]}}
