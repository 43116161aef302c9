"""G6 and G7: what keeps Daywatch from moving too much or too often. Pure."""

from datetime import timedelta

from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.guard_rules import ASKED, Answer, GuardRule


def _alone(facts: GuardFacts) -> Answer:
    others = facts.moves.others
    return Answer(
        passed=not others,
        seen=f"under way: {', '.join(others)}" if others else "no other is under way",
        needed="no other rollback of this alias under way or being verified",
    )


def _few_in_fleet(facts: GuardFacts) -> Answer:
    moved_today, most = facts.moves.fleet_today, facts.moves.fleet_most
    by_hand = facts.rollback.is_manual
    return Answer(
        passed=by_hand or moved_today < most,
        seen=ASKED if by_hand else f"{moved_today} models rolled back unasked today",
        needed=f"fewer than {most}; many at once have a common cause",
    )


def _cool_down(facts: GuardFacts) -> Answer:
    """Keep Daywatch from moving an alias back and forth."""
    wait = facts.contract.policy.cool_down_days
    moves = facts.moves
    if moves.last_at is None:
        passed, observed = True, "never moved by Daywatch"
    elif moves.last_at > facts.now:
        # Days since an instant that has not come cannot be counted.
        passed = wait == 0
        observed = (
            f"moved {moves.last_at:%Y-%m-%d %H:%M} UTC, after now: the clock is off"
        )
    else:
        passed = moves.valid_days >= wait
        observed = f"{moves.valid_days} valid days since the last move"
    return Answer(
        passed=passed,
        seen=observed,
        needed=f"{wait} valid days since the last move",
    )


def _once_a_month(facts: GuardFacts) -> Answer:
    wait = facts.contract.response.automatic_every_days
    last = facts.moves.last_automatic_at
    days = None if last is None else (facts.now - last) / timedelta(days=1)
    by_hand = facts.rollback.is_manual
    observed = "never" if days is None else f"{days:.1f} days ago"
    return Answer(
        passed=by_hand or days is None or days >= wait,
        seen=ASKED if by_hand else f"moved unasked: {observed}",
        needed=f"one move unasked in {wait} days",
    )


PACE_GUARDS = (
    GuardRule(group="G6", name="only_rollback", ask=_alone, skippable=True),
    GuardRule(group="G6", name="few_in_fleet", ask=_few_in_fleet, skippable=True),
    GuardRule(group="G7", name="cool_down", ask=_cool_down, skippable=True),
    GuardRule(group="G7", name="few_automatic", ask=_once_a_month, skippable=True),
)
