"""Notices to be told, and the channels they go through."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from monitoring_tasks.channel_settings import ChannelSettings
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Link, Notice, Occasion

Json: TypeAlias = Any
"""Whatever JSON holds, and whatever a keyword takes."""
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
SECRET = "s3cr3t-0123456789abcdef"  # noqa: S105 (made up)
OPENED = Notice(
    id="incident-1:opened:1",
    occasion=Occasion.OPENED,
    key="daywatch:production:churn-model-2026-03-01",
    incident="churn-model-2026-03-01",
    model="churn",
    environment="production",
    severity=Severity.P1,
    cause="model",
    state="open",
    at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
    since=date(2026, 3, 1),
    headline="churn: roc_auc 0.61 (0.58 to 0.64), promised 0.75, since 2026-03-01",
    lines=("Version 7 serves; version 6 is better on the same rows.", "2 of 3 days."),
    facts=(("version", "7"), ("rows a day", "4,711")),
    links=(Link(text="The day", href="https://host.example/churn/2026-03-01.html"),),
    owners=("ada@example.org",),
    commands=("daywatch rollback churn --to 6 --reason '...'",),
)
SETTINGS: dict[str, dict[str, Any]] = {
    "pagerduty": {},
    "opsgenie": {"responders": ["ml"]},
    "jsm": {},
    "jira": {"url": "https://acme.atlassian.net", "project": "ML"},
    "confluence": {"url": "https://acme.atlassian.net", "space": "ML", "parent": "9"},
    "slack": {"channel": "C0123"},
    "teams": {},
    "webhook": {"signing_connection": "signing"},
    "email": {"to": ["ada@example.org", "bob@example.org"], "sender": "dw@example.org"},
    "apprise": {},
}
OVER_HTTP = sorted(set(SETTINGS) - {"email", "apprise"})
HOOK = f"https://hooks.example.org/workflows/{SECRET}/run?sig={SECRET}"


def about(occasion: Occasion, **changes: Json) -> Notice:
    """Return a notice of the same incident on another occasion."""
    changed = {"id": f"incident-1:{occasion}:1", "occasion": occasion, **changes}
    return replace(OPENED, **changed)


def settings_of(kind: str, **changes: Json) -> ChannelSettings:
    """Return the settings of a channel."""
    values = {"kind": kind, "connection": kind, **SETTINGS[kind], **changes}
    return TypeAdapter[ChannelSettings](ChannelSettings).validate_python(values)


def credentials_for(kind: str, address: str = HOOK) -> Credentials:
    """Return what opens a channel; of some the address itself is the secret."""
    if kind in {"jira", "confluence"}:
        return Credentials(name=kind, login="ada@example.org", password=SECRET)
    if kind in {"teams", "webhook"}:
        return Credentials(name=kind, url=address, extra={"secret": SECRET})
    return Credentials(name=kind, password=SECRET)
