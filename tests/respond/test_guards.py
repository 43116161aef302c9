from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.evaluations import Comparison
from monitoring_tasks.respond.guards import (
    EVIDENCE_GUARDS,
    Evidence,
    TargetFacts,
    check_guards,
)
from tests.builders import NOW, make_comparison, make_contract

TARGET = TargetFacts(
    exists=True,
    is_ready=True,
    signature="same",
    loaded=True,
)
NAMES = [
    *("alias_unchanged", "target_differs", "target_ready", "target_loads"),
    *("same_signature", "breach_confirmed", "cause_is_model", "better_on_same_rows"),
    *("target_good_enough", "cool_down"),
]


def evidence(**parts: object) -> Evidence:
    """Give evidence under which every guard holds."""
    known: dict[str, Any] = {
        "contract": make_contract(),
        "judged_version": "2",
        "alias_version": "2",
        "live_signature": "same",
        "target": TARGET,
        "confirmed": True,
        "cause": "model",
        "comparison": make_comparison(),
        "last_move": None,
        "now": NOW,
    }
    return Evidence(**known | parts)


def failed(found: Evidence, to_version: str = "1") -> list[str]:
    """Give the names of the guards that do not hold."""
    return [g.name for g in check_guards(found, to_version) if not g.passed]


def moved(days: int, from_version: str = "3") -> dict[str, Any]:
    """Give the journal's line of a move some days ago."""
    return {"at": NOW - timedelta(days=days), "from_version": from_version}


def test_all_guards_are_asked_and_hold() -> None:
    """Every guard answers, with what it saw, in a fixed order."""
    guards = check_guards(evidence(), "1")
    assert [guard.name for guard in guards] == NAMES
    assert all(guard.passed and guard.seen for guard in guards)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        pytest.param({"alias_version": "3"}, "alias_unchanged", id="somebody moved it"),
        pytest.param({"alias_version": None}, "alias_unchanged", id="no alias"),
        pytest.param({"target": replace(TARGET, is_ready=False)}, "target_ready"),
        pytest.param({"target": replace(TARGET, exists=False)}, "target_ready"),
        pytest.param({"target": replace(TARGET, loaded=False)}, "target_loads"),
        pytest.param({"target": replace(TARGET, signature="other")}, "same_signature"),
        pytest.param({"live_signature": "other"}, "same_signature", id="live differs"),
        pytest.param({"confirmed": False}, "breach_confirmed"),
        pytest.param({"cause": "concept_drift"}, "cause_is_model", id="the world"),
        pytest.param({"cause": None}, "cause_is_model", id="no cause"),
        pytest.param(
            {"comparison": make_comparison(lower=0.01)},
            "better_on_same_rows",
            id="not past the margin",
        ),
        pytest.param(
            {"comparison": make_comparison(other=0.5)},
            "target_good_enough",
            id="no skill",
        ),
        pytest.param({"last_move": moved(6)}, "cool_down", id="six days ago"),
        pytest.param(
            {"last_move": moved(0, "1")}, "cool_down", id="away from it today"
        ),
        pytest.param({"last_move": moved(-1)}, "cool_down", id="in the future"),
    ],
)
def test_each_guard_fails_alone(parts: dict[str, Any], name: str) -> None:
    """One fault is one guard, so that the journal says what stood in the way."""
    assert failed(evidence(**parts)) == [name]


@pytest.mark.parametrize(
    "comparison",
    [
        pytest.param(None, id="not compared"),
        pytest.param(Comparison(version="1", metric="roc_auc"), id="not measured"),
    ],
)
def test_target_nobody_measured_is_neither_better_nor_good(
    comparison: Comparison | None,
) -> None:
    """Missing evidence holds no guard."""
    found = failed(evidence(comparison=comparison))
    assert found == ["better_on_same_rows", "target_good_enough"]


def test_no_recorded_signature_is_not_the_same_signature() -> None:
    """Two versions that recorded nothing are not known to take the same columns."""
    unknown = evidence(live_signature="", target=replace(TARGET, signature=""))
    assert failed(unknown) == ["same_signature"]


def test_target_must_be_another_version() -> None:
    """Putting the live version back is no remedy."""
    assert failed(evidence(), "2") == ["target_differs"]


def test_cool_down_is_over_after_the_days_of_the_contract() -> None:
    """Seven calendar days, by the model's own calendar."""
    assert failed(evidence(last_move=moved(7))) == []
    free = make_contract(policy={"cool_down_days": 0})
    assert failed(evidence(last_move=moved(0), contract=free)) == []


def test_guard_says_what_it_saw() -> None:
    """Whoever reads a refusal sees the figures."""
    few = make_comparison(gain=None, lower=None, reason="9 labelled rows are too few")
    seen = {g.name: g.seen for g in check_guards(evidence(comparison=few), "1")}
    assert seen["better_on_same_rows"] == "9 labelled rows are too few"
    seen = {
        g.name: g.seen for g in check_guards(evidence(last_move=moved(2, "1")), "1")
    }
    assert seen["cool_down"] == "moved 2 days ago, away from version 1"


def test_only_guards_on_evidence_may_be_overruled() -> None:
    """What the registry says holds for everybody."""
    assert {
        "breach_confirmed",
        "cause_is_model",
        "better_on_same_rows",
        "target_good_enough",
    } == EVIDENCE_GUARDS
