"""Asking Opsgenie, or Jira Service Management, what people did with our alerts."""

from base64 import b64encode
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from monitoring_tasks.channel_settings import JsmChannel, OpsgenieChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest, HttpResponse
from monitoring_tasks.domain.hearing import Heard, What
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.channels.inbound.opsgenie import FIELD
from monitoring_tasks.respond.channels.inbound.reading import (
    heard_of,
    instant_of,
    is_nobody,
    parts_at,
    text_at,
)

REPORTED = (
    (What.ACKNOWLEDGED, "acknowledgedBy", "ackTime"),
    (What.RESOLVED, "closedBy", "closeTime"),
)
"""In the report of an alert: who, and how many milliseconds after it was made."""
PAGE = 100
INTEGRATION = "/jsm/ops/integration"
Asking = Generator[HttpRequest, HttpResponse, None]


def exchange(
    channel: OpsgenieChannel | JsmChannel,
    name: str,
    credentials: Credentials,
    receipt: JsonObject,
    *,
    since: datetime,
    heard: list[Heard],
) -> Exchange:
    """Ask for the alert of an incident, and for its notes.

    Args:
        channel: The channel.
        name: Its name.
        credentials: Opsgenie: an API key. Jira Service Management: mail address and
            API token, with the site's id as the option `cloud_id`.
        receipt: The latest of the incident.
        since: From when on; aware.
        heard: Where it is put what people did, answer by answer.

    Raises:
        ConfigurationError: If the site's id is missing.
    """
    api = _Api(channel, name, credentials, since)
    alias = text_at(dict(receipt), FIELD)
    if alias:
        yield from api.of_alias(alias, heard)
    return {}


class _Api:
    def __init__(
        self,
        channel: OpsgenieChannel | JsmChannel,
        name: str,
        credentials: Credentials,
        since: datetime,
    ) -> None:
        self._name, self._since = name, since
        if isinstance(channel, OpsgenieChannel):
            self._alerts, self._size = f"{channel.url}/v2/alerts", "limit"
            self._login = f"GenieKey {credentials.password}"
            return
        site = credentials.extra.get("cloud_id", "")
        if not site:
            msg = f"connection '{credentials.name}' needs the option `cloud_id`"
            raise ConfigurationError(msg)
        base = channel.url.removesuffix(INTEGRATION)
        self._alerts = f"{base}/jsm/ops/api/{quote(site, safe='')}/v1/alerts"
        self._size = "size"
        login = f"{credentials.login}:{credentials.password}"
        self._login = f"Basic {b64encode(login.encode()).decode()}"

    def of_alias(self, alias: str, heard: list[Heard]) -> Asking:
        """Ask what people did with the newest alert of an alias."""
        # A search, because an alias alone names an alert only while that is open.
        asked = {
            "query": f'alias:"{alias}"',
            "sort": "createdAt",
            "order": "desc",
            self._size: 1,
        }
        answer = yield self._get(self._alerts, asked)
        for alert in _listed(answer)[:1]:
            if text_at(alert, FIELD) != alias:
                continue
            heard += self._reported(alert)
            notes = f"{self._alerts}/{quote(text_at(alert, 'id'), safe='')}/notes"
            answer = yield self._get(notes, {"order": "desc", self._size: PAGE})
            for note in _listed(answer):
                heard += self._noted(alert, note)

    def _reported(self, alert: dict[str, Any]) -> Iterator[Heard]:
        report = alert.get("report")
        begun = instant_of(alert["createdAt"])
        for what, by, after in REPORTED:
            who = text_at(report, by)
            if isinstance(report, dict) and not is_nobody(who):
                lasted = timedelta(milliseconds=float(report.get(after) or 0))
                yield heard_of(
                    event=f"{text_at(alert, 'id')}-{what}",
                    channel=self._name,
                    what=what,
                    who=who,
                    at=begun + lasted,
                    mark=(FIELD, text_at(alert, FIELD)),
                    other=text_at(alert, "id"),
                )

    def _noted(self, alert: dict[str, Any], note: dict[str, Any]) -> Iterator[Heard]:
        who, said = text_at(note, "owner"), text_at(note, "note")
        at = instant_of(note["createdAt"])
        if said.strip() and not is_nobody(who) and at >= self._since:
            yield heard_of(
                event=f"{text_at(alert, 'id')}-note-{text_at(note, 'offset') or at}",
                channel=self._name,
                what=What.NOTED,
                who=who,
                at=at,
                text=said,
                mark=(FIELD, text_at(alert, FIELD)),
                other=text_at(alert, "id"),
            )

    def _get(self, url: str, query: dict[str, Any]) -> HttpRequest:
        return HttpRequest(
            method="GET",
            url=f"{url}?{urlencode(query)}",
            headers={"Authorization": self._login},
        )


def _listed(answer: HttpResponse) -> list[dict[str, Any]]:
    """Return what an answer lists; the two services name it differently."""
    document = answer.document
    return parts_at(document, "data") or parts_at(document, "values")
