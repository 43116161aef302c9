"""All numbers of a day held against their limits."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.baseline import expect_distance
from monitoring_tasks.compare.interval_rule import judge
from monitoring_tasks.compare.multiplicity import control
from monitoring_tasks.compare.objectives import DayContext, judge_objective
from monitoring_tasks.compare.thresholds import drift_limit, noise_of
from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict


def judge_day(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Judge every number that an objective or the drift policy speaks of.

    An objective whose number was not measured is a `no_data` finding of its own, so
    that a metric which failed to compute cannot drop out of the verdict.
    """
    versions = sorted({m.version for m in measurements})
    findings = [
        finding
        for objective in context.contract.objectives
        for version in versions
        for finding in judge_objective(objective, version, measurements, context)
    ]
    drifts = [m for m in measurements if _is_watched_drift(m, context.contract)]
    findings += [_judge_drift(m, context) for m in drifts]
    rate = context.contract.policy.false_discovery_rate
    return control(findings, rate=rate, dependence=False)


def _is_watched_drift(measurement: Measurement, contract: Contract) -> bool:
    """Whether the policy judges this distance; calendar columns drift by nature."""
    if measurement.kind is not Kind.DRIFT or measurement.segment != "all":
        return False
    columns, policy = contract.columns, contract.policy.drift
    if measurement.metric == "reconstruction_error":
        return True
    if measurement.column in columns.categorical:
        return measurement.metric == policy.categorical
    watched = (*columns.continuous, *columns.scores)
    return measurement.column in watched and measurement.metric == policy.continuous


def _judge_drift(measurement: Measurement, context: DayContext) -> Finding:
    policy = context.contract.policy
    noise = noise_of(measurement, context.references.get(measurement.version), policy)
    limit = drift_limit(policy, measurement, noise, day=context.day)
    finding = judge(
        measurement, limit, min_rows=policy.min_rows, noun=measurement.metric
    )
    if noise is None or measurement.value is None or finding.verdict is Verdict.NO_DATA:
        return finding
    expected = expect_distance(noise, day=context.day, rows=measurement.rows)
    chance = expected.chance(measurement.value - expected.mean)
    return replace(finding, p_value=chance)
