"""G8 to G13: whether this move may be made, by whom, on what, and now. Pure."""

from datetime import timedelta

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.guard_rules import ASKED, Answer, GuardRule
from monitoring_tasks.respond.plan import oldest_day


def _alias_unchanged(facts: GuardFacts) -> Answer:
    stands, judged = facts.alias_version, facts.rollback.from_version
    return Answer(
        passed=stands == judged,
        seen=f"alias at version {stands or 'none'}",
        needed=f"version {judged}, the one that was judged",
    )


def _may_act(facts: GuardFacts) -> Answer:
    """An answered approval is as good as a higher level; a person needs none."""
    rollback, autonomy = facts.rollback, facts.autonomy
    passed = rollback.is_manual or rollback.approver is not None
    observed = ASKED if rollback.is_manual else f"approved by {rollback.approver}"
    if not passed:
        passed, observed = (
            autonomy.mode is ResponseMode.AUTO,
            f"{autonomy.mode}: {autonomy.why}",
        )
    return Answer(
        passed=passed,
        seen=observed,
        needed="auto, granted or earned, or a person's approval",
    )


def _scheduled(facts: GuardFacts) -> Answer:
    mode = facts.judged.mode
    age = (day_of(facts.now, facts.contract.timezone) - facts.judged.day).days
    oldest = oldest_day(
        facts.contract, is_told_by_labels=facts.judged.is_told_by_labels
    )
    return Answer(
        passed=facts.rollback.is_manual or (mode is Mode.LIVE and 0 <= age <= oldest),
        seen=ASKED
        if facts.rollback.is_manual
        else f"a {mode} look at a day {age} days ago",
        needed=f"a live look at a day 0 to {oldest} days ago",
    )


def _fresh(facts: GuardFacts) -> Answer:
    rollback = facts.rollback
    hours = (facts.now - rollback.proposed_at) / timedelta(hours=1)
    return Answer(
        passed=rollback.proposed_at <= facts.now < rollback.expires_at,
        seen=f"decided {hours:.1f} hours ago"
        if hours >= 0
        else "decided in the future: the clock went back",
        needed=f"before {rollback.expires_at:%Y-%m-%d %H:%M} UTC",
    )


def _evidence_unchanged(facts: GuardFacts) -> Answer:
    decided, now = facts.rollback.evidence_digest, facts.digest
    return Answer(
        passed=decided == now,
        seen=f"evidence {now[:12]}",
        needed=f"evidence {decided[:12]}, what the decision rests on",
    )


def _no_kill_switch(facts: GuardFacts) -> Answer:
    return _not_held(facts, HoldKind.KILL_SWITCH, "no kill switch")


def _no_legal_hold(facts: GuardFacts) -> Answer:
    """Under a legal hold a person has to approve; the evidence is kept anyway."""
    rollback = facts.rollback
    answer = _not_held(facts, HoldKind.LEGAL_HOLD, "no legal hold, or an approval")
    if answer.passed or not (rollback.is_manual or rollback.approver):
        return answer
    return Answer(
        passed=True,
        seen=f"{answer.seen}; {rollback.approver or rollback.actor} answers for it",
        needed=answer.needed,
    )


def _not_held(facts: GuardFacts, kind: HoldKind, needed: str) -> Answer:
    held = [hold for hold in facts.holds if hold.kind is kind]
    observed = "; ".join(f"{hold.reason} ({hold.actor}, {hold.id})" for hold in held)
    return Answer(
        passed=not held,
        seen=observed or "none",
        needed=needed,
    )


def _no_freeze(facts: GuardFacts) -> Answer:
    today = day_of(facts.now, facts.contract.timezone)
    frozen = [f for f in facts.contract.response.freezes if f.first <= today <= f.last]
    return Answer(
        passed=not frozen,
        seen="; ".join(f"until {f.last}: {f.reason}" for f in frozen) or "none",
        needed="no freeze of the contract today",
    )


def _one_alias(facts: GuardFacts) -> Answer:
    rollback = facts.rollback
    alias = facts.contract.alias
    return Answer(
        passed=rollback.to_version != rollback.from_version and rollback.alias == alias,
        seen=(
            f"alias '{rollback.alias}' from {rollback.from_version} "
            f"to {rollback.to_version}"
        ),
        needed=f"alias '{alias}' to another version; nothing is deleted",
    )


RESTRAINT_GUARDS = (
    GuardRule(group="G8", name="alias_unchanged", ask=_alias_unchanged),
    GuardRule(group="G9", name="may_act", ask=_may_act),
    GuardRule(group="G10", name="scheduled_run", ask=_scheduled),
    GuardRule(group="G11", name="decision_fresh", ask=_fresh),
    GuardRule(group="G11", name="evidence_unchanged", ask=_evidence_unchanged),
    GuardRule(group="G12", name="no_kill_switch", ask=_no_kill_switch, skippable=True),
    GuardRule(group="G12", name="no_freeze", ask=_no_freeze, skippable=True),
    GuardRule(group="G12", name="no_legal_hold", ask=_no_legal_hold),
    GuardRule(group="G13", name="one_alias", ask=_one_alias),
)
