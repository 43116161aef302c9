"""The reasons of a day: which are given, and in what order. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.drifted import Effects, effect_of, rank_of, sentence_of
from monitoring_tasks.decide.impact import DayStatus
from monitoring_tasks.decide.labels import label_remark
from monitoring_tasks.decide.persistence import Persistence
from monitoring_tasks.decide.scope import Scope
from monitoring_tasks.decide.sentences import headline, reason
from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.decisions import MAX_REASONS, Severity
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import Reason, ReasonCode
from monitoring_tasks.rows.names import ALL

OVER_HORIZONS = frozenset({Kind.REALIZED, Kind.ESTIMATED, Kind.FAIRNESS})
"""Kinds of numbers that are held against limits over one day and over several."""


def day_reasons(
    facts: DayFacts,
    status: DayStatus,
    diagnosis: Diagnosis | None,
    *,
    scope: Scope,
    severity: Severity | None,
) -> list[Reason]:
    """Collect the reasons of a day, most important first.

    Args:
        facts: All that is known of the day.
        status: Its verdicts, and how long they have lasted.
        diagnosis: The cause; None where nothing is wrong enough to have one.
        scope: What is broken.
        severity: How much the day matters; None when nobody must act.
    """
    persistence = status.persistence
    reasons = []
    if diagnosis is not None:
        first = diagnosis.reason
        extent = f"; {scope.text}, {persistence.bad_days} of {persistence.of_days} days"
        text = first.text + (extent if scope.broken else "")
        reasons = [replace(first, text=text)]
    # Then why nobody acts yet, before what else was noticed.
    reasons += pending_reasons(persistence, facts.contract.policy)
    remark = label_remark(facts)
    # Where lost labels are the diagnosis, its sentence is this very remark.
    if remark and not (diagnosis and remark in diagnosis.reason.text):
        reasons.append(reason(ReasonCode.LABELS_NOT_USED, text=remark))
    if facts.label_faults and diagnosis is None:
        odd = facts.label_faults[0].observed
        reasons.append(reason(ReasonCode.LABELS_ODD, observed=odd))
    if facts.batch.verdict is Verdict.WARN:
        reasons.append(reason(ReasonCode.DATA_WARNING, text=facts.batch.reason))
    reasons += finding_reasons(facts.findings, facts.context.columns)
    cause = diagnosis.cause if diagnosis else None
    reasons[0] = headline(severity, cause, reasons[0])
    return reasons[:MAX_REASONS]


def pending_reasons(persistence: Persistence, policy: Policy) -> list[Reason]:
    """Return what an unconfirmed breach waits for; nothing where it is confirmed."""
    if not persistence.bad_days or persistence.confirmed:
        return []
    return [
        reason(
            ReasonCode.BREACH_NOT_CONFIRMED,
            counted=persistence,
            fast=policy.persistence,
            slow=policy.slow_persistence,
        )
    ]


def finding_reasons(findings: Sequence[Finding], effects: Effects = ()) -> list[Reason]:
    """Return what is not `ok`, the worst first; else the objectives that are.

    Args:
        findings: The judged numbers of the day.
        effects: What the move of each drifted column would cost; the most costly
            comes first.
    """
    loud = [f for f in findings if f.verdict is not Verdict.OK]
    ranked = sorted(loud, key=lambda finding: _loudness(finding, effects))
    reasons = [_of_finding(finding, effects) for finding in ranked]
    if not reasons:
        reasons = [_of_finding(f) for f in findings if _is_objective(f)]
    # No news is not good news: a day without a judged objective says so.
    if not any(_is_objective(finding) for finding in findings):
        code = (
            ReasonCode.NO_OBJECTIVE_MEASURED
            if findings
            else ReasonCode.NOTHING_MEASURED
        )
        reasons.append(reason(code))
    return reasons


def _loudness(
    finding: Finding, effects: Effects
) -> tuple[bool, bool, bool, tuple[int, float, float, str]]:
    is_drift = finding.measurement.kind is Kind.DRIFT
    return (
        # False sorts first: breaches, then objectives, then what is no drift.
        finding.verdict is not Verdict.BREACH,
        not _is_objective(finding),
        is_drift,
        rank_of(finding, effects)
        if is_drift
        else (0, 0.0, 0.0, finding.measurement.column),
    )


def _is_objective(finding: Finding) -> bool:
    return finding.measurement.kind not in ADVISORY


def _of_finding(finding: Finding, effects: Effects = ()) -> Reason:
    """Return the reason of a judged number, behind what the number is about."""
    number = finding.measurement
    about = f" of {number.column}" if number.column else ""
    where = f" ({number.segment})" if number.segment != ALL else ""
    span = ""
    # Numbers of the other kinds are of one day alone.
    if number.horizon > 1 or number.kind in OVER_HORIZONS:
        span = f" over {number.horizon} day{'s' if number.horizon > 1 else ''}"
    effect = effect_of(finding, effects)
    costs = f"; {sentence_of(effect)}" if effect else ""
    text = f"{number.kind} {number.metric}{about}{where}{span}: {finding.reason}{costs}"
    # What is said of a release names version and metric itself.
    if number.kind is Kind.COMPARISON:
        text = f"release of version {number.version}: {finding.reason}"
    return Reason(code=finding.code, text=text)
