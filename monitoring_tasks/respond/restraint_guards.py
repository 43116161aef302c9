"""G6 to G13: what keeps Daywatch from doing too much, too often or too late. Pure."""

from datetime import timedelta

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.plan import oldest_day

ASKED = "a person asked"


def restraint_guards(facts: GuardFacts) -> list[Guard]:
    """Ask what holds for moves as such, whatever the evidence."""
    return [
        _alone(facts),
        _few_in_fleet(facts),
        _cool_down(facts),
        _once_a_month(facts),
        _alias_unchanged(facts),
        _rung(facts),
        _scheduled(facts),
        _fresh(facts),
        _evidence_unchanged(facts),
        _no_kill_switch(facts),
        _no_freeze(facts),
        _no_legal_hold(facts),
        _one_alias(facts),
    ]


def _alone(facts: GuardFacts) -> Guard:
    others = facts.moves.others
    return Guard(
        group="G6",
        name="only_rollback",
        passed=not others,
        seen=f"under way: {', '.join(others)}" if others else "no other is under way",
        needed="no other rollback of this alias under way or being verified",
        skippable=True,
    )


def _few_in_fleet(facts: GuardFacts) -> Guard:
    seen, most = facts.moves.fleet_today, facts.moves.fleet_most
    by_hand = facts.rollback.is_manual
    return Guard(
        group="G6",
        name="few_in_fleet",
        passed=by_hand or seen < most,
        seen=ASKED if by_hand else f"{seen} models rolled back unasked today",
        needed=f"fewer than {most}; many at once have a common cause",
        skippable=True,
    )


def _cool_down(facts: GuardFacts) -> Guard:
    """Keep Daywatch from moving an alias back and forth."""
    wait = facts.contract.policy.cool_down_days
    moves = facts.moves
    if moves.last_at is None:
        passed, seen = True, "never moved by Daywatch"
    elif moves.last_at > facts.now:
        passed = wait == 0
        seen = f"moved {moves.last_at:%Y-%m-%d %H:%M} UTC, after now: the clock is off"
    else:
        passed = moves.valid_days >= wait
        seen = f"{moves.valid_days} valid days since the last move"
    return Guard(
        group="G7",
        name="cool_down",
        passed=passed,
        seen=seen,
        needed=f"{wait} valid days since the last move",
        skippable=True,
    )


def _once_a_month(facts: GuardFacts) -> Guard:
    wait = facts.contract.response.automatic_every_days
    last = facts.moves.last_automatic_at
    days = None if last is None else (facts.now - last) / timedelta(days=1)
    by_hand = facts.rollback.is_manual
    seen = "never" if days is None else f"{days:.1f} days ago"
    return Guard(
        group="G7",
        name="few_automatic",
        passed=by_hand or days is None or days >= wait,
        seen=ASKED if by_hand else f"moved unasked: {seen}",
        needed=f"one move unasked in {wait} days",
        skippable=True,
    )


def _alias_unchanged(facts: GuardFacts) -> Guard:
    stands, judged = facts.alias_version, facts.rollback.from_version
    return Guard(
        group="G8",
        name="alias_unchanged",
        passed=stands == judged,
        seen=f"alias at version {stands or 'none'}",
        needed=f"version {judged}, the one that was judged",
    )


def _rung(facts: GuardFacts) -> Guard:
    """An answered approval is as good as a higher level; a person needs none."""
    rollback, autonomy = facts.rollback, facts.autonomy
    passed = rollback.is_manual or rollback.approver is not None
    seen = ASKED if rollback.is_manual else f"approved by {rollback.approver}"
    if not passed:
        passed, seen = (
            autonomy.mode is ResponseMode.AUTO,
            f"{autonomy.mode}: {autonomy.why}",
        )
    return Guard(
        group="G9",
        name="may_act",
        passed=passed,
        seen=seen,
        needed="auto, granted or earned, or a person's approval",
    )


def _scheduled(facts: GuardFacts) -> Guard:
    mode = facts.judged.mode
    age = (day_of(facts.now, facts.contract.timezone) - facts.judged.day).days
    oldest = oldest_day(
        facts.contract, is_told_by_labels=facts.judged.is_told_by_labels
    )
    return Guard(
        group="G10",
        name="scheduled_run",
        passed=facts.rollback.is_manual or (mode is Mode.LIVE and 0 <= age <= oldest),
        seen=ASKED
        if facts.rollback.is_manual
        else f"a {mode} look at a day {age} days ago",
        needed=f"a live look at a day 0 to {oldest} days ago",
    )


def _fresh(facts: GuardFacts) -> Guard:
    rollback = facts.rollback
    hours = (facts.now - rollback.proposed_at) / timedelta(hours=1)
    return Guard(
        group="G11",
        name="decision_fresh",
        passed=rollback.proposed_at <= facts.now < rollback.expires_at,
        seen=f"decided {hours:.1f} hours ago"
        if hours >= 0
        else "decided in the future: the clock went back",
        needed=f"before {rollback.expires_at:%Y-%m-%d %H:%M} UTC",
    )


def _evidence_unchanged(facts: GuardFacts) -> Guard:
    decided, now = facts.rollback.evidence_digest, facts.digest
    return Guard(
        group="G11",
        name="evidence_unchanged",
        passed=decided == now,
        seen=f"evidence {now[:12]}",
        needed=f"evidence {decided[:12]}, what the decision rests on",
    )


def _no_kill_switch(facts: GuardFacts) -> Guard:
    return _not_held(facts, HoldKind.KILL_SWITCH, "no kill switch", skippable=True)


def _no_legal_hold(facts: GuardFacts) -> Guard:
    """Under a legal hold a person has to approve; the evidence is kept anyway."""
    rollback = facts.rollback
    guard = _not_held(facts, HoldKind.LEGAL_HOLD, "no legal hold, or an approval")
    if guard.passed or not (rollback.is_manual or rollback.approver):
        return guard
    return Guard(
        group=guard.group,
        name=guard.name,
        passed=True,
        seen=f"{guard.seen}; {rollback.approver or rollback.actor} answers for it",
        needed=guard.needed,
    )


def _not_held(
    facts: GuardFacts, kind: HoldKind, needed: str, *, skippable: bool = False
) -> Guard:
    held = [hold for hold in facts.holds if hold.kind is kind]
    seen = "; ".join(f"{one.reason} ({one.actor}, {one.id})" for one in held)
    return Guard(
        group="G12",
        name=f"no_{kind}",
        passed=not held,
        seen=seen or "none",
        needed=needed,
        skippable=skippable,
    )


def _no_freeze(facts: GuardFacts) -> Guard:
    today = day_of(facts.now, facts.contract.timezone)
    frozen = [f for f in facts.contract.response.freezes if f.first <= today <= f.last]
    return Guard(
        group="G12",
        name="no_freeze",
        passed=not frozen,
        seen="; ".join(f"until {f.last}: {f.reason}" for f in frozen) or "none",
        needed="no freeze of the contract today",
        skippable=True,
    )


def _one_alias(facts: GuardFacts) -> Guard:
    rollback = facts.rollback
    alias = facts.contract.alias
    return Guard(
        group="G13",
        name="one_alias",
        passed=rollback.to_version != rollback.from_version and rollback.alias == alias,
        seen=(
            f"alias '{rollback.alias}' from {rollback.from_version} "
            f"to {rollback.to_version}"
        ),
        needed=f"alias '{alias}' to another version; nothing is deleted",
    )
