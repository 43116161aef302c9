"""Cause rules for trouble of a part of the rows, or of some groups. Pure."""

from monitoring_tasks.decide.label_moves import dealt_anew_in_segments
from monitoring_tasks.decide.labels import SUMMARIES, is_told_by_labels
from monitoring_tasks.decide.scope import is_protected
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.decide.version_causes import best_version
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.reasons import ReasonCode


def segment_labels(symptoms: Symptoms) -> Diagnosis | None:
    """Label quality: only a part is worse off, and its labels are those of other rows.

    Not where the version came with the trouble: it may fail on a part of the rows.
    """
    scope = symptoms.scope
    is_asked = symptoms.days_before_onset and is_told_by_labels(scope.broken)
    if not scope.segments or not is_asked:
        return None
    days, policy = symptoms.context.segment_label_days, symptoms.contract.policy
    dealt_anew = dealt_anew_in_segments(days, symptoms.onset, policy)
    if not set(scope.segments) <= set(dealt_anew):
        return None
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.SEGMENT_LABELS_SUSPECT,
        SUMMARIES,
        signs=[dealt_anew[segment] for segment in scope.segments],
        not_the_model=f"{symptoms.service}, and other rows are as ever",
    )


def segment_cause(symptoms: Symptoms) -> Diagnosis | None:
    """Segment: no objective of the whole batch is broken, but one of a part is."""
    scope = symptoms.scope
    if not scope.segments:
        return None
    better = best_version(symptoms)
    worst = scope.broken[0]
    return Diagnosis.of(
        Cause.SEGMENT,
        ReasonCode.SEGMENT_WORSE_OFF,
        keys_of(scope.broken),
        is_protected=any(is_protected(f, symptoms.contract) for f in scope.broken),
        segments=list(scope.segments),
        finding=f"{worst.measurement.metric} {worst.reason}",
        better=better.version if better else None,
    )


def unequal_groups(symptoms: Symptoms) -> Diagnosis | None:
    """Segment: all rows suffer, and some protected group far more than the others.

    A gap between groups does not widen because all of them do worse. Comes once the
    model, the labels and the inputs are ruled out: what is left changed for one group.
    """
    gaps = [f for f in symptoms.scope.broken if f.measurement.kind is Kind.FAIRNESS]
    if not gaps:
        return None
    # All rows suffer as well, else `segment_cause` had fitted before.
    worst = gaps[0].measurement
    return Diagnosis.of(
        Cause.SEGMENT,
        ReasonCode.GROUPS_UNEQUAL,
        keys_of(gaps),
        column=worst.column,
        finding=f"{worst.metric} {gaps[0].reason}",
        remark=worst.reason,
    )
