"""Where the trouble comes from: the cause rules, in order. Pure.

Deterministic: the first rule that fits names the cause and the findings that chose it.
Only the rule `_model` can lead to a rollback. What fits none of them is `undetermined`:
a person should look.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import keeps_promises
from monitoring_tasks.decide.corruption import corrupted, corrupted_columns
from monitoring_tasks.decide.drift_causes import (
    concept_drift,
    covariate_drift,
    label_quality,
)
from monitoring_tasks.decide.scope import is_protected
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms, keys_of
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.incident_context import PeerModel
from monitoring_tasks.domain.reasons import Reason, ReasonCode

TOGETHER = timedelta(days=1)
"""Breaches that begin so close to each other began together."""


CauseRule = Callable[[Symptoms, Contract], Diagnosis | None]


def triage(symptoms: Symptoms, contract: Contract) -> Diagnosis:
    """Return the cause of a confirmed performance breach on fit data.

    Args:
        symptoms: What is wrong with the day.
        contract: Policies and objectives of the model.
    """
    for rule in CAUSE_RULES:
        diagnosis = rule(symptoms, contract)
        if diagnosis is not None:
            return diagnosis
    return Diagnosis(
        cause=Cause.UNDETERMINED,
        reason=reason(ReasonCode.NO_CAUSE_FITS),
        evidence=keys_of(symptoms.scope.broken),
    )


def provisional_cause(symptoms: Symptoms, contract: Contract) -> Diagnosis:
    """Return the cause of a breach so grave that it does not wait to be confirmed.

    One day is too little to blame the model or the world.

    Args:
        symptoms: What is wrong with the day.
        contract: Names the protected columns.
    """
    return _segment(symptoms, contract) or Diagnosis(
        cause=Cause.UNDETERMINED,
        reason=reason(ReasonCode.TOO_GRAVE_TO_WAIT),
        evidence=keys_of(symptoms.scope.broken),
    )


def _lost_predictions(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Integration: more labels than usual belong to no prediction of the day."""
    orphans = symptoms.context.orphans
    if orphans is None:
        return None
    usual = orphans.usual or 0.0
    if orphans.share <= usual + contract.policy.severity.orphan_share:
        return None
    return Diagnosis(
        cause=Cause.INTEGRATION,
        reason=reason(ReasonCode.PREDICTIONS_LOST, share=orphans.share, usual=usual),
        evidence=("label_counts/orphans",),
    )


def _common_cause(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Common cause: other models of the workspace broke at the same time."""
    others = broke_together(symptoms, contract)
    if not others:
        return None
    return Diagnosis(
        cause=Cause.COMMON_CAUSE,
        reason=reason(
            ReasonCode.MODELS_BROKE_TOGETHER,
            count=len(others) + 1,
            models=symptoms.context.models,
            others=[other.model for other in others],
        ),
        evidence=tuple(f"decision/{other.model}" for other in others),
    )


def broke_together(symptoms: Symptoms, contract: Contract) -> tuple[PeerModel, ...]:
    """Return the other models that share a cause with this one; none if they are few.

    A peer whose own version is proven to be the cause needs no common one.

    Args:
        symptoms: Onset of this model's breach, and its peers.
        contract: Says how many models, or what share of them, are not a coincidence.
    """
    policy = contract.policy.severity
    others = tuple(
        other
        for other in symptoms.context.peers
        if abs(other.onset - symptoms.onset) <= TOGETHER
        and other.cause is not Cause.MODEL
    )
    count = len(others) + 1
    # A share of a small fleet may be this model alone.
    is_share = (
        policy.common_share is not None
        and count > 1
        and count >= policy.common_share * symptoms.context.models
    )
    return others if count >= policy.common_models or is_share else ()


def _segment(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Segment: no objective of the whole batch is broken, but one of a part is."""
    scope = symptoms.scope
    if not scope.segments:
        return None
    better = best_version(symptoms.comparisons, contract)
    worst = scope.broken[0]
    return Diagnosis(
        cause=Cause.SEGMENT,
        reason=reason(
            ReasonCode.SEGMENT_WORSE_OFF,
            is_protected=any(is_protected(f, contract) for f in scope.broken),
            segments=list(scope.segments),
            finding=f"{worst.measurement.metric} {worst.reason}",
            better=better.version if better else None,
        ),
        evidence=keys_of(scope.broken),
    )


def _unequal(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Segment: all rows suffer, and some protected group far more than the others.

    A gap between groups does not widen because all of them do worse. Comes once the
    model, the labels and the inputs are ruled out: what is left changed for one group.
    """
    gaps = [
        f
        for f in symptoms.scope.broken
        if f.measurement.kind is Kind.FAIRNESS and is_protected(f, contract)
    ]
    if not gaps:
        return None
    worst = gaps[0].measurement
    return Diagnosis(
        cause=Cause.SEGMENT,
        reason=reason(
            ReasonCode.GROUPS_UNEQUAL,
            column=worst.column,
            finding=f"{worst.metric} {gaps[0].reason}",
            remark=worst.reason,
        ),
        evidence=keys_of(gaps),
    )


def _model(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Model: another version is better on the same rows, soon after a release."""
    better = best_version(symptoms.comparisons, contract)
    if better is None:
        return None
    evidence = (f"comparison/{better.version}", *keys_of(symptoms.scope.broken))
    since, most_days = symptoms.version_since, contract.policy.onset_days
    # A version that served well for weeks did not become bad by itself.
    if since is None or (symptoms.onset - since).days > most_days:
        return Diagnosis(
            cause=Cause.UNDETERMINED,
            reason=reason(
                ReasonCode.BETTER_VERSION_NO_RELEASE,
                better=better.version,
                most_days=most_days,
                version=symptoms.version,
            ),
            evidence=evidence,
        )
    return Diagnosis(
        cause=Cause.MODEL,
        reason=_version_better(better, symptoms, since),
        rollback_to=better.version,
        evidence=evidence,
    )


def _version_better(better: Comparison, symptoms: Symptoms, since: date) -> Reason:
    return reason(
        ReasonCode.VERSION_BETTER,
        version=better.version,
        by="by estimate " if better.basis is Basis.ESTIMATED else "",
        rows=better.rows,
        metric=better.metric,
        value=better.candidate,
        live=better.champion,
        gain=better.gain,
        lower=better.lower,
        upper=better.upper,
        onset=str(symptoms.onset),
        served=symptoms.version,
        since=str(since),
    )


def _unsettled(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Undetermined: a new version, and nobody knows whether another one is better.

    A version that served well for longer than a release can be blamed is not the cause.
    """
    if symptoms.days_before_onset > contract.policy.onset_days:
        return None
    perhaps = [c for c in symptoms.comparisons if _may_explain(c, symptoms, contract)]
    if symptoms.is_measured and not perhaps:
        return None
    evidence: tuple[str, ...] = ()
    if perhaps:
        best = max(perhaps, key=lambda c: c.upper or 0.0)
        why = reason(
            ReasonCode.VERSION_MAY_BE_BETTER,
            version=best.version,
            metric=best.metric,
            gain=best.gain,
            lower=best.lower,
            upper=best.upper,
        )
        evidence = tuple(f"comparison/{c.version}" for c in perhaps)
    else:
        unmeasured = [c.reason for c in symptoms.comparisons if c.reason]
        why = reason(ReasonCode.NO_VERSION_MEASURED, why=unmeasured)
    return Diagnosis(
        cause=Cause.UNDETERMINED,
        reason=why,
        evidence=(*evidence, *keys_of(symptoms.scope.broken)),
    )


def _may_explain(
    comparison: Comparison, symptoms: Symptoms, contract: Contract
) -> bool:
    """Whether the release may have cost `explained_share` of the loss, and a margin.

    As far as the interval reaches; a version that would break the objectives as well
    explains nothing. A loss nobody knows may be as small as the margin.
    """
    if comparison.upper is None or not keeps_promises(comparison, contract.objectives):
        return False
    losses = [
        effect.realized
        for effect in symptoms.context.effects
        if (effect.version, effect.metric, effect.segment)
        == (symptoms.version, comparison.metric, "all")
        and effect.realized is not None
    ]
    policy = contract.policy
    least = policy.severity.explained_share * max(losses, default=0.0)
    return comparison.upper > max(least, policy.versions.margin)


CAUSE_RULES: tuple[CauseRule, ...] = (
    _lost_predictions,
    _common_cause,
    corrupted_columns,
    _segment,
    _model,
    _unsettled,
    corrupted,
    label_quality,
    covariate_drift,
    _unequal,
    concept_drift,
)
"""The order is the policy: what would make a comparison of versions meaningless (lost
predictions, an upstream fault, damaged columns, a mere segment) goes before the model,
the model before the world, and what is known before what is left over."""


def best_version(
    comparisons: Sequence[Comparison], contract: Contract
) -> Comparison | None:
    """Return the version that is surely better and good enough to serve.

    Args:
        comparisons: Other versions on the same rows.
        contract: Its margin says what is better, its objectives what is good enough.

    Returns:
        Of several the one whose gain is surely the largest; None without one.
    """
    margin = contract.policy.versions.margin
    proven = [
        c
        for c in comparisons
        if c.is_better_by(margin) and keeps_promises(c, contract.objectives)
    ]
    return max(proven, key=lambda c: c.lower or 0.0, default=None)
