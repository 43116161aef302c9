"""G5: whether the version to put back may serve. Pure."""

from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.respond.guard_facts import GuardFacts


def target_guards(facts: GuardFacts) -> list[Guard]:
    """Ask the registry's facts; the technical ones hold for everybody."""
    return [
        _ready(facts),
        _loads(facts),
        _same_signature(facts),
        _tagged(facts),
        _not_withdrawn(facts),
        _young_enough(facts),
    ]


def _ready(facts: GuardFacts) -> Guard:
    target = facts.target
    return Guard(
        group="G5",
        name="target_ready",
        passed=target.exists and target.is_ready,
        seen="ready" if target.is_ready else "absent or not ready",
        needed="registered and ready",
    )


def _loads(facts: GuardFacts) -> Guard:
    target = facts.target
    return Guard(
        group="G5",
        name="target_loads",
        passed=target.loaded,
        seen="loaded and scored rows"
        if target.loaded
        else target.load_reason or "it was not tried",
        needed="loads and scores the latest rows",
    )


def _same_signature(facts: GuardFacts) -> Guard:
    signature = facts.target.signature
    same = bool(signature) and signature == facts.live_signature
    return Guard(
        group="G5",
        name="same_signature",
        passed=same,
        seen="the same" if same else "another input schema, or none recorded",
        needed="the live version's input schema",
    )


def _tagged(facts: GuardFacts) -> Guard:
    wanted = facts.contract.response.target_tags
    have = facts.target.tags
    absent = [f"{k}={v}" for k, v in wanted.items() if have.get(k) != v]
    seen = "the contract asks for none" if not wanted else "all there"
    return Guard(
        group="G5",
        name="target_approved",
        passed=not absent,
        seen=f"without {', '.join(absent)}" if absent else seen,
        needed=f"tags {', '.join(f'{k}={v}' for k, v in wanted.items()) or '(none)'}",
        skippable=True,
    )


def _not_withdrawn(facts: GuardFacts) -> Guard:
    why = facts.target.quarantine
    return Guard(
        group="G5",
        name="target_not_withdrawn",
        passed=not why,
        seen=f"withdrawn: {why}" if why else "never withdrawn",
        needed="a version that was not rolled back itself",
        skippable=True,
    )


def _young_enough(facts: GuardFacts) -> Guard:
    most = facts.contract.response.max_target_age_days
    target = facts.target
    if target.is_fallback:
        passed, seen = True, "the contract's fallback: rules do not age"
    elif target.trained_until is None:
        passed, seen = False, "its last training day is not recorded"
    else:
        age = (facts.judged.day - target.trained_until).days
        passed, seen = age <= most, f"trained until {age} days before"
    return Guard(
        group="G5",
        name="target_young_enough",
        passed=passed,
        seen=seen,
        needed=f"trained at most {most} days before",
        skippable=True,
    )
