from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import News
from monitoring_tasks.settings import Settings, load_settings
from monitoring_tasks.workspace.routing import next_digest, routes_for, rules_for
from tests.builders import make_contract, make_incident

NIGHT = datetime(2026, 3, 6, 23, tzinfo=UTC)  # a Friday
HOOKS = {n: {"kind": "webhook", "connection": n} for n in ("oncall", "team", "boss")}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three channels, and no rule."""
    monkeypatch.setenv("DAYWATCH_CHANNELS", str(HOOKS))
    return load_settings(tmp_path)


def routed(
    settings: Settings,
    notify: dict[str, Any],
    *,
    occasion: Occasion = Occasion.OPENED,
    **parts: object,
) -> dict[str, tuple[bool, datetime]]:
    """Return where an incident's news goes: channel, whether gathered, and when."""
    contract = make_contract(notify=notify, timezone="Europe/Berlin")
    incident = make_incident(**{"severity": Severity.P1} | parts)
    news = News(
        occasion=occasion,
        subject={},
        incident=incident,
        model=incident.model,
        severity=incident.severity,
        at=NIGHT,
        key="k",
    )
    routes = routes_for(news, rules_for(contract, settings), contract, settings)
    return {r.channel: (r.is_gathered, r.due_at) for r in routes}


def test_without_rules_grave_news_goes_everywhere_at_once(settings: Settings) -> None:
    """And the rest once a day."""
    now, morning = (False, NIGHT), (True, datetime(2026, 3, 7, 7, tzinfo=UTC))
    assert routed(settings, {}) == dict.fromkeys(HOOKS, now)
    assert routed(settings, {}, severity=Severity.P2) == dict.fromkeys(HOOKS, morning)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"severity": ["P0"]}, False),
        ({"cause": ["data", "model"]}, True),
        ({"cause": ["data"]}, False),
        ({"segment": ["sex"]}, True),
        ({"segment": ["sex=female"]}, True),
        ({"segment": ["sex=male"]}, False),
        ({"owner": ["team"]}, True),
        ({"owner": ["others"], "cause": ["model"]}, False),
    ],
)
def test_a_rule_fits_by_all_that_it_says(
    settings: Settings, rule: dict[str, Any], *, fits: bool
) -> None:
    """What it leaves out fits everything."""
    notify = {"routes": [{"to": ["team"], **rule}]}
    sent = routed(settings, notify, cause=Cause.MODEL, segments=("sex=female",))
    assert set(sent) == ({"team"} if fits else set())


def test_working_hours_are_the_models_own(settings: Settings) -> None:
    """A Friday night waits for Monday, nine in Berlin; the urgent rule wins."""
    asleep = {"to": ["team", "oncall"], "hours": "working"}
    notify = {"routes": [asleep, {"to": ["oncall"], "severity": ["P1"]}]}
    monday = datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert routed(settings, notify) == {
        "team": (False, monday),
        "oncall": (False, NIGHT),
    }


def test_escalation_asks_the_next_and_then_the_graver(settings: Settings) -> None:
    """Step after step; after the last those who hear of a P0."""
    notify = {
        "routes": [
            {"to": ["oncall"], "severity": ["P1"]},
            {"to": ["boss"], "severity": ["P0"]},
        ],
        "escalation": [{"to": ["team"]}],
    }
    asked = [
        sorted(routed(settings, notify, occasion=Occasion.ESCALATED, escalation=steps))
        for steps in (1, 2)
    ]
    assert asked == [["oncall", "team"], ["boss", "team"]]


def test_a_digest_is_of_the_next_morning() -> None:
    """At its hour itself it is the day after."""
    seven = datetime(2026, 3, 7, 7, tzinfo=UTC)
    assert next_digest(NIGHT, 7) == seven
    assert next_digest(seven, 7) == datetime(2026, 3, 8, 7, tzinfo=UTC)
