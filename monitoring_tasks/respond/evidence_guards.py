"""G1 to G4: whether the live version is to blame, and another one does better. Pure."""

from math import isfinite

from monitoring_tasks.contract.objectives import keeps_promises
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.guard_rules import Answer, GuardRule


def _confirmed(facts: GuardFacts) -> Answer:
    judged = facts.judged
    observed = "confirmed" if judged.confirmed else "not confirmed"
    return Answer(
        passed=judged.confirmed and not judged.doubt,
        seen=f"{observed}, but {judged.doubt}" if judged.doubt else observed,
        needed="a breach confirmed by labels, or by estimates that proved right",
    )


def _better(facts: GuardFacts) -> Answer:
    comparison = facts.comparison
    margin = facts.contract.policy.versions.margin
    return Answer(
        passed=comparison is not None and comparison.is_better_by(margin),
        seen=_gain(comparison),
        needed=f"the whole interval of the gain above {margin:g}",
    )


def _gain(comparison: Comparison | None) -> str:
    if comparison is None:
        return "not measured"
    if comparison.gain is None or comparison.lower is None or comparison.upper is None:
        return comparison.reason or "not measured"
    return (
        f"{comparison.basis} gain {comparison.gain:.4f} [{comparison.lower:.4f}, "
        f"{comparison.upper:.4f}] {comparison.metric} on {comparison.rows} rows of "
        f"{len(comparison.days)} days"
    )


def _good_enough(facts: GuardFacts) -> Answer:
    comparison = facts.comparison
    candidate = None if comparison is None else comparison.candidate
    measured = candidate is not None and isfinite(candidate)
    return Answer(
        passed=comparison is not None
        and measured
        and keeps_promises(comparison, facts.contract.objectives),
        seen=f"{comparison.metric} {comparison.candidate:.3f} on those rows"
        if comparison is not None and measured
        else "not measured",
        needed="more skill than chance, and what the contract promises",
    )


def _fair(facts: GuardFacts) -> Answer:
    """No protected group may surely be served worse than it is now."""
    protected = facts.contract.columns.protected
    groups = facts.comparison.groups if facts.comparison else ()
    worse = [g for g in groups if not g.upper >= 0]  # a NaN is no better than a loss
    observed = f"{len(groups)} groups measured, none is surely worse off"
    if worse:
        observed = "; ".join(
            f"{g.column}={g.value}: {g.gain:.4f} [{g.lower:.4f}, {g.upper:.4f}]"
            for g in worse
        )
    return Answer(
        passed=not worse,
        seen=observed if protected else "the contract names no protected attribute",
        needed="no protected group surely worse off than with the live version",
    )


def _groups_measured(facts: GuardFacts) -> Answer:
    """What a group would get must be known, or a person must answer for it."""
    protected = facts.contract.columns.protected
    rollback, comparison = facts.rollback, facts.comparison
    groups = comparison.groups if comparison else ()
    missing = [
        f"no group of {column}"
        for column in sorted(set(protected) - {g.column for g in groups})
    ]
    missing += comparison.unmeasured if comparison else ()
    observed = f"not measured: {', '.join(missing)}"
    answers = rollback.approver or (rollback.actor if rollback.is_manual else None)
    if missing and answers is not None:
        observed = f"{observed}; {answers} answers for it"
    return Answer(
        passed=not missing or answers is not None,
        seen=observed if missing else "every protected group",
        needed="every protected group measured on both versions, or an approval",
    )


def _cause(facts: GuardFacts) -> Answer:
    return Answer(
        passed=facts.judged.cause == "model",
        seen=facts.judged.cause or "no cause",
        needed="model",
    )


def _data(facts: GuardFacts) -> Answer:
    verdict = facts.judged.data
    return Answer(
        passed=verdict in {Verdict.OK, Verdict.WARN},
        seen=f"data {verdict} on {facts.judged.day}",
        needed="data that is fit to judge by",
    )


def _recent(facts: GuardFacts) -> Answer:
    onset, since = facts.judged.onset, facts.judged.live_since
    most = facts.contract.policy.onset_days
    observed = "it is not known when the trouble began or the version went live"
    passed = False
    if onset is not None and since is not None:
        days = (onset - since).days
        # Trouble that is older than the release is not its fault.
        passed = 0 <= days <= most
        observed = f"trouble since {onset}, version live since {since}: {days} days"
    return Answer(
        passed=passed,
        seen=observed,
        needed=f"trouble that began within {most} days of the release",
    )


EVIDENCE_GUARDS = (
    GuardRule(group="G1", name="breach_confirmed", ask=_confirmed, skippable=True),
    GuardRule(group="G2", name="better_on_same_rows", ask=_better, skippable=True),
    GuardRule(group="G2", name="target_good_enough", ask=_good_enough, skippable=True),
    GuardRule(group="G2", name="target_fair", ask=_fair, skippable=True),
    GuardRule(group="G2", name="groups_measured", ask=_groups_measured, skippable=True),
    GuardRule(group="G3", name="cause_is_model", ask=_cause, skippable=True),
    GuardRule(group="G3", name="data_is_fit", ask=_data, skippable=True),
    GuardRule(group="G4", name="recent_release", ask=_recent, skippable=True),
)
