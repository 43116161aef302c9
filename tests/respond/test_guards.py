from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.autonomy import AutonomyLevel, ResponseMode
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.guard_facts import PastMoves, TargetFacts
from monitoring_tasks.respond.guards import check_guards
from tests.builders import DAY, NOW, make_columns, make_rollback
from tests.respond.guard_cases import (
    APPROVED,
    BY_HAND,
    FREEZE,
    ago,
    agreed,
    compared,
    failed,
    group,
    held,
    judged,
    make_guard_facts,
    moves,
    seen,
    target,
)

NAN = float("nan")
PROTECTED = make_columns(protected=["sex"]).model_dump()
NAMES = {
    "G1": ["breach_confirmed"],
    "G2": [
        "better_on_same_rows",
        "target_good_enough",
        "target_fair",
        "groups_measured",
    ],
    "G3": ["cause_is_model", "data_is_fit"],
    "G4": ["recent_release"],
    "G5": [
        *("target_ready", "target_loads", "same_signature", "target_approved"),
        *("target_not_withdrawn", "target_young_enough"),
    ],
    "G6": ["only_rollback", "few_in_fleet"],
    "G7": ["cool_down", "few_automatic"],
    "G8": ["alias_unchanged"],
    "G9": ["may_act"],
    "G10": ["scheduled_run"],
    "G11": ["decision_fresh", "evidence_unchanged"],
    "G12": ["no_kill_switch", "no_freeze", "no_legal_hold"],
    "G13": ["one_alias"],
}
NEVER_SKIPPED = {
    *("target_ready", "target_loads", "same_signature", "alias_unchanged"),
    *("may_act", "decision_fresh", "evidence_unchanged", "no_legal_hold"),
    *("scheduled_run", "one_alias"),
}


def test_every_guard_is_asked_and_holds() -> None:
    """In a fixed order, each with what it saw and what was needed."""
    guards = check_guards(make_guard_facts())
    names = [(guard.group, guard.name) for guard in guards]
    assert names == [(group, name) for group in NAMES for name in NAMES[group]]
    assert all(guard.passed and guard.seen and guard.needed for guard in guards)


def test_guards_that_may_be_skipped_are_those_on_evidence_and_restraint() -> None:
    """What makes a move safe or lawful at all holds for everybody."""
    guards = check_guards(make_guard_facts())
    assert {guard.name for guard in guards if not guard.skippable} == NEVER_SKIPPED


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (judged(confirmed=False), "breach_confirmed"),
        (judged(doubt="its estimates were off"), "breach_confirmed"),
        (compared(lower=0.0), "better_on_same_rows"),
        (compared(lower=NAN), "better_on_same_rows"),
        (compared(gain=0.2, lower=-0.1), "better_on_same_rows"),
        (compared(candidate=0.5), "target_good_enough"),
        (compared(candidate=NAN), "target_good_enough"),
        (compared(groups=(group(upper=-0.001),)), "target_fair"),
        (compared(groups=(group(upper=NAN),)), "target_fair"),
        (agreed(columns=PROTECTED), "groups_measured"),
        (compared(unmeasured=("sex=x (3 rows)",)), "groups_measured"),
        (judged(cause="concept_drift"), "cause_is_model"),
        (judged(cause=None), "cause_is_model"),
        *((judged(data=v), "data_is_fit") for v in Verdict if v not in {"ok", "warn"}),
        (judged(onset=None), "recent_release"),
        (judged(live_since=None), "recent_release"),
        (target(is_ready=False), "target_ready"),
        (target(exists=False), "target_ready"),
        (target(loaded=False), "target_loads"),
        (target(signature="other"), "same_signature"),
        (target(signature=""), "same_signature"),
        ({"live_signature": "other"}, "same_signature"),
        (agreed(response={"target_tags": {"ok": "yes"}}), "target_approved"),
        (target(quarantine="rolled back"), "target_not_withdrawn"),
        (target(trained_until=None), "target_young_enough"),
        (moves(others=("rollback-1",)), "only_rollback"),
        (moves(fleet_today=1), "few_in_fleet"),
        (moves(last_at=ago(days=3), valid_days=3), "cool_down"),
        (moves(last_automatic_at=ago(days=9)), "few_automatic"),
        ({"alias_version": "3"}, "alias_unchanged"),
        ({"alias_version": "1"}, "alias_unchanged"),
        ({"alias_version": None}, "alias_unchanged"),
        *(
            ({"autonomy": AutonomyLevel(mode=mode, why="-")}, "may_act")
            for mode in ResponseMode
            if mode is not ResponseMode.AUTO
        ),
        *((judged(mode=m), "scheduled_run") for m in Mode if m is not Mode.LIVE),
        ({"digest": "f" * 64}, "evidence_unchanged"),
        (held(HoldKind.KILL_SWITCH), "no_kill_switch"),
        (held(HoldKind.LEGAL_HOLD), "no_legal_hold"),
        (agreed(response={"freezes": [FREEZE]}), "no_freeze"),
        ({"rollback": make_rollback(to_version="2")}, "one_alias"),
        ({"rollback": make_rollback(alias="shadow")}, "one_alias"),
    ],
)
def test_each_guard_fails_alone(parts: dict[str, Any], name: str) -> None:
    """One fault is one guard, so that the journal says what stood in the way."""
    assert failed(**parts) == [name]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"comparison": None}, ["better_on_same_rows", "target_good_enough"]),
        (
            compared(champion=None, candidate=None, gain=None, lower=None, upper=None),
            ["better_on_same_rows", "target_good_enough"],
        ),
        (
            {"comparison": None} | agreed(columns=PROTECTED),
            ["better_on_same_rows", "target_good_enough", "groups_measured"],
        ),
        (
            {"target": TargetFacts(exists=False)},
            ["target_ready", "target_loads", "same_signature", "target_young_enough"],
        ),
        (target(signature="") | {"live_signature": ""}, ["same_signature"]),
        (
            judged(
                confirmed=False,
                cause=None,
                data=Verdict.NO_DATA,
                onset=None,
                live_since=None,
            ),
            ["breach_confirmed", "cause_is_model", "data_is_fit", "recent_release"],
        ),
    ],
)
def test_missing_evidence_holds_no_guard(
    parts: dict[str, Any], names: list[str]
) -> None:
    """What was not seen is not seen to be good."""
    assert failed(**parts) == names


@pytest.mark.parametrize(
    "parts",
    [
        agreed(policy={"cool_down_days": 0}) | moves(last_at=NOW),
        agreed(response={"automatic_every_days": 0}) | moves(last_automatic_at=NOW),
        agreed(response={"target_tags": {"ok": "yes"}}) | target(tags={"ok": "yes"}),
        agreed(columns=PROTECTED) | compared(groups=(group(),)),
        target(is_fallback=True, trained_until=None),
        judged(data=Verdict.WARN),
    ],
)
def test_what_the_contract_allows_holds(parts: dict[str, Any]) -> None:
    """No wait where none is agreed; rules do not age."""
    assert failed(**parts) == []


@pytest.mark.parametrize(
    ("parts", "still"),
    [
        ({"autonomy": AutonomyLevel(mode=ResponseMode.OBSERVE, why="-")}, []),
        (moves(fleet_today=5, last_automatic_at=NOW), []),
        (judged(mode=Mode.BACKFILL), []),
        (judged(day=DAY - timedelta(days=99), onset=DAY, live_since=DAY), []),
        (held(HoldKind.LEGAL_HOLD), []),
        (held(HoldKind.KILL_SWITCH), ["no_kill_switch"]),
        (judged(confirmed=False), ["breach_confirmed"]),
        (moves(last_at=NOW), ["cool_down"]),
    ],
)
def test_person_is_held_back_by_less(parts: dict[str, Any], still: list[str]) -> None:
    """What keeps Daywatch from acting unasked does not; what was measured does."""
    if parts.get("judged") and parts["judged"].day < DAY:
        parts = parts | target(trained_until=parts["judged"].day)
    assert failed(rollback=BY_HAND, **parts) == still


@pytest.mark.parametrize("rollback", [APPROVED, BY_HAND])
def test_person_answers_for_groups_nobody_could_measure(rollback: Any) -> None:  # noqa: ANN401 (two rollbacks)
    """Such a group is shown and decided about; one that is worse off still holds."""
    unmeasured = compared(unmeasured=("sex=x (3 rows)",))
    autonomy = AutonomyLevel(mode=ResponseMode.APPROVE, why="-")
    assert failed(rollback=rollback, autonomy=autonomy, **unmeasured) == []
    assert seen("groups_measured", rollback=rollback, **unmeasured) == (
        "not measured: sex=x (3 rows); kim answers for it"
    )
    worse = compared(unmeasured=("sex=x (3 rows)",), groups=(group(upper=-0.1),))
    assert failed(rollback=rollback, autonomy=autonomy, **worse) == ["target_fair"]


@pytest.mark.parametrize("rollback", [APPROVED, BY_HAND])
def test_approval_answers_for_the_level_and_a_legal_hold(rollback: Any) -> None:  # noqa: ANN401 (two rollbacks)
    """The journal says who answers for it; the fleet and the clock still hold it."""
    autonomy = AutonomyLevel(mode=ResponseMode.APPROVE, why="-")
    hold = held(HoldKind.LEGAL_HOLD)
    assert failed(rollback=rollback, autonomy=autonomy, **hold) == []
    assert seen("no_legal_hold", rollback=rollback, **hold) == (
        "audit (jo, hold-1); kim answers for it"
    )


def test_approval_lifts_no_kill_switch_and_no_backfill() -> None:
    """A person who approves answers for one move of a live day, no more."""
    parts = held(HoldKind.KILL_SWITCH) | judged(mode=Mode.REPLAY)
    assert failed(rollback=APPROVED, **parts) == ["scheduled_run", "no_kill_switch"]


@pytest.mark.parametrize(
    ("name", "parts", "text"),
    [
        ("better_on_same_rows", compared(gain=None, reason="9 rows"), "9 rows"),
        ("better_on_same_rows", {"comparison": None}, "not measured"),
        (
            "better_on_same_rows",
            {},
            "gain 0.1000 [0.0500, 0.1500] roc_auc on 900 rows of 1 days",
        ),
        ("target_good_enough", compared(candidate=NAN), "not measured"),
        ("groups_measured", agreed(columns=PROTECTED), "not measured: no group of sex"),
        ("target_loads", target(loaded=False), "it was not tried"),
        ("target_loads", target(loaded=False, load_reason="no file"), "no file"),
        ("cool_down", moves(last_at=NOW, valid_days=2), "2 valid days since"),
        ("cool_down", moves(last_at=ago(days=-1)), "after now: the clock is off"),
        ("few_automatic", moves(last_automatic_at=ago(hours=36)), "1.5 days ago"),
        ("alias_unchanged", {"alias_version": None}, "alias at version none"),
        ("decision_fresh", {"now": NOW - timedelta(hours=1)}, "the clock went back"),
        ("no_kill_switch", held(HoldKind.KILL_SWITCH), "audit (jo, hold-1)"),
        ("only_rollback", {"moves": PastMoves(others=("a", "b"))}, "a, b"),
    ],
)
def test_guard_says_what_it_saw(name: str, parts: dict[str, Any], text: str) -> None:
    """Whoever reads a refusal sees the figures."""
    assert text in seen(name, **parts)
