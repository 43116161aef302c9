"""All numbers of a day held against their limits."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.baseline import expect, expect_distance
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import judge
from monitoring_tasks.compare.lost_segments import judge_segment_losses
from monitoring_tasks.compare.multiplicity import control
from monitoring_tasks.compare.objectives import judge_objective
from monitoring_tasks.compare.outcome import judge_outcome
from monitoring_tasks.compare.output_levels import judge_outputs
from monitoring_tasks.compare.skewed import Shape, scaled
from monitoring_tasks.compare.thresholds import (
    DOMAIN_CLASSIFIER,
    drift_limit,
    noise_of,
)
from monitoring_tasks.compare.too_good import judge_gains
from monitoring_tasks.contract.column_kinds import (
    binned_columns,
    category_columns,
    watched_prediction,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import DailyNoise

UNCOUNTED = (
    "the reference was built before predictions were counted; log it again "
    "(`daywatch reference`) to have their drift watched"
)


def judge_day(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Judge every number that an objective or the drift policy speaks of.

    An objective whose number was not measured is a `no_data` finding of its own, so
    that a metric which failed to compute cannot drop out of the verdict; so is the
    drift of predictions where the reference did not count them. False discoveries are
    controlled, but what lies past a hard limit stands.

    Args:
        measurements: Every number of the day.
        context: The day, its contract, and the references of its versions.
    """
    versions = sorted({m.version for m in measurements})
    findings = [
        finding
        for objective in context.contract.objectives
        for version in versions
        for finding in judge_objective(objective, version, measurements, context)
    ]
    drifts = [m for m in measurements if _is_watched_drift(m, context.contract)]
    drifts += _uncounted_predictions(drifts, versions, context)
    findings += [_judge_drift(m, context) for m in drifts]
    # Before the control of false discoveries: their p-values join the family of drift.
    findings += judge_outcome(measurements, context)
    findings += judge_outputs(measurements, context)
    rate = context.contract.policy.false_discovery_rate
    controlled = control(findings, rate=rate, dependence=False)
    return [
        *(
            before if context.contract.is_past_hard(before.measurement) else after
            for before, after in zip(findings, controlled, strict=True)
        ),
        # They share their false alarms among themselves, and are there only to warn.
        *judge_gains(measurements, context),
        *judge_segment_losses(measurements, context),
    ]


def _uncounted_predictions(
    drifts: Sequence[Measurement], versions: Sequence[str], context: DayContext
) -> list[Measurement]:
    """Say of every version whose predictions have no distance why they have none.

    Only of versions with a reference: without one no column has a distance.
    """
    counted = {(m.version, m.column) for m in drifts}
    contract = context.contract
    is_number = contract.problem is Problem.REGRESSION
    policy = contract.policy.drift
    return [
        Measurement(
            kind=Kind.DRIFT,
            metric=policy.continuous if is_number else policy.categorical,
            column=column,
            version=version,
            reason=UNCOUNTED,
        )
        for version in versions
        for column in watched_prediction(contract)
        # Without a reference no column has a distance, and none is missed.
        if version in context.references and (version, column) not in counted
    ]


def _is_watched_drift(measurement: Measurement, contract: Contract) -> bool:
    """Whether the policy judges this distance; calendar columns drift by nature."""
    policy = contract.policy.drift
    is_asked = measurement.segment == "all" or policy.segments
    if measurement.kind is not Kind.DRIFT or not is_asked:
        return False
    # These two are about all features at once, so no column decides.
    if measurement.metric in {"reconstruction_error", DOMAIN_CLASSIFIER}:
        return True
    if measurement.column in category_columns(contract):
        return measurement.metric == policy.categorical
    watched = measurement.column in binned_columns(contract)
    return watched and measurement.metric == policy.continuous


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
    p_value = expected.p_value(measurement.value - expected.mean)
    return replace(finding, p_value=p_value)


def _judge_classifier(
    measurement: Measurement, noise: DailyNoise, context: DayContext
) -> Finding:
    """Hold how well a day is told from the reference against the reference's own days.

    A classifier tells healthy days as well, by their weather or their prices: only
    being told better than those days were is drift. Areas end at 1, so the limit is
    learnt on the log odds; fewer rows do not make the area larger.
    """
    policy = context.contract.policy
    # The area has no interval: the spread of its days holds the sampling error too.
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
    return replace(finding, p_value=on_scale.p_value(measurement.value, 1))
