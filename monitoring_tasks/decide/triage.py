"""Where the trouble comes from: the cause rules, in order. Pure.

Deterministic: the first rule that fits names the cause and the findings that chose it.
Only the rule `model_cause` can lead to a rollback. What fits none of them is
`undetermined`: a person should look.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.decide.corruption import corrupted, corrupted_columns
from monitoring_tasks.decide.drift_causes import (
    concept_drift,
    covariate_drift,
    label_quality,
)
from monitoring_tasks.decide.label_faults import faulty_labels
from monitoring_tasks.decide.labels import is_told_by_labels
from monitoring_tasks.decide.lost_predictions import ids_wrong, predictions_lost
from monitoring_tasks.decide.moved_numbers import jumped_inputs, moved_outputs
from monitoring_tasks.decide.reproduction import not_reproduced
from monitoring_tasks.decide.segment_causes import (
    segment_cause,
    segment_labels,
    unequal_groups,
)
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.decide.version_causes import (
    better_without_release,
    model_cause,
    unsettled_release,
)
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import decision_key, keys_of
from monitoring_tasks.domain.incident_context import PeerModel
from monitoring_tasks.domain.orphans import OrphanFault
from monitoring_tasks.domain.reasons import ReasonCode

TOGETHER = timedelta(days=1)
"""Breaches that begin so close to each other began together."""


CauseRule = Callable[[Symptoms], Diagnosis | None]


def triage(symptoms: Symptoms) -> Diagnosis:
    """Return the cause of a confirmed performance breach on fit data."""
    for rule in CAUSE_RULES:
        diagnosis = rule(symptoms)
        if diagnosis is not None:
            return diagnosis
    broken = keys_of(symptoms.scope.broken)
    return Diagnosis.of(Cause.UNDETERMINED, ReasonCode.NO_CAUSE_FITS, broken)


def provisional_cause(symptoms: Symptoms) -> Diagnosis:
    """Return the cause of a breach so grave that it does not wait to be confirmed.

    A first guess, by the rules that name the cause of a confirmed one, and said to be
    one: no version is put back or blamed on a single day, nor are other models.
    """
    alone = replace(symptoms, context=replace(symptoms.context, peers=()))
    guess = triage(alone)
    said = reason(ReasonCode.TOO_GRAVE_TO_WAIT)
    if guess.cause is not Cause.UNDETERMINED:
        text = f"{guess.reason.text} (a first guess: no second day has confirmed it)"
        said = replace(guess.reason, text=text)
    return replace(guess, reason=said, rollback_to=None, blamed="", is_guess=True)


def _lost_predictions(symptoms: Symptoms) -> Diagnosis | None:
    """Integration: more labels than usual belong to no prediction of the day.

    Label quality where it is known that ids of the labels are wrong, and labels tell of
    the breach: some that do fit may be of other rows.
    """
    orphans = symptoms.context.orphans
    if orphans is None:
        return None
    # Without earlier days there is no usual share, and none is excused.
    usual = orphans.usual or 0.0
    if orphans.share <= usual + symptoms.contract.policy.severity.orphan_share:
        return None
    if orphans.fault is not OrphanFault.IDS_WRONG:
        return predictions_lost(orphans)
    is_told = is_told_by_labels(symptoms.scope.broken)
    return ids_wrong(orphans) if is_told else None


def _common_cause(symptoms: Symptoms) -> Diagnosis | None:
    """Common cause: other models of the workspace broke at the same time."""
    others = broke_together(symptoms)
    if not others:
        return None
    return Diagnosis.of(
        Cause.COMMON_CAUSE,
        ReasonCode.MODELS_BROKE_TOGETHER,
        tuple(decision_key(other.model) for other in others),
        count=len(others) + 1,
        models=symptoms.context.models,
        others=[other.model for other in others],
    )


def broke_together(symptoms: Symptoms) -> tuple[PeerModel, ...]:
    """Return the other models that share a cause with this one; none if they are few.

    A peer whose own version is proven to be the cause needs no common one.
    """
    policy = symptoms.contract.policy.severity
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


CAUSE_RULES: tuple[CauseRule, ...] = (
    _lost_predictions,
    _common_cause,
    not_reproduced,
    corrupted_columns,
    faulty_labels,
    segment_labels,
    segment_cause,
    model_cause,
    unsettled_release,
    corrupted,
    jumped_inputs,
    moved_outputs,
    better_without_release,
    label_quality,
    covariate_drift,
    unequal_groups,
    concept_drift,
)
"""The order is the policy: what would make a comparison of versions meaningless (lost
predictions, an upstream fault, outputs that are not the version's, damaged columns or
labels, a mere segment) goes before the model, the model before the world, and what is
known before what is left over."""
