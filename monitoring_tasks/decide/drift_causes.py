"""The leaves of the tree for a world that changed, and for labels that lie. Pure.

They are asked once the model is ruled out: no other version is better on the same
rows, or there is none and this one served well for long.
"""

from collections.abc import Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.drifted import Effects, summary_of
from monitoring_tasks.decide.labels import label_signs
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms, keys_of
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

UNLABELLED = frozenset({Kind.ESTIMATED, Kind.SERVICE})
"""Kinds of numbers that no label is behind."""
OF_LABELS = frozenset(
    {"label_rate", "label_mean", "positive_rate", "calibration_error"}
)
"""Drift of these is drift of the labels, which no input explains."""


def label_quality(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Label quality: the labels themselves moved, and the scores expect no loss."""
    share = explained(symptoms)
    needed = contract.policy.severity.explained_share
    is_explained = share is not None and share >= needed
    if is_explained or not _came_true(symptoms):
        return None
    is_quiet = not _drifted(symptoms) and share is not None
    rate = symptoms.context.base_rate if is_quiet else None
    signs = list(label_signs(symptoms.findings, symptoms.comparisons, rate))
    if not signs:
        return None
    return Diagnosis(
        cause=Cause.LABEL_QUALITY,
        reason=reason(
            ReasonCode.LABELS_SUSPECT,
            signs=[sign.text for sign in signs],
            not_the_model=_not_the_model(symptoms),
        ),
        evidence=tuple(key for sign in signs for key in sign.evidence),
    )


def covariate_drift(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Covariate drift: the inputs moved, and that explains the loss."""
    drifted = _drifted(symptoms)
    if not drifted:
        return None
    columns = summary_of(drifted, symptoms.context.columns)
    share = explained(symptoms)
    if share is None:
        return Diagnosis(
            cause=Cause.UNDETERMINED,
            reason=reason(
                ReasonCode.INPUTS_MOVED,
                columns=columns,
                not_the_model=_not_the_model(symptoms),
            ),
            evidence=keys_of(drifted),
        )
    if share < contract.policy.severity.explained_share:
        return None
    return Diagnosis(
        cause=Cause.COVARIATE_DRIFT,
        reason=reason(
            ReasonCode.INPUTS_EXPLAIN_LOSS,
            columns=columns,
            share=min(share, 1),
            not_the_model=_not_the_model(symptoms),
        ),
        evidence=(*keys_of(drifted), *keys_of(symptoms.scope.broken)),
    )


def concept_drift(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Concept drift: labels show a loss that neither inputs nor scores explain."""
    del contract
    came = _came_true(symptoms)
    if not came:
        return None
    drifted = _drifted(symptoms)
    return Diagnosis(
        cause=Cause.CONCEPT_DRIFT,
        reason=reason(
            ReasonCode.MEANING_CHANGED,
            has_drifted=bool(drifted),
            not_the_model=_not_the_model(symptoms),
        ),
        evidence=(*keys_of(came), *keys_of(drifted)),
    )


def drift_alone(findings: Sequence[Finding], effects: Effects = ()) -> Diagnosis:
    """Name drift that lasts and lets expect a loss, while no promise is broken."""
    drifted = _warned(findings)
    moved = summary_of(drifted, effects)
    return Diagnosis(
        cause=Cause.COVARIATE_DRIFT,
        reason=reason(ReasonCode.INPUTS_PREDICT_LOSS, columns=moved),
        evidence=keys_of(drifted),
    )


def explained(symptoms: Symptoms) -> float | None:
    """Return the smallest share of a broken number's loss that the scores predict.

    A broken estimate is predicted whole, by its nature. None when nothing is known of
    any of the broken numbers.
    """
    shares = []
    known = {
        (e.version, e.metric, e.segment, e.horizon): e.share
        for e in symptoms.context.effects
    }
    for finding in symptoms.scope.broken:
        n = finding.measurement
        share = (
            1.0
            if n.kind is Kind.ESTIMATED
            else known.get((n.version, n.metric, n.segment, n.horizon))
        )
        if share is not None:
            shares.append(share)
    return min(shares, default=None)


def _not_the_model(symptoms: Symptoms) -> str:
    if symptoms.is_measured:
        return "no version does well on the same rows"
    return (
        f"version {symptoms.version} served for {symptoms.days_before_onset} days or "
        "more before the trouble began"
    )


def _came_true(symptoms: Symptoms) -> list[Finding]:
    return [f for f in symptoms.scope.broken if f.measurement.kind not in UNLABELLED]


def _drifted(symptoms: Symptoms) -> list[Finding]:
    return _warned(symptoms.findings)


def _warned(findings: Sequence[Finding]) -> list[Finding]:
    return [
        f
        for f in findings
        if f.measurement.kind is Kind.DRIFT
        and f.verdict is Verdict.WARN
        and f.measurement.metric not in OF_LABELS
    ]
