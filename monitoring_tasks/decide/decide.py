"""From everything that is known about a day to one decision. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.assess import (
    Persisted,
    breach_onset,
    day_verdict,
    lasting_by_any,
    overdue,
    performance_verdict,
    persisted,
    speaking,
    warns_for_long,
)
from monitoring_tasks.decide.damage import damaged, lasting_damage
from monitoring_tasks.decide.drifted import as_evidence
from monitoring_tasks.decide.impact import Standing, impact_of, unfit_impact
from monitoring_tasks.decide.labels import (
    is_told_by_labels,
    label_remark,
    labels_lost,
    labels_overdue,
)
from monitoring_tasks.decide.overruling import overruled
from monitoring_tasks.decide.scope import Scope, scope_of
from monitoring_tasks.decide.sentences import MAX_REASONS, headline, spoken, waiting
from monitoring_tasks.decide.severity import Graded, grade
from monitoring_tasks.decide.symptoms import Diagnosis, LastingDamage, Symptoms
from monitoring_tasks.decide.triage import broke_together, first_look, triage
from monitoring_tasks.decide.world import drift_alone
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import (
    FROM_LABELS,
    Cause,
    Decision,
    PastDay,
    Severity,
)
from monitoring_tasks.domain.findings import DataVerdict, Finding, Verdict
from monitoring_tasks.domain.impact import DriftLevel, Impact, Level, PipelineLevel
from monitoring_tasks.domain.surroundings import Surroundings

INTEGRATION_PROBLEMS = frozenset({"NoDataError", "UnreadableDataError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a decision is made from.

    Attributes:
        day: The day being decided.
        contract: The model's contract.
        version: The version most rows were scored with; empty when there are none.
        data: Whether the batch is fit to judge by.
        problem: Why there is no batch at all: `{error, text}`.
        findings: The judged numbers.
        comparisons: Other versions on the same rows.
        history: Earlier days, oldest first.
        stale_alias: The version consumers should have served but did not, if so.
        around: What lies around the day; asked only of a day in trouble.
        labels: How labels met predictions; empty when none were asked for.
    """

    day: date
    contract: Contract
    version: str
    data: DataVerdict
    problem: Mapping[str, Any] | None
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    history: Sequence[PastDay]
    stale_alias: str | None = None
    around: Surroundings = field(default_factory=Surroundings)
    labels: Mapping[str, Any] = field(default_factory=dict)


def decide(known: Known) -> Decision:
    """Say what a day means: verdict, severity, cause and remedy, with reasons."""
    if known.day in known.contract.policy.excluded_days:
        return Decision(
            verdict=Verdict.EXCLUDED,
            performance=Verdict.EXCLUDED,
            confirmed=False,
            reasons=("the contract excludes this day",),
        )
    decision = _judged(known) if known.data.is_fit else _unfit(known)
    return overruled(decision, known.around.overrides, day=known.day)


def _judged(known: Known) -> Decision:
    """Decide a day whose batch is fit to judge the model by."""
    policy = known.contract.policy
    performance = performance_verdict(known.findings)
    damage = lasting_damage(
        known.data.checks, known.history, policy.persistence, day=known.day
    )
    lost = labels_lost(known.labels, policy.labels)
    verdict = day_verdict(performance, known.findings, is_damaged=bool(damage or lost))
    today = PastDay(
        day=known.day, version=known.version, verdict=verdict, performance=performance
    )
    rules = (policy.persistence, policy.slow_persistence)
    standing = Standing(
        performance=performance,
        verdict=verdict,
        lasting=lasting_by_any(today, known.history, rules),
        is_fast=persisted(today, known.history, policy.persistence).confirmed,
        warns_for_long=warns_for_long(today, known.history, policy.persistence),
        is_damaged=bool(damage),
        is_unlabelled=bool(lost or overdue(known.findings)),
    )
    told = speaking(known.findings)
    scope = scope_of(told, known.around)
    impact = impact_of(
        known.contract, known.findings, scope, standing=standing, around=known.around
    )
    if known.stale_alias is not None:
        impact = replace(impact, pipeline=PipelineLevel.BLIND)
    graded = grade(impact, policy.severity)
    rule = policy.persistence if standing.is_fast else policy.slow_persistence
    began = breach_onset(today, known.history, rule)
    symptoms = _symptoms(known, standing.lasting, scope, damage, began=began)
    diagnosis = _diagnose(known, symptoms, standing.lasting, impact)
    if diagnosis is not None and diagnosis.cause is Cause.COMMON_CAUSE:
        impact = _shared(symptoms, impact, known.contract)
        graded = grade(impact, policy.severity)
    return Decision(
        verdict=verdict,
        performance=performance,
        confirmed=standing.lasting.confirmed,
        severity=graded.severity,
        cause=diagnosis.cause if diagnosis else None,
        rollback_to=diagnosis.rollback_to if diagnosis else None,
        reasons=_reasons(
            known, standing, diagnosis, scope=scope, severity=graded.severity
        ),
        evidence=_evidence(graded, impact, diagnosis, standing.lasting)
        | {FROM_LABELS: is_told_by_labels(told)}
        | as_evidence(known.around.columns),
    )


def _unfit(known: Known) -> Decision:
    """Decide a day whose batch is missing, broken or could not be checked."""
    problem = known.problem or {}
    is_missing = problem.get("error") in INTEGRATION_PROBLEMS
    could_not_check = known.data.verdict is Verdict.ERROR
    cause = Cause.INTEGRATION if is_missing or could_not_check else Cause.DATA
    verdict = Verdict.ERROR if could_not_check else Verdict.NO_DATA
    text = str(problem.get("text") or known.data.reason)
    label = "no data" if is_missing else "bad data"
    remedy = (
        "a rollback would not help"
        if cause is Cause.DATA
        else "look at the batch, not at the model"
    )
    impact = unfit_impact(
        known.contract, known.data, known.history, cause=cause, around=known.around
    )
    graded = grade(impact, known.contract.policy.severity)
    failed = (c for c in known.data.checks if c.status in {"failed", "errored"})
    diagnosis = Diagnosis(
        cause=cause,
        reason=f"{label}: {text}",
        evidence=tuple(f"check/{c.gate}/{c.name}/{c.column}" for c in failed),
    )
    return Decision(
        verdict=verdict,
        performance=verdict,
        confirmed=False,
        severity=graded.severity,
        cause=cause,
        reasons=(headline(graded.severity, cause, diagnosis.reason), remedy),
        evidence=_evidence(graded, impact, diagnosis, None)
        | ({"problem": dict(problem)} if problem else {}),
    )


def _diagnose(
    known: Known, symptoms: Symptoms, lasting: Persisted, impact: Impact
) -> Diagnosis | None:
    if known.stale_alias is not None:
        return Diagnosis(
            cause=Cause.INTEGRATION,
            reason=(
                f"the rows were scored with version {known.version} although the alias "
                f"'{known.contract.alias}' stood at {known.stale_alias} all day; "
                "the scoring job does not follow the registry"
            ),
            evidence=("alias",),
        )
    if symptoms.scope.broken and lasting.confirmed:
        return triage(symptoms, known.contract)
    if symptoms.damage:
        return damaged(symptoms, known.contract)
    if Level.HARD in {impact.performance, impact.fairness}:
        return first_look(symptoms, known.contract)
    late = labels_lost(known.labels, known.contract.policy.labels) or labels_overdue(
        known.findings
    )
    if late is None and impact.drift is DriftLevel.PREDICTS_LOSS:
        return drift_alone(known.findings, known.around.columns)
    return late


def _symptoms(
    known: Known,
    lasting: Persisted,
    scope: Scope,
    damage: Sequence[LastingDamage],
    *,
    began: date | None,
) -> Symptoms:
    since, begins = _run_of_version(known)
    onset = lasting.onset.day if lasting.onset else known.day
    return Symptoms(
        day=known.day,
        version=known.version,
        version_since=since if begins else None,
        seen_since=since,
        onset=onset,
        began=began or onset,
        findings=known.findings,
        comparisons=known.comparisons,
        scope=scope,
        around=known.around,
        damage=damage,
    )


def _shared(symptoms: Symptoms, impact: Impact, contract: Contract) -> Impact:
    """Add the other models that share the cause."""
    others = broke_together(symptoms, contract)
    tiers = [contract.tier, *(other.tier for other in others)]
    return replace(impact, common_models=len(tiers), common_tier_one=tiers.count(1))


def _run_of_version(known: Known) -> tuple[date, bool]:
    """Give the first day of the unbroken run of days served by today's version.

    Days without predictions do not break the run. And whether it begins there: when
    the run reaches the oldest day that is remembered, nobody knows.
    """
    since = known.day
    for past in reversed(known.history):
        if past.version not in {known.version, ""}:
            return since, True
        if past.version == known.version:
            since = past.day
    return since, False


def _reasons(
    known: Known,
    standing: Standing,
    found: Diagnosis | None,
    *,
    scope: Scope,
    severity: Severity | None,
) -> tuple[str, ...]:
    lasting = standing.lasting
    reasons = []
    if found is not None:
        how = f"; {scope.text}, {lasting.bad_days} of {lasting.of_days} days"
        reasons = [found.reason + (how if scope.broken else "")]
    reasons += waiting(lasting, known.contract.policy)
    remark = label_remark(known.labels)
    if remark and not (found and remark in found.reason):
        reasons.append(remark)
    if known.data.verdict is Verdict.WARN:
        reasons.append(f"data: {known.data.reason}")
    reasons += spoken(known.findings, known.around.columns)
    reasons[0] = headline(severity, found.cause if found else None, reasons[0])
    return tuple(reasons[:MAX_REASONS])


def _evidence(
    graded: Graded,
    impact: Impact,
    diagnosis: Diagnosis | None,
    lasting: Persisted | None,
) -> dict[str, Any]:
    """Give what severity and cause were chosen from, as plain JSON."""
    onset = lasting.onset.day.isoformat() if lasting and lasting.onset else None
    told: dict[str, Any] = {}
    if lasting is not None:
        told = {"bad_days": lasting.bad_days, "of_days": lasting.of_days}
        told |= {"onset": onset}
    if graded.rows:
        told["severity"] = [asdict(row) for row in graded.rows]
        told["impact"] = asdict(impact) | {"is_protected": impact.is_protected}
    if diagnosis is not None:
        told["chosen_by"] = list(diagnosis.evidence)
    return told
