"""Facts under which every guard holds, to be spoilt part by part."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from monitoring_tasks.domain.autonomy import AutonomyLevel, ResponseMode
from monitoring_tasks.domain.comparisons import GroupGain
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.holds import Hold, HoldKind
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.guard_facts import (
    GuardFacts,
    JudgedDay,
    PastMoves,
    TargetFacts,
)
from monitoring_tasks.respond.guards import check_guards
from tests.builders import DAY, MODEL, NOW, make_comparison, make_contract
from tests.builders import make_rollback as make_rollback_case

TARGET = TargetFacts(
    exists=True,
    is_ready=True,
    signature="same",
    loaded=True,
    trained_until=date(2013, 6, 30),
)
JUDGED = JudgedDay(
    day=DAY,
    mode=Mode.LIVE,
    confirmed=True,
    cause="model",
    data=Verdict.OK,
    onset=DAY - timedelta(days=1),
    live_since=DAY - timedelta(days=2),
)
FREEZE = {"first": DAY, "last": DAY + timedelta(days=9), "reason": "year's end"}
BY_HAND = make_rollback_case(actor="kim", mode=ResponseMode.OBSERVE)
APPROVED = make_rollback_case(mode=ResponseMode.APPROVE, approver="kim")


def make_guard_facts(**parts: object) -> GuardFacts:
    """Return facts under which every guard holds, parts replaced."""
    known: dict[str, Any] = {
        "contract": make_contract(),
        "rollback": make_rollback_case(),
        "alias_version": "2",
        "live_signature": "same",
        "target": TARGET,
        "judged": JUDGED,
        "comparison": make_comparison(),
        "moves": PastMoves(),
        "autonomy": AutonomyLevel(mode=ResponseMode.AUTO, why="granted"),
        "holds": (),
        "digest": "e" * 64,
        "now": NOW,
    }
    return GuardFacts(**known | parts)


def failed(**parts: object) -> list[str]:
    """Return the names of the guards that do not hold."""
    return [g.name for g in check_guards(make_guard_facts(**parts)) if not g.passed]


def seen(name: str, **parts: object) -> str:
    """Return what a guard saw."""
    (guard,) = [g for g in check_guards(make_guard_facts(**parts)) if g.name == name]
    return guard.seen


def target(**parts: object) -> dict[str, Any]:
    """Return a target like the good one, parts replaced."""
    return {"target": replace(TARGET, **parts)}  # type: ignore[arg-type]


def judged(**parts: object) -> dict[str, Any]:
    """Return a finding like the bad one, parts replaced."""
    return {"judged": replace(JUDGED, **parts)}  # type: ignore[arg-type]


def compared(**parts: object) -> dict[str, Any]:
    """Return a comparison like the good one, parts replaced."""
    return {"comparison": make_comparison(**parts)}


def agreed(**parts: object) -> dict[str, Any]:
    """Return a contract that agrees otherwise."""
    return {"contract": make_contract(**parts)}


def moves(**parts: object) -> dict[str, Any]:
    """Return what was moved before."""
    return {"moves": PastMoves(**parts)}  # type: ignore[arg-type]


def held(kind: HoldKind) -> dict[str, Any]:
    """Return a hold."""
    hold = Hold(id="hold-1", model=MODEL, kind=kind, reason="audit", actor="jo", at=NOW)
    return {"holds": (hold,)}


def ago(**parts: float) -> datetime:
    """Return an instant before now."""
    return NOW - timedelta(**parts)


def group(upper: float = 0.1) -> GroupGain:
    """Return how a protected group would fare."""
    return GroupGain(column="sex", value="f", gain=0, lower=-0.1, upper=upper, rows=100)
