"""From what a day showed to what its severity is chosen from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.assess import LOUD, Persisted
from monitoring_tasks.decide.scope import (
    Scope,
    is_below_chance,
    is_past_hard,
    is_protected,
)
from monitoring_tasks.domain.decisions import Cause, PastDay
from monitoring_tasks.domain.findings import (
    ADVISORY,
    REFERENCE_GATE,
    DataVerdict,
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
from monitoring_tasks.domain.surroundings import Surroundings

BLIND = frozenset({Verdict.NO_DATA, Verdict.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a day stands beside the days before it.

    Attributes:
        performance: Worst verdict of the promises.
        verdict: Verdict of the day.
        lasting: How long the breach has been going on, by the rule that confirms it.
        is_fast: Whether the fast rule confirms it, and not the slow one alone.
        warns_for_long: Whether enough of the latest days warned, or worse.
        is_damaged: Whether part of the rows has looked damaged for days.
        is_unlabelled: Whether the labels of several days are overdue.
    """

    performance: Verdict
    verdict: Verdict
    lasting: Persisted
    is_fast: bool
    warns_for_long: bool
    is_damaged: bool = False
    is_unlabelled: bool = False


def impact_of(
    contract: Contract,
    findings: Sequence[Finding],
    scope: Scope,
    *,
    standing: Standing,
    around: Surroundings,
) -> Impact:
    """Say what a day that could be judged touches.

    Whatever is not known is left at what counts as the graver: an unknown share is all
    of the rows.
    """
    closed = [f for f in scope.broken if is_protected(f, contract)]
    rest = [f for f in scope.broken if f not in closed]
    performance = _level(rest, contract, standing)
    if not scope.broken and (
        standing.performance in {Verdict.WARN, Verdict.ERROR}
        or standing.verdict is Verdict.ERROR
    ):
        performance = Level.WARNING if _warns(standing) else Level.TREND
    is_bad = standing.performance is Verdict.BREACH
    return Impact(
        tier=contract.tier,
        performance=performance,
        fairness=_level(closed, contract, standing),
        data=DataLevel.DAMAGED if standing.is_damaged else DataLevel.FIT,
        pipeline=(
            PipelineLevel.BLIND if standing.is_unlabelled else PipelineLevel.RUNS
        ),
        drift=_drift(findings, standing, around),
        rows=scope.rows,
        share_of_rows=scope.share,
        streak=standing.lasting.streak if is_bad else 0,
        exhausted=around.exhausted if standing.lasting.confirmed else (),
        action_regressed=around.action_regressed and standing.lasting.confirmed,
        value_lost=around.value_lost if standing.lasting.confirmed else None,
    )


def unfit_impact(
    contract: Contract,
    data: DataVerdict,
    history: Sequence[PastDay],
    *,
    cause: Cause,
    around: Surroundings,
) -> Impact:
    """Say what a day touches whose batch is missing, broken or could not be checked."""
    level, pipeline = DataLevel.FIT, PipelineLevel.RUNS
    if cause is Cause.DATA:
        level = _data(contract, data)
    else:
        rule = contract.policy.persistence
        latest = history[-(rule.of_days - 1) :] if rule.of_days > 1 else ()
        blind = 1 + sum(past.verdict in BLIND for past in latest)
        pipeline = PipelineLevel.BLIND
        if 1 < rule.bad_days <= blind:
            pipeline = PipelineLevel.BLIND_AGAIN
    return Impact(
        tier=contract.tier,
        data=level,
        pipeline=pipeline,
        rows=around.total,
        share_of_rows=1.0,
        exhausted=around.exhausted,
    )


def _data(contract: Contract, data: DataVerdict) -> DataLevel:
    if contract.policy.severity.quarantine_holds:
        return DataLevel.HELD
    is_other = any(
        c.gate == REFERENCE_GATE and c.status == "failed" and c.severity == "critical"
        for c in data.checks
    )
    return DataLevel.WRONG_POPULATION if is_other else DataLevel.USED


def _level(broken: Sequence[Finding], contract: Contract, standing: Standing) -> Level:
    """Say how sure and how far promises are broken.

    Past a stated hard limit no second day is waited for; worse than chance waits for
    none in tier 1.
    """
    if not broken:
        return Level.NONE
    if any(
        is_past_hard(f, contract) or (contract.tier == 1 and is_below_chance(f))
        for f in broken
    ):
        return Level.HARD
    if not standing.lasting.confirmed:
        return Level.TREND
    return Level.CONFIRMED if standing.is_fast else Level.WARNING


def _warns(standing: Standing) -> bool:
    return standing.performance in LOUD and standing.warns_for_long


def _drift(
    findings: Sequence[Finding], standing: Standing, around: Surroundings
) -> DriftLevel:
    """Say what drift means on a day that nothing else speaks for.

    Where labels say that all is well, drift is no news and the day does not warn.
    """
    if standing.verdict is not Verdict.WARN:
        return DriftLevel.NONE
    warned = {
        f.measurement.kind
        for f in findings
        if f.measurement.kind in ADVISORY and f.verdict is Verdict.WARN
    }
    predicted = any(e.is_surprising for e in around.effects)
    if Kind.DRIFT in warned and predicted and standing.warns_for_long:
        return DriftLevel.PREDICTS_LOSS
    return DriftLevel.SEEN if warned else DriftLevel.NONE
