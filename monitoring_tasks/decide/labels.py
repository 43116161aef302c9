"""Signs that the labels are wrong, not the model. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.decide.assess import judged_as, overdue
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.label_moves import LabelMoves, dealt_anew_in_segments
from monitoring_tasks.decide.lost_predictions import predictions_lost
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import check_key, keys_of
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.metrics import needs_labels
from monitoring_tasks.domain.orphans import BELONG
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.reasons import ReasonCode

SUMMARIES = ("label_counts/summaries",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign, in words, and the facts it rests on."""

    text: str
    evidence: tuple[str, ...]


def is_told_by_labels(findings: Sequence[Finding]) -> bool:
    """Whether labels, not an estimate, say that an objective is broken."""
    return any(
        f.verdict is Verdict.BREACH
        and (
            f.measurement.kind is Kind.COMPARISON
            or needs_labels(f.measurement.kind, f.measurement.metric)
        )
        for f in findings
    )


def labels_overdue(findings: Sequence[Finding]) -> Diagnosis | None:
    """Label quality: labels that used to be there by now do not come."""
    late = overdue(findings)
    if not late:
        return None
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.LABELS_OVERDUE,
        keys_of(late),
        text=late[0].reason,
    )


def label_remark(facts: DayFacts) -> str:
    """Return why labels of the day are not used, as text; empty where all are."""
    verdict, counts = facts.labels, facts.label_counts
    if verdict is not None and not verdict.usable:
        return f"labels: none are used: {verdict.reason}"
    return f"labels: {counts.remark}" if counts and counts.remark else ""


def labels_lost(facts: DayFacts) -> Diagnosis | None:
    """Label quality: labels have come, and too many of them cannot be used.

    Integration where they lack nothing but their predictions, which were lost.
    """
    counts, policy = facts.label_counts, facts.contract.policy.labels
    is_usable = facts.labels is None or facts.labels.usable
    if is_usable and not (counts and _too_many(counts.lost, counts, policy)):
        return None
    are_refused = counts is not None and _too_many(counts.refused, counts, policy)
    lost_predictions = facts.context.lost_predictions
    if is_usable and not are_refused and lost_predictions is not None:
        return predictions_lost(lost_predictions)
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.LABELS_LOST,
        ("label_counts/lost",),
        text=label_remark(facts),
    )


def _too_many(lost: int, counts: LabelCounts, policy: LabelPolicy) -> bool:
    # A share of 0 in the contract still needs one lost label.
    delivered = counts.rows + counts.refused
    return bool(delivered and lost and lost >= policy.max_lost_share * delivered)


def label_signs(symptoms: Symptoms) -> Iterator[Sign]:
    """Return the signs that a loss comes from the labels.

    There are three: far fewer labels came than usual at that age; the labels are unlike
    those of the days before, and not only in that predictions of theirs were lost; they
    moved with the onset, overnight, and the outputs did not, or lost what they had to
    do with them, as a whole or in a segment (`label_moves`).

    When they lie: a world that changes overnight (a new law, a new product) moves the
    labels as well. Labels that are wrong at random, at the usual rate, give no sign.
    """
    for finding in judged_as(symptoms.findings, Kind.LABELS, Verdict.WARN):
        if finding.measurement.metric == "label_coverage_shortfall":
            yield Sign(text=finding.reason, evidence=keys_of([finding]))
    context = symptoms.context
    are_lost = context.lost_predictions is not None
    for check in symptoms.label_faults:
        if not (are_lost and check.name == BELONG):
            yield Sign(text=check.observed, evidence=(check_key(check),))
    onset, policy = symptoms.onset, symptoms.contract.policy
    texts = list(LabelMoves(context.label_days, onset, policy).texts())
    if not texts:
        parts = context.segment_label_days
        texts = [*dealt_anew_in_segments(parts, onset, policy).values()]
    for text in texts:
        yield Sign(text=text, evidence=SUMMARIES)
