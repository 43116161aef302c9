"""From the facts about a day to one decision. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.decide.assess import (
    day_verdict,
    decisive_findings,
    is_release_sound,
    performance_verdict,
)
from monitoring_tasks.decide.corruption import corrupted, proven_corruption
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.day_reasons import day_reasons
from monitoring_tasks.decide.drift_causes import drift_alone
from monitoring_tasks.decide.drifted import as_evidence
from monitoring_tasks.decide.evidence import run_evidence, severity_evidence
from monitoring_tasks.decide.impact import DayStatus, impact_of
from monitoring_tasks.decide.label_faults import labels_faulty, lasting_label_faults
from monitoring_tasks.decide.labels import (
    is_told_by_labels,
    labels_lost,
    labels_overdue,
)
from monitoring_tasks.decide.lasting_moves import lasting_move
from monitoring_tasks.decide.overruling import overruled
from monitoring_tasks.decide.persistence import (
    breach_onset,
    confirmed_by_any,
    persistence_of,
    warns_for_long,
)
from monitoring_tasks.decide.reproduction import proven_unlike
from monitoring_tasks.decide.scope import scope_of
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.severity import grade
from monitoring_tasks.decide.standing_warnings import warnings_of
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms, symptoms_of
from monitoring_tasks.decide.triage import broke_together, provisional_cause, triage
from monitoring_tasks.decide.unfit_days import decide_unfit
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.decisions import (
    FROM_LABELS,
    RELEASE_IS_SOUND,
    Cause,
    Decision,
    PastDay,
    Severity,
)
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.findings import LOUD, Finding, Verdict
from monitoring_tasks.domain.impact import DriftLevel, Impact, Level
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.reasons import ReasonCode

TICKETS = frozenset({Severity.P0, Severity.P1, Severity.P2})
"""Severities somebody has to act on."""


def decide(facts: DayFacts) -> Decision:
    """Decide what a day means: verdict, severity, cause and remedy, with reasons."""
    if facts.day in facts.contract.policy.excluded_days:
        excluded = reason(ReasonCode.DAY_EXCLUDED)
        return Decision(
            verdict=Verdict.EXCLUDED,
            performance=Verdict.EXCLUDED,
            confirmed=False,
            reasons=(excluded.text,),
            reason_codes=(excluded.code,),
        )
    decision = _judged(facts) if facts.batch.is_fit else decide_unfit(facts)
    # What people said comes last: it stands against whatever the rules find.
    return overruled(decision, facts.context.overrides, day=facts.day)


def _judged(facts: DayFacts) -> Decision:
    """Decide a day whose batch is fit to judge the model by."""
    policy = facts.contract.policy
    bad_labels = _bad_labels(facts)
    today = _today(facts, bad_labels)
    corruption = proven_corruption(facts, today)
    status = _status(facts, today, bad_labels, is_corrupted=bool(corruption))
    decisive = decisive_findings(facts.findings)
    scope = scope_of(decisive, facts.context)
    impact = impact_of(facts, scope, status)
    # How many good days an episode survives is for the rule that confirms it to say.
    rule = policy.persistence if status.is_fast else policy.slow_persistence
    onset = breach_onset(today, facts.history, rule)
    symptoms = symptoms_of(
        facts,
        scope,
        corruption,
        label_faults=lasting_label_faults(facts),
        onset=onset,
    )
    diagnosis = _diagnose(symptoms, status, impact, bad_labels=bad_labels)
    # How many models share a cause matters only once that cause is named.
    if diagnosis is not None and diagnosis.cause is Cause.COMMON_CAUSE:
        impact = _shared(symptoms, impact)
    graded = grade(impact, policy.severity)
    if diagnosis is None and graded.severity in TICKETS:
        diagnosis = _unknown(facts)
    reasons = day_reasons(
        facts, status, diagnosis, scope=scope, severity=graded.severity
    )
    return Decision(
        verdict=today.verdict,
        performance=today.performance,
        confirmed=status.persistence.confirmed,
        severity=graded.severity,
        cause=diagnosis.cause if diagnosis else None,
        rollback_to=diagnosis.rollback_to if diagnosis else None,
        reasons=tuple(r.text for r in reasons),
        reason_codes=tuple(r.code for r in reasons),
        evidence={
            **run_evidence(status.persistence, onset, symptoms.version_since),
            **severity_evidence(graded, impact, diagnosis),
            **_kept_of_findings(facts, decisive),
        },
    )


def _kept_of_findings(facts: DayFacts, decisive: Sequence[Finding]) -> JsonObject:
    """Return what later days have to know of a day's numbers, whatever it came to."""
    return {
        **warnings_of(facts.findings, facts.contract).to_json(),
        FROM_LABELS: is_told_by_labels(decisive),
        **({RELEASE_IS_SOUND: True} if is_release_sound(decisive) else {}),
        **as_evidence(facts.context.columns),
    }


def _today(facts: DayFacts, bad_labels: Diagnosis | None) -> PastDay:
    """Return the verdicts of the day, in the form of the days before it."""
    performance = performance_verdict(facts.findings)
    verdict = day_verdict(
        performance,
        facts.findings,
        facts.warnings,
        is_corrupted=_is_odd(facts) or bad_labels is not None,
    )
    return PastDay(
        day=facts.day, version=facts.version, verdict=verdict, performance=performance
    )


def _is_odd(facts: DayFacts) -> bool:
    """Whether rows or labels of the day look damaged, be it for a day alone."""
    return bool(corruption_in(facts.batch.checks) or facts.label_faults)


def _status(
    facts: DayFacts,
    today: PastDay,
    bad_labels: Diagnosis | None,
    *,
    is_corrupted: bool,
) -> DayStatus:
    """Hold the day beside the days before it."""
    policy, history = facts.contract.policy, facts.history
    rules = (policy.persistence, policy.slow_persistence)
    return DayStatus(
        performance=today.performance,
        verdict=today.verdict,
        persistence=confirmed_by_any(today, history, rules),
        is_fast=persistence_of(today, history, policy.persistence).confirmed,
        warns_for_long=warns_for_long(today, history, policy),
        is_odd=_is_odd(facts),
        is_corrupted=is_corrupted,
        is_blind=bad_labels is not None or not _is_delivered(facts),
    )


def _is_delivered(facts: DayFacts) -> bool:
    """Whether the rows are, for all anybody knows, what the live version gives."""
    return facts.stale_alias is None and proven_unlike(facts.findings) is None


def _bad_labels(facts: DayFacts) -> Diagnosis | None:
    """Return what is wrong with the labels: lost, unlike those before, or overdue."""
    return labels_lost(facts) or labels_faulty(facts) or labels_overdue(facts.findings)


def _diagnose(
    symptoms: Symptoms,
    status: DayStatus,
    impact: Impact,
    *,
    bad_labels: Diagnosis | None,
) -> Diagnosis | None:
    """Name the cause of the day; None where nothing is wrong enough to have one.

    The order is the policy: rows scored by the wrong version say nothing about the
    right one, a confirmed breach goes before outputs that are not the version's and
    damage without one, and labels that are missing before drift that may hurt.
    """
    if symptoms.stale_alias is not None:
        return Diagnosis.of(
            Cause.INTEGRATION,
            ReasonCode.ALIAS_NOT_FOLLOWED,
            ("alias",),
            version=symptoms.version,
            alias=symptoms.contract.alias,
            stands=symptoms.stale_alias,
        )
    if symptoms.scope.broken and status.persistence.confirmed:
        return triage(symptoms)
    unlike = proven_unlike(symptoms.findings)
    if unlike is not None or symptoms.corruption:
        return unlike or corrupted(symptoms)
    if {Level.HARD, Level.BEYOND_DOUBT} & {impact.performance, impact.fairness}:
        return provisional_cause(symptoms)
    # Before drift: without labels nobody can tell whether drift hurts.
    if bad_labels is not None or impact.drift < DriftLevel.LASTS:
        return bad_labels
    return lasting_move(symptoms) or drift_alone(symptoms)


def _unknown(facts: DayFacts) -> Diagnosis:
    """Return the cause of what somebody has to look at and no rule explains."""
    loud = [f for f in facts.findings if f.verdict in LOUD | {Verdict.ERROR}]
    return Diagnosis.of(Cause.UNDETERMINED, ReasonCode.NO_CAUSE_FITS, keys_of(loud))


def _shared(symptoms: Symptoms, impact: Impact) -> Impact:
    """Add the other models that share the cause."""
    others = broke_together(symptoms)
    tiers = [symptoms.contract.tier, *(other.tier for other in others)]
    return replace(impact, common_models=len(tiers), common_tier_one=tiers.count(1))
