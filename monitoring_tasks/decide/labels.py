"""Signs that the labels are wrong, not the model. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.decide.assess import overdue
from monitoring_tasks.decide.scope import is_below_chance
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.symptoms import Diagnosis, keys_of
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incident_context import BaseRate
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.metrics import metric_of, needs_labels
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.reasons import ReasonCode


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
    return Diagnosis(
        cause=Cause.LABEL_QUALITY,
        reason=reason(ReasonCode.LABELS_OVERDUE, text=late[0].reason),
        evidence=keys_of(late),
    )


def label_remark(verdict: LabelVerdict | None, counts: LabelCounts | None) -> str:
    """Return why labels of the day are not used, as text; empty where all are.

    Args:
        verdict: Whether they may be used at all; None where nobody said so.
        counts: How they met predictions; None where they were not joined.
    """
    if verdict is not None and not verdict.usable:
        return f"labels: none are used: {verdict.reason}"
    return f"labels: {counts.remark}" if counts and counts.remark else ""


def labels_lost(
    verdict: LabelVerdict | None, counts: LabelCounts | None, policy: LabelPolicy
) -> Diagnosis | None:
    """Label quality: labels have come, and too many of them cannot be used.

    Args:
        verdict: Whether they may be used at all; None where nobody said so.
        counts: How they met predictions; None where they were not joined.
        policy: From which share of lost labels on they are too many.
    """
    is_usable = verdict is None or verdict.usable
    if is_usable and not (counts and _too_many_lost(counts, policy)):
        return None
    return Diagnosis(
        cause=Cause.LABEL_QUALITY,
        reason=reason(ReasonCode.LABELS_LOST, text=label_remark(verdict, counts)),
        evidence=("label_counts/lost",),
    )


def _too_many_lost(counts: LabelCounts, policy: LabelPolicy) -> bool:
    # A share of 0 in the contract still needs one lost label.
    delivered = counts.rows + counts.refused
    is_beyond = counts.lost >= policy.max_lost_share * delivered
    return bool(delivered and counts.lost and is_beyond)


def label_signs(
    findings: Sequence[Finding],
    comparisons: Sequence[Comparison],
    base_rate: BaseRate | None,
) -> Iterator[Sign]:
    """Return the signs that a loss comes from the labels.

    There are three: far fewer labels came than usual at that age; the positive label
    is as common as on no day before the episode; every version ranks worse than
    chance, which lost skill cannot cause, only labels that were inverted.

    When they lie: a world that changes overnight (a new law, a new product) moves the
    base rate as well; and a model whose one strong feature changed sign ranks worse
    than chance, as does any other model with that feature. Labels that are wrong at
    random, at the usual base rate, give no sign.

    Args:
        findings: The judged numbers of the day.
        comparisons: Other versions on the same rows; none of them is better.
        base_rate: How common the positive label is; None where it says nothing: when
            the inputs moved, a rate moves with them.
    """
    for finding in findings:
        number = finding.measurement
        is_shortfall = number.metric == "label_coverage_shortfall"
        if is_shortfall and finding.verdict is Verdict.WARN:
            yield Sign(text=finding.reason, evidence=("/".join(map(str, number.key)),))
    # A healthy day lies outside n earlier ones with probability 2 / (n + 1) at most.
    if base_rate is not None and base_rate.has_jumped:
        text = (
            f"{base_rate.today:.1%} of the labels are positive; it was "
            f"{base_rate.least:.1%} to {base_rate.most:.1%} on the {base_rate.days} "
            "days before"
        )
        yield Sign(text=text, evidence=("label_counts/base_rate",))
    yield from _turned(findings, comparisons)


def _turned(
    findings: Sequence[Finding], comparisons: Sequence[Comparison]
) -> Iterator[Sign]:
    worse = [
        f
        for f in findings
        if f.verdict is Verdict.BREACH
        and f.measurement.kind is Kind.REALIZED
        and is_below_chance(f)
    ]
    others = [
        (c, no_skill)
        for c in comparisons
        if (no_skill := metric_of(Kind.REALIZED, c.metric).no_skill) is not None
        and c.candidate is not None
    ]
    # One inverted model is a bad model; all of them at once are inverted labels.
    if worse and others and all((c.candidate or 0.0) < least for c, least in others):
        finding_keys = ("/".join(map(str, f.measurement.key)) for f in worse)
        comparison_keys = tuple(f"comparison/{c.version}" for c, _ in others)
        yield Sign(
            text="every version ranks worse than chance",
            evidence=(*finding_keys, *comparison_keys),
        )
