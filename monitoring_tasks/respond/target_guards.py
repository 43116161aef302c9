"""G5: whether the version to put back may serve. Pure."""

from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.guard_rules import Answer, GuardRule


def _ready(facts: GuardFacts) -> Answer:
    target = facts.target
    return Answer(
        passed=target.exists and target.is_ready,
        seen="ready" if target.is_ready else "absent or not ready",
        needed="registered and ready",
    )


def _loads(facts: GuardFacts) -> Answer:
    target = facts.target
    return Answer(
        passed=target.loaded,
        seen="loaded and scored rows"
        if target.loaded
        else target.load_reason or "it was not tried",
        needed="loads and scores the latest rows",
    )


def _same_signature(facts: GuardFacts) -> Answer:
    signature = facts.target.signature
    # Without a recorded schema nobody can tell whether the job's rows fit it.
    same = bool(signature) and signature == facts.live_signature
    return Answer(
        passed=same,
        seen="the same" if same else "another input schema, or none recorded",
        needed="the live version's input schema",
    )


def _tagged(facts: GuardFacts) -> Answer:
    wanted = facts.contract.response.target_tags
    have = facts.target.tags
    absent = [f"{k}={v}" for k, v in wanted.items() if have.get(k) != v]
    observed = "the contract asks for none" if not wanted else "all there"
    return Answer(
        passed=not absent,
        seen=f"without {', '.join(absent)}" if absent else observed,
        needed=f"tags {', '.join(f'{k}={v}' for k, v in wanted.items()) or '(none)'}",
    )


def _not_withdrawn(facts: GuardFacts) -> Answer:
    why = facts.target.quarantine
    return Answer(
        passed=not why,
        seen=f"withdrawn: {why}" if why else "never withdrawn",
        needed="a version that was not rolled back itself",
    )


def _young_enough(facts: GuardFacts) -> Answer:
    most = facts.contract.response.max_target_age_days
    target = facts.target
    if target.is_fallback:
        passed, observed = True, "the contract's fallback: rules do not age"
    elif target.trained_until is None:
        passed, observed = False, "its last training day is not recorded"
    else:
        age = (facts.judged.day - target.trained_until).days
        passed, observed = age <= most, f"trained until {age} days before"
    return Answer(
        passed=passed,
        seen=observed,
        needed=f"trained at most {most} days before",
    )


TARGET_GUARDS = (
    GuardRule(group="G5", name="target_ready", ask=_ready),
    GuardRule(group="G5", name="target_loads", ask=_loads),
    GuardRule(group="G5", name="same_signature", ask=_same_signature),
    GuardRule(group="G5", name="target_approved", ask=_tagged, skippable=True),
    GuardRule(
        group="G5", name="target_not_withdrawn", ask=_not_withdrawn, skippable=True
    ),
    GuardRule(
        group="G5", name="target_young_enough", ask=_young_enough, skippable=True
    ),
)
