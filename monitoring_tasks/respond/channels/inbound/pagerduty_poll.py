"""Asking PagerDuty what people did (REST API, version 2)."""

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from monitoring_tasks.channel_settings import PagerDutyChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.respond.channels.inbound.pagerduty import FIELD, MERGE, PEOPLE
from monitoring_tasks.respond.channels.inbound.reading import (
    heard_of,
    instant_of,
    parts_at,
    text_at,
)

ENTRIES = {
    "acknowledge_log_entry": What.ACKNOWLEDGED,
    "resolve_log_entry": What.RESOLVED,
    "annotate_log_entry": What.NOTED,
}
PAGE = 100
MOST_PAGES = 20
Asking = Generator[HttpRequest, HttpResponse, None]


def exchange(
    channel: PagerDutyChannel,
    name: str,
    credentials: Credentials,
    receipt: JsonObject,
    *,
    since: datetime,
    heard: list[Heard],
) -> Exchange:
    """Ask for what happened to an incident; where a door is open, only for its id.

    Args:
        channel: The channel.
        name: Its name.
        credentials: An API token is their password.
        receipt: The latest of the incident.
        since: From when on; aware.
        heard: Where it is put what people did, answer by answer.
    """
    api = _Api(channel, name, credentials, heard)
    key = text_at(dict(receipt), FIELD)
    if key:
        yield from api.of_key(key, since=since)
    return {}


class _Api:
    def __init__(
        self,
        channel: PagerDutyChannel,
        name: str,
        credentials: Credentials,
        heard: list[Heard],
    ) -> None:
        self._name, self._heard = name, heard
        # Events and answers are given at two addresses of one region.
        self._url = channel.url.replace("//events.", "//api.")
        self._headers = {
            "Accept": "application/vnd.pagerduty+json;version=2",
            "Authorization": f"Token token={credentials.password}",
        }
        self._only_names = channel.signing_connection is not None

    def of_key(self, key: str, *, since: datetime) -> Asking:
        """Ask what happened to the incidents of a key."""
        # PagerDuty shows the key of an alert, but not of its incident.
        query = {"incident_key": key, "date_range": "all", "limit": PAGE}
        answer = yield self._get("/incidents", query)
        for incident in parts_at(answer.document, "incidents"):
            self._heard.append(self._named(incident, key))
            if not self._only_names:
                yield from self._log_of(incident, key, since=since)

    def _named(self, incident: dict[str, Any], key: str) -> Heard:
        other = text_at(incident, "id")
        return heard_of(
            event=f"named-{other}",
            channel=self._name,
            what=What.NAMED,
            who="PagerDuty",
            at=instant_of(incident["created_at"]),
            mark=(FIELD, key),
            other=other,
        )

    def _log_of(self, incident: dict[str, Any], key: str, *, since: datetime) -> Asking:
        other = text_at(incident, "id")
        is_merged = text_at(incident, "resolve_reason", "type") == MERGE
        for page in range(MOST_PAGES):
            query = {
                "since": since.isoformat(),
                "limit": PAGE,
                "offset": page * PAGE,
            }
            answer = yield self._get(f"/incidents/{other}/log_entries", query)
            for entry in parts_at(answer.document, "log_entries"):
                self._heard += self._entry(entry, key, other, is_merged=is_merged)
            if answer.document.get("more") is not True:
                break

    def _entry(
        self, entry: dict[str, Any], key: str, other: str, *, is_merged: bool
    ) -> Iterator[Heard]:
        what = ENTRIES.get(text_at(entry, "type"))
        note = _note_of(entry)
        is_silent = what is What.NOTED and not note
        is_merge = what is What.RESOLVED and is_merged
        if what is None or is_silent or is_merge:
            return
        if text_at(entry, "agent", "type") in PEOPLE:
            yield heard_of(
                event=text_at(entry, "id"),
                channel=self._name,
                what=what,
                who=text_at(entry, "agent", "summary"),
                at=instant_of(entry["created_at"]),
                text=note,
                mark=(FIELD, key),
                other=other,
            )

    def _get(self, path: str, query: dict[str, Any]) -> HttpRequest:
        url = f"{self._url}{path}?{urlencode(query)}"
        return HttpRequest(method="GET", url=url, headers=self._headers)


def _note_of(entry: dict[str, Any]) -> str:
    said = (
        text_at(entry, "note"),
        text_at(entry, "channel", "content"),
        text_at(entry, "channel", "summary"),
    )
    return next(filter(None, said), "")
