"""Hold a day's numbers against their limits, and other versions beside the live one.

Reads through the day, hands the parts to pure functions and writes what they said; what
the parts in sub-folders need, their own `step.py` reads.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from monitoring_tasks.compare.attribution_of_day import (
    ReferenceAttribution,
    attribution_of_day,
)
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.day_findings import day_findings
from monitoring_tasks.compare.label_counts import stray_labels
from monitoring_tasks.compare.label_gate import judge_labels
from monitoring_tasks.compare.limit_warnings import (
    limit_warnings,
    warnings_key,
    with_warnings,
)
from monitoring_tasks.compare.numbers_of_today import numbers_of_today
from monitoring_tasks.compare.pooled_numbers import by_number, longest_pool
from monitoring_tasks.compare.predicted_effect import lost_value, predicted_effects
from monitoring_tasks.compare.reproduction.step import check_outputs
from monitoring_tasks.compare.versions.step import compare_day_versions
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Check, Finding, Kind
from monitoring_tasks.domain.incident_context import PredictedEffect
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from monitoring_tasks.workspace.labelled_rows import rows_scored_by


def compare_day(day: Day) -> None:
    """Hold the day's numbers against their limits, and other versions beside it."""
    with contained(day, "compare"):
        # First: what is wrong with the labels is said of the numbers they give.
        _judge_labels(day)
        findings = _judge_numbers(day)
        comparisons, on_rows = _judge_rows(day, findings)
        day.record.save_findings([*findings, *on_rows], comparisons)


def _judge_rows(
    day: Day, findings: Sequence[Finding]
) -> tuple[list[Comparison], list[Finding]]:
    """Hold against the day's rows what has to be scored for it: versions, outputs."""
    # On rows that are not fit no version could show anything.
    if not day.evaluation.data.is_fit:
        return [], []
    comparisons, judged = compare_day_versions(day, findings)
    judged += _judge_attribution(day)
    judged += check_outputs(day, [*findings, *judged], comparisons)
    return comparisons, judged


def _judge_labels(day: Day) -> None:
    """Hold the day's labels against those of the days before it."""
    verdict, policy = day.evaluation.label_verdict, day.contract.policy
    counts = day.evaluation.label_counts
    is_joined = counts is not None and bool(counts.rows + counts.refused)
    if verdict is None:
        return
    version = day.evaluation.version
    faults: tuple[Check, ...] = ()
    if is_joined and day.evaluation.is_fit:
        faults = judge_labels(
            day.evaluation,
            day.past.evaluations(policy.labels.window_days),
            day.contract,
            day.reference(version) if version else None,
            at_age=day.coverages_at_age,
        )
    judged = verdict.with_faults(faults)
    if judged != verdict:
        day.record.save_label_verdict(judged)


def with_limit_warnings(day: Day, decision: Decision) -> Decision:
    """Add to the reasons of a day that a limit it was held against means nothing.

    It changes no verdict. What was worked out is kept in the workspace's cache.

    Args:
        day: The day; without a reference of its version nothing is said.
        decision: What the day means so far.
    """
    version = day.evaluation.version
    reference = day.reference(version) if version else None
    if reference is None:
        return decision
    kept = KeptAnswers(
        folder=day.workspace.settings.home / "cache" / "limits",
        prefix=f"{day.model}-",
    )
    # Of all numbers of the reference: once in a process is enough.
    key = day.workspace.remember(
        "limit warnings",
        day.model,
        version,
        make=lambda: warnings_key(day.contract, reference),
    )
    remember = partial(kept.remember, key)
    return with_warnings(decision, limit_warnings(day.contract, reference, remember))


def _judge_numbers(day: Day) -> list[Finding]:
    """Judge the numbers of the day, alone and together with those of days before."""
    contract = day.contract
    context = DayContext(
        day=day.day,
        contract=contract,
        references=_references(day),
        label_coverage={
            p.version: p.label_coverage for p in day.profiles if p.segment == "all"
        },
        recent=by_number(_recent_numbers(day)),
        stray_labels=stray_labels(
            day.evaluation.label_counts, day.evaluation.label_faults
        ),
    )
    estimated = {o.metric for o in contract.objectives if o.source == "estimated"}
    return day_findings(
        day.measurements,
        _numbers_so_far(day),
        context,
        trust=day.estimator_trust(estimated),
    )


def _recent_numbers(day: Day) -> list[DatedNumber]:
    """Return the numbers of the days before that are pooled with this day's."""
    kinds = {Kind.OUTPUT, Kind.REALIZED, Kind.ESTIMATED}
    promised = {objective.metric for objective in day.contract.objectives}
    pooled = [
        m
        for m in day.measurements
        if m.kind is Kind.OUTPUT or (m.kind in kinds and m.metric in promised)
    ]
    days = longest_pool(day.contract.policy) - 1
    if not pooled or not days:
        return []
    numbers = dated_numbers(
        day.workspace.database,
        day.unit,
        days=days,
        kinds=kinds,
        segments={m.segment for m in pooled},
        metrics={m.metric for m in pooled},
    )
    # What an earlier try left of the day itself is not what was just measured.
    return [number for number in numbers if number.day < day.day]


def predicted_effects_of(day: Day) -> tuple[PredictedEffect, ...]:
    """Return by how much the day's estimates explain each loss that came true."""
    effects = predicted_effects(
        day.measurements, _references(day), day.contract, day=day.day
    )
    return tuple(effects)


def lost_value_of(day: Day) -> float | None:
    """Return what the day's loss is worth; None where nobody knows."""
    return lost_value(day.measurements, _references(day), day.contract, day=day.day)


def _references(day: Day) -> Mapping[str, ReferenceProfile]:
    return day.references(sorted({number.version for number in day.measurements}))


def _numbers_so_far(day: Day) -> list[DatedNumber]:
    """Return the promised numbers of the days before, as known then, and the day's."""
    policy, objectives = day.contract.policy, day.contract.objectives
    span = max(policy.sequence_days, policy.forecast.window_days)
    today = numbers_of_today(day.measurements, day.profiles, objectives, day=day.day)
    return [*day.past.promised_numbers(objectives, span), *today]


def _judge_attribution(day: Day) -> list[Finding]:
    """Hold what the day's scores hang on against the reference of the version.

    Nothing when the policy asks about no rows. Asked of the version most rows carry.
    """
    contract, version = day.contract, day.evaluation.version
    if contract.policy.attribution.rows == 0 or version is None:
        return []
    workspace, model = day.workspace, day.model
    on_reference = ReferenceAttribution(
        contract=contract,
        version=version,
        logged=partial(workspace.references.digest, model, version),
        rows=partial(workspace.references.rows, model, version),
        kept=KeptAnswers(folder=workspace.settings.home / "cache" / "attribution"),
        score=day.score,
    )
    finding = attribution_of_day(
        rows_scored_by(day, version),
        version,
        contract,
        day=day.day,
        of_reference=lambda: workspace.remember(
            "input dependence", model, version, make=on_reference.changes
        ),
        score=day.score,
        remark=day.sample_remark,
    )
    return [finding]
