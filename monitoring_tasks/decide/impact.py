"""What a day's severity is chosen from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.persistence import Persistence
from monitoring_tasks.decide.scope import Scope, is_below_chance, is_protected
from monitoring_tasks.decide.single_days import is_loss_beyond_doubt
from monitoring_tasks.decide.standing_warnings import COUNTED_BY_THEMSELVES
from monitoring_tasks.domain.findings import (
    LOUD,
    REFERENCE_GATE,
    Finding,
    Kind,
    Verdict,
)
from monitoring_tasks.domain.impact import (
    DataLevel,
    DriftLevel,
    Impact,
    Level,
    PipelineLevel,
)

BLIND = frozenset({Verdict.NO_DATA, Verdict.ERROR})
"""Verdicts of a day on which nobody knows how the model did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatus:
    """How a day stands beside the days before it.

    Attributes:
        performance: Worst verdict of the promises.
        verdict: Verdict of the day.
        persistence: How long the breach has lasted, by the rule that confirms it.
        is_fast: Whether the fast rule confirms it, and not the slow one alone.
        warns_for_long: Whether its run of days that warned, or worse, is long.
        is_odd: Whether part of the rows, or the labels, look damaged today.
        is_corrupted: Whether rows have for days, or do as a promise breaks.
        is_blind: Whether labels, or outputs that are the live version's, are missing.
    """

    performance: Verdict
    verdict: Verdict
    persistence: Persistence
    is_fast: bool
    warns_for_long: bool
    is_odd: bool = False
    is_corrupted: bool = False
    is_blind: bool = False


def impact_of(facts: DayFacts, scope: Scope, status: DayStatus) -> Impact:
    """Return the impact of a day that could be judged.

    What is unknown counts as the graver: an unknown share is all of the rows.

    Args:
        facts: All that is known of the day.
        scope: What is broken, and how many rows it touches.
        status: How the day stands beside the days before it.
    """
    contract, context = facts.contract, facts.context
    protected = [f for f in scope.broken if is_protected(f, contract)]
    unprotected = [f for f in scope.broken if f not in protected]
    # Protected groups are graded apart: no small share of the rows caps them.
    performance = _level(unprotected, contract, status)
    if not scope.broken and (
        status.performance in {Verdict.WARN, Verdict.ERROR}
        or status.verdict is Verdict.ERROR
    ):
        performance = Level.WARNING if _warns(status) else Level.TREND
    is_bad = status.performance is Verdict.BREACH
    is_confirmed = status.persistence.confirmed
    return Impact(
        tier=contract.tier,
        performance=performance,
        fairness=_level(protected, contract, status),
        data=_damage(status),
        pipeline=PipelineLevel.BLIND if status.is_blind else PipelineLevel.RUNS,
        drift=_drift(facts, status),
        rows=scope.rows,
        share_of_rows=scope.share,
        streak=status.persistence.streak if is_bad else 0,
        exhausted=context.exhausted if is_confirmed else (),
        action_regressed=context.action_regressed and is_confirmed,
        value_lost=context.value_lost if is_confirmed else None,
    )


def unfit_impact(facts: DayFacts, *, are_rows_wrong: bool) -> Impact:
    """Return the impact of a day whose batch is missing, broken or was not checked.

    Args:
        facts: All that is known of the day.
        are_rows_wrong: Whether rows came and are not fit; else there is nothing to
            judge.
    """
    level, pipeline = DataLevel.FIT, PipelineLevel.RUNS
    if are_rows_wrong:
        level = _data_level(facts)
    else:
        rule = facts.contract.policy.persistence
        # Today, the last of the latest days, is blind.
        latest = [past.verdict in BLIND for past in facts.history] + [True]
        blind = sum(latest[-rule.of_days :])
        pipeline = PipelineLevel.BLIND
        # A rule of one bad day would make the very first blind day a repetition.
        if 1 < rule.bad_days <= blind:
            pipeline = PipelineLevel.BLIND_AGAIN
    return Impact(
        tier=facts.contract.tier,
        data=level,
        pipeline=pipeline,
        rows=facts.context.total,
        share_of_rows=1.0,
        exhausted=facts.context.exhausted,
    )


def _damage(status: DayStatus) -> DataLevel:
    if status.is_corrupted:
        return DataLevel.CORRUPTED
    return DataLevel.ODD if status.is_odd else DataLevel.FIT


def _data_level(facts: DayFacts) -> DataLevel:
    if facts.contract.policy.severity.quarantine_holds:
        return DataLevel.HELD
    # Rows of another population: not some rows wrong, but all of another kind.
    is_other = any(
        c.gate == REFERENCE_GATE and c.status == "failed" and c.severity == "critical"
        for c in facts.batch.checks
    )
    return DataLevel.WRONG_POPULATION if is_other else DataLevel.USED


def _level(broken: Sequence[Finding], contract: Contract, status: DayStatus) -> Level:
    """Return how surely and how far objectives are broken.

    Nothing waits for a second day past a stated hard limit, nor, in tier 1, once a
    model ranks worse than chance, nor where a loss is beyond doubt.
    """
    if not broken:
        return Level.NONE
    if any(
        contract.is_past_hard(f.measurement)
        or (contract.tier == 1 and is_below_chance(f))
        for f in broken
    ):
        return Level.HARD
    if not status.persistence.confirmed:
        is_sure = any(is_loss_beyond_doubt(f, contract) for f in broken)
        return Level.BEYOND_DOUBT if is_sure else Level.TREND
    return Level.CONFIRMED if status.is_fast else Level.WARNING


def _warns(status: DayStatus) -> bool:
    return status.performance in LOUD and status.warns_for_long


def _drift(facts: DayFacts, status: DayStatus) -> DriftLevel:
    """Return what numbers that moved mean on a day with no other trouble.

    Where labels show that a move is harmless it is told at most, and only if no season
    moves so; see `StandingWarning`.
    """
    if status.verdict is not Verdict.WARN:
        return DriftLevel.NONE
    warnings = facts.warnings
    standing = [w for w in warnings if w.is_told and not w.is_harmless]
    predicted = any(e.is_surprising for e in facts.context.effects)
    if predicted and any(w.finding.measurement.kind is Kind.DRIFT for w in standing):
        return DriftLevel.PREDICTS_LOSS
    if any(w.is_grave for w in warnings):
        return DriftLevel.LASTS
    is_counted = any(
        f.measurement.kind in COUNTED_BY_THEMSELVES and f.verdict is Verdict.WARN
        for f in facts.findings
    )
    is_told = any(w.is_news and w.is_told for w in warnings)
    return DriftLevel.SEEN if is_counted or is_told else DriftLevel.NONE
