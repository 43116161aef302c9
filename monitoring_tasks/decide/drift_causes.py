"""Cause rules for a world that changed, and for labels that are wrong. Pure.

They come once the model is ruled out: no other version is better on the same rows, or
there is none and this one has served well for long.
"""

from monitoring_tasks.decide.assess import judged_as
from monitoring_tasks.decide.column_roles import is_input
from monitoring_tasks.decide.drifted import summary_of
from monitoring_tasks.decide.labels import label_signs
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

UNLABELLED = frozenset({Kind.ESTIMATED, Kind.SERVICE})
"""Kinds of numbers that are measured without labels."""


def label_quality(symptoms: Symptoms) -> Diagnosis | None:
    """Label quality: the labels themselves moved, and the scores expect no loss."""
    share = explained(symptoms)
    needed = symptoms.contract.policy.severity.explained_share
    is_explained = share is not None and share >= needed
    if is_explained or not _came_true(symptoms):
        return None
    signs = list(label_signs(symptoms))
    if not signs:
        return None
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.LABELS_SUSPECT,
        tuple(key for sign in signs for key in sign.evidence),
        signs=[sign.text for sign in signs],
        not_the_model=_not_the_model(symptoms),
    )


def covariate_drift(symptoms: Symptoms) -> Diagnosis | None:
    """Covariate drift: the inputs moved, and that explains the loss."""
    drifted = _drifted(symptoms)
    if not drifted:
        return None
    columns = summary_of(drifted, symptoms.context.columns)
    share = explained(symptoms)
    if share is None:
        # The inputs moved, but blaming them would be a guess.
        return Diagnosis.of(
            Cause.UNDETERMINED,
            ReasonCode.INPUTS_MOVED,
            keys_of(drifted),
            columns=columns,
            not_the_model=_not_the_model(symptoms),
        )
    if share < symptoms.contract.policy.severity.explained_share:
        return None
    return Diagnosis.of(
        Cause.COVARIATE_DRIFT,
        ReasonCode.INPUTS_EXPLAIN_LOSS,
        (*keys_of(drifted), *keys_of(symptoms.scope.broken)),
        columns=columns,
        # Scores may predict more than came true; nobody wants to read 130 %.
        share=min(share, 1),
        not_the_model=_not_the_model(symptoms),
    )


def concept_drift(symptoms: Symptoms) -> Diagnosis | None:
    """Concept drift: labels show a loss that neither inputs nor scores explain."""
    realized = _came_true(symptoms)
    if not realized:
        return None
    drifted = _drifted(symptoms)
    return Diagnosis.of(
        Cause.CONCEPT_DRIFT,
        ReasonCode.MEANING_CHANGED,
        (*keys_of(realized), *keys_of(drifted)),
        has_drifted=bool(drifted),
        not_the_model=_not_the_model(symptoms),
    )


def drift_alone(symptoms: Symptoms) -> Diagnosis:
    """Return the diagnosis of lasting drift that predicts a loss, with no breach."""
    drifted = judged_as(symptoms.findings, Kind.DRIFT, Verdict.WARN)
    # Scores are named only where nothing else is.
    moved = _drifted(symptoms) or drifted
    return Diagnosis.of(
        Cause.COVARIATE_DRIFT,
        ReasonCode.INPUTS_PREDICT_LOSS,
        keys_of(drifted),
        columns=summary_of(moved, symptoms.context.columns),
    )


def explained(symptoms: Symptoms) -> float | None:
    """Return the smallest share of a broken number's loss that the scores predict.

    The smallest, as the number explained least is the one that needs another cause. A
    broken estimate is predicted in full, by its nature. None when nothing is known of
    any of the broken numbers.
    """
    predicted = {
        (e.version, e.metric, e.segment, e.horizon): e.share
        for e in symptoms.context.effects
    }
    shares = [
        1.0
        if n.kind is Kind.ESTIMATED
        else predicted.get((n.version, n.metric, n.segment, n.horizon))
        for n in (finding.measurement for finding in symptoms.scope.broken)
    ]
    return min((share for share in shares if share is not None), default=None)


def _not_the_model(symptoms: Symptoms) -> str:
    if symptoms.is_measured:
        return "no version does well on the same rows"
    return symptoms.service


def _came_true(symptoms: Symptoms) -> list[Finding]:
    return [f for f in symptoms.scope.broken if f.measurement.kind not in UNLABELLED]


def _drifted(symptoms: Symptoms) -> list[Finding]:
    warned = judged_as(symptoms.findings, Kind.DRIFT, Verdict.WARN)
    return [f for f in warned if is_input(f, symptoms.contract)]
