"""All numbers of a day held against their limits."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.baseline import expect, expect_distance
from monitoring_tasks.compare.interval_rule import judge
from monitoring_tasks.compare.multiplicity import control
from monitoring_tasks.compare.objectives import DayContext, judge_objective
from monitoring_tasks.compare.outcome import judge_outcome
from monitoring_tasks.compare.skewed import Shape, scaled
from monitoring_tasks.compare.thresholds import (
    DOMAIN_CLASSIFIER,
    drift_limit,
    noise_of,
)
from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.reference import DailyNoise


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
    findings += judge_outcome(measurements, context)
    rate = context.contract.policy.false_discovery_rate
    return control(findings, rate=rate, dependence=False)


def _is_watched_drift(measurement: Measurement, contract: Contract) -> bool:
    """Whether the policy judges this distance; calendar columns drift by nature."""
    if measurement.kind is not Kind.DRIFT or measurement.segment != "all":
        return False
    columns, policy = contract.columns, contract.policy.drift
    if measurement.metric in {"reconstruction_error", DOMAIN_CLASSIFIER}:
        return True
    if measurement.column in columns.categorical:
        return measurement.metric == policy.categorical
    watched = (*columns.continuous, *columns.scores)
    return measurement.column in watched and measurement.metric == policy.continuous


def _judge_drift(measurement: Measurement, context: DayContext) -> Finding:
    policy = context.contract.policy
    noise = noise_of(measurement, context.references.get(measurement.version), policy)
    if noise is not None and measurement.metric == DOMAIN_CLASSIFIER:
        return _judge_classifier(measurement, noise, context)
    expected = (
        expect_distance(noise, day=context.day, rows=measurement.rows)
        if noise
        else None
    )
    limit = drift_limit(policy, measurement.metric, expected)
    finding = judge(
        measurement, limit, min_rows=policy.min_rows, noun=measurement.metric
    )
    if measurement.value is None or expected is None:
        return finding
    if finding.verdict is Verdict.NO_DATA:
        return finding
    chance = expected.chance(measurement.value - expected.mean)
    return replace(finding, p_value=chance)


def _judge_classifier(
    measurement: Measurement, noise: DailyNoise, context: DayContext
) -> Finding:
    """Hold how well a day is told from the reference against the reference's own days.

    A classifier tells healthy days as well, by their weather or their prices: only
    being told better than those days were is drift. Areas end at 1, so the limit is
    learnt on the log odds; fewer rows do not make the area larger.
    """
    policy = context.contract.policy
    expected = expect(noise, day=context.day, horizon=1, sampling=0.0)
    on_scale, rate = scaled(expected, Shape.SHARE), policy.drift.false_alarm
    limit = Limit(
        high=on_scale.edge(rate, 1),
        origin=f"expected {expected.mean:.3f}, at most once in "
        f"{1 / rate:.0f} days past the limit by chance",
        reference=expected.mean,
        advisory=True,
        false_alarm=rate,
    )
    noun = measurement.metric
    finding = judge(measurement, limit, min_rows=policy.min_rows, noun=noun)
    if measurement.value is None or finding.verdict is Verdict.NO_DATA:
        return finding
    return replace(finding, p_value=on_scale.chance(measurement.value, 1))
