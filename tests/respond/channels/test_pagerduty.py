import json

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.respond.channels.table import begin
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    SECRET,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver


def sent(notice: Notice, receipt: Json = None) -> tuple[str, Json, Json]:
    """Tell PagerDuty; return the path, the event and the receipt."""
    receiver = Receiver("pagerduty")
    channel = settings_of("pagerduty")
    exchange = begin(notice, channel, credentials_for("pagerduty"), receipt, now=NOW)
    receipt = receiver.play(exchange)
    ((_, path, event),) = receiver.calls
    return path, event, receipt


def test_the_event_of_an_incident_is_this() -> None:
    """Every field where PagerDuty wants it."""
    path, event, receipt = sent(OPENED)
    key = "daywatch:production:churn-model-2026-03-01"
    page = "https://host.example/churn/2026-03-01.html"
    assert (path, receipt) == ("/v2/enqueue", {"dedup_key": key, "action": "trigger"})
    assert event == {
        "routing_key": SECRET,
        "event_action": "trigger",
        "dedup_key": key,
        "payload": {
            "summary": OPENED.headline,
            "source": "daywatch:production",
            "severity": "error",
            "timestamp": "2026-03-02T06:00:00+00:00",
            "component": "churn",
            "group": "production",
            "class": "model",
            "custom_details": {
                "text": OPENED.text,
                "commands": "daywatch rollback churn --to 6 --reason '...'",
                "model": "churn",
                "severity": "P1",
                "cause": "model",
                "state": "open",
                "since": "2026-03-01",
                "incident": "churn-model-2026-03-01",
                "environment": "production",
                "owners": "ada@example.org",
                "version": "7",
                "rows a day": "4,711",
            },
        },
        "links": [{"href": page, "text": "The day"}],
        "client": "Daywatch",
        "client_url": page,
    }


@pytest.mark.parametrize(
    ("occasion", "action"),
    [
        ("reopened", "trigger"),
        ("raised", "trigger"),
        ("escalated", "trigger"),
        ("dead_letter", "trigger"),
        ("acknowledged", "acknowledge"),
        ("resolved", "resolve"),
        ("false_positive", "resolve"),
        ("merged", "resolve"),
        ("closed", "resolve"),
    ],
)
def test_each_occasion_has_its_action(occasion: str, action: str) -> None:
    """Under the same key from beginning to end."""
    path, event, receipt = sent(about(Occasion(occasion)))
    assert (path, event["event_action"]) == ("/v2/enqueue", action)
    assert receipt == {"dedup_key": OPENED.key, "action": action}


@pytest.mark.parametrize("occasion", ["alias_moved", "canary", "test"])
def test_what_pages_nobody_is_a_change_event(occasion: str) -> None:
    """It shows up beside incidents, and leaves the receipt as it was."""
    before = {"dedup_key": OPENED.key, "action": "trigger"}
    path, event, receipt = sent(about(Occasion(occasion)), before)
    assert (path, receipt) == ("/v2/change/enqueue", before)
    assert "event_action" not in event


def test_severities_are_pagerdutys() -> None:
    """P0 is critical, P3 informs."""
    words = [
        sent(about(Occasion.OPENED, severity=severity))[1]["payload"]["severity"]
        for severity in Severity
    ]
    assert words == ["critical", "error", "warning", "info"]


def test_what_the_summary_has_no_room_for_is_in_the_details() -> None:
    """A cut text says that it was cut, and is whole elsewhere."""
    headline = "churn: " + "é" * 2_000
    details = sent(about(Occasion.OPENED, headline=headline))[1]["payload"]
    assert (len(details["summary"]), details["summary"][-1]) == (1024, "…")
    assert details["custom_details"]["text"].startswith(headline)


def test_an_event_stays_below_512_kilobytes() -> None:
    """However long the text, however many the facts; what is left out is counted."""
    notice = about(
        Occasion.OPENED, lines=('"' * 50_000,) * 11, facts=(("n", "🏴" * 300),) * 900
    )
    _, event, _ = sent(notice)
    assert len(json.dumps(event, ensure_ascii=False).encode()) <= 512_000
    assert "left out" in event["payload"]["custom_details"]
