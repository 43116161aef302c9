"""G6 to G13: what keeps Daywatch from doing too much, too often or too late. Pure."""

from datetime import timedelta

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.plan import oldest_day
from monitoring_tasks.respond.situation import Situation

ASKED = "a person asked"


def restraint_guards(situation: Situation) -> list[Guard]:
    """Ask what holds for moves as such, whatever the evidence."""
    return [
        _alone(situation),
        _few_in_fleet(situation),
        _cool_down(situation),
        _once_a_month(situation),
        _alias_unchanged(situation),
        _rung(situation),
        _scheduled(situation),
        _fresh(situation),
        _evidence_unchanged(situation),
        _no_kill_switch(situation),
        _no_freeze(situation),
        _no_legal_hold(situation),
        _one_alias(situation),
    ]


def _alone(situation: Situation) -> Guard:
    others = situation.moves.others
    return Guard(
        group="G6",
        name="only_rollback",
        passed=not others,
        seen=f"under way: {', '.join(others)}" if others else "no other is under way",
        needed="no other rollback of this alias under way or being verified",
        skippable=True,
    )


def _few_in_fleet(situation: Situation) -> Guard:
    seen, most = situation.moves.fleet_today, situation.moves.fleet_most
    by_hand = situation.wish.is_by_hand
    return Guard(
        group="G6",
        name="few_in_fleet",
        passed=by_hand or seen < most,
        seen=ASKED if by_hand else f"{seen} models rolled back unasked today",
        needed=f"fewer than {most}; many at once have a common cause",
        skippable=True,
    )


def _cool_down(situation: Situation) -> Guard:
    """Keep Daywatch from moving an alias back and forth."""
    wait = situation.contract.policy.cool_down_days
    moves = situation.moves
    if moves.last_at is None:
        passed, seen = True, "never moved by Daywatch"
    elif moves.last_at > situation.now:
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


def _once_a_month(situation: Situation) -> Guard:
    wait = situation.contract.response.automatic_every_days
    last = situation.moves.last_automatic_at
    days = None if last is None else (situation.now - last) / timedelta(days=1)
    by_hand = situation.wish.is_by_hand
    seen = "never" if days is None else f"{days:.1f} days ago"
    return Guard(
        group="G7",
        name="few_automatic",
        passed=by_hand or days is None or days >= wait,
        seen=ASKED if by_hand else f"moved unasked: {seen}",
        needed=f"one move unasked in {wait} days",
        skippable=True,
    )


def _alias_unchanged(situation: Situation) -> Guard:
    stands, judged = situation.alias_version, situation.wish.from_version
    return Guard(
        group="G8",
        name="alias_unchanged",
        passed=stands == judged,
        seen=f"alias at version {stands or 'none'}",
        needed=f"version {judged}, the one that was judged",
    )


def _rung(situation: Situation) -> Guard:
    """An answered approval is as good as a higher rung; a person needs none."""
    wish, rung = situation.wish, situation.rung
    passed = wish.is_by_hand or wish.approver is not None
    seen = ASKED if wish.is_by_hand else f"approved by {wish.approver}"
    if not passed:
        passed, seen = rung.mode is ResponseMode.AUTO, f"{rung.mode}: {rung.why}"
    return Guard(
        group="G9",
        name="may_act",
        passed=passed,
        seen=seen,
        needed="auto, granted or earned, or a person's approval",
    )


def _scheduled(situation: Situation) -> Guard:
    mode = situation.judged.mode
    age = (
        day_of(situation.now, situation.contract.timezone) - situation.judged.day
    ).days
    oldest = oldest_day(
        situation.contract, is_told_by_labels=situation.judged.is_told_by_labels
    )
    return Guard(
        group="G10",
        name="scheduled_run",
        passed=situation.wish.is_by_hand or (mode is Mode.LIVE and 0 <= age <= oldest),
        seen=ASKED
        if situation.wish.is_by_hand
        else f"a {mode} look at a day {age} days ago",
        needed=f"a live look at a day 0 to {oldest} days ago",
    )


def _fresh(situation: Situation) -> Guard:
    wish = situation.wish
    hours = (situation.now - wish.proposed_at) / timedelta(hours=1)
    return Guard(
        group="G11",
        name="decision_fresh",
        passed=wish.proposed_at <= situation.now < wish.expires_at,
        seen=f"decided {hours:.1f} hours ago"
        if hours >= 0
        else "decided in the future: the clock went back",
        needed=f"before {wish.expires_at:%Y-%m-%d %H:%M} UTC",
    )


def _evidence_unchanged(situation: Situation) -> Guard:
    decided, now = situation.wish.evidence_digest, situation.digest
    return Guard(
        group="G11",
        name="evidence_unchanged",
        passed=decided == now,
        seen=f"evidence {now[:12]}",
        needed=f"evidence {decided[:12]}, what the decision rests on",
    )


def _no_kill_switch(situation: Situation) -> Guard:
    return _not_held(situation, HoldKind.KILL_SWITCH, "no kill switch", skippable=True)


def _no_legal_hold(situation: Situation) -> Guard:
    """Under a legal hold a person has to approve; the evidence is kept anyway."""
    wish = situation.wish
    guard = _not_held(situation, HoldKind.LEGAL_HOLD, "no legal hold, or an approval")
    if guard.passed or not (wish.is_by_hand or wish.approver):
        return guard
    return Guard(
        group=guard.group,
        name=guard.name,
        passed=True,
        seen=f"{guard.seen}; {wish.approver or wish.actor} answers for it",
        needed=guard.needed,
    )


def _not_held(
    situation: Situation, kind: HoldKind, needed: str, *, skippable: bool = False
) -> Guard:
    held = [hold for hold in situation.holds if hold.kind is kind]
    seen = "; ".join(f"{one.reason} ({one.actor}, {one.id})" for one in held)
    return Guard(
        group="G12",
        name=f"no_{kind}",
        passed=not held,
        seen=seen or "none",
        needed=needed,
        skippable=skippable,
    )


def _no_freeze(situation: Situation) -> Guard:
    today = day_of(situation.now, situation.contract.timezone)
    frozen = [
        f for f in situation.contract.response.freezes if f.first <= today <= f.last
    ]
    return Guard(
        group="G12",
        name="no_freeze",
        passed=not frozen,
        seen="; ".join(f"until {f.last}: {f.reason}" for f in frozen) or "none",
        needed="no freeze of the contract today",
        skippable=True,
    )


def _one_alias(situation: Situation) -> Guard:
    wish = situation.wish
    alias = situation.contract.alias
    return Guard(
        group="G13",
        name="one_alias",
        passed=wish.to_version != wish.from_version and wish.alias == alias,
        seen=f"alias '{wish.alias}' from {wish.from_version} to {wish.to_version}",
        needed=f"alias '{alias}' to another version; nothing is deleted",
    )
