"""Losses too small for any one day, added up day after day."""

import math
from collections.abc import Sequence
from statistics import fmean

from monitoring_tasks.compare.change_detector import Evidence, Step, detect
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import finding_of
from monitoring_tasks.compare.thresholds import expected_value, noise_of
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import loss_on_side
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
    worst,
)
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber


def judge_sequences(
    numbers: Sequence[DatedNumber], context: DayContext
) -> list[Finding]:
    """Hold the days of each version so far against "nothing got worse".

    One finding for every realized objective with `max_drop` and every version of the
    day whose own number is mature and can be measured: `breach` when the evidence
    has crossed and the mean loss since its onset is larger than allowed, else `ok`.
    Each series is of one version, a number a day, never pooled days. What gets worse
    on two sides has a series on each; the graver one is told.

    Args:
        numbers: Realized numbers of the last days, the day itself included.
        context: The day; its policy promises the run length of all series together.
    """
    policy = context.contract.policy
    promises = [o for o in context.contract.objectives if is_added_up(o)]
    # k detectors alarm up to k times as often, so each waits k times longer.
    run_length = policy.run_length_days * series_of(promises)
    findings = []
    for objective in promises:
        for version in sorted({number.measurement.version for number in numbers}):
            mature = mature_days(numbers, objective, version, context)
            reference = context.references.get(version)
            # Without a number of today an earlier day would be told again.
            if not mature or mature[-1].day != context.day:
                continue
            noise = noise_of(mature[-1].measurement, reference, policy)
            if noise is not None:
                sides = [
                    _judge_days(
                        objective, mature, noise, sign, policy=policy,
                        run_length=run_length,
                    )
                    for sign in worse_sides(objective)
                ]  # fmt: skip
                findings.append(_graver(sides))
    return findings


def is_added_up(objective: Objective) -> bool:
    """Whether losses of the objective are added up day after day.

    Not where the contract asks for one horizon: that one decides.
    """
    is_realized = Kind(objective.source) is Kind.REALIZED
    return is_realized and objective.max_drop is not None and objective.over is None


def worse_sides(objective: Objective) -> tuple[int, ...]:
    """Return the sides on which an objective's number gets worse: 1 above, -1 below."""
    return metric_of(objective.source, objective.metric).better.worse_signs


def series_of(objectives: Sequence[Objective]) -> int:
    """Return how many series share the promised run length; at least one."""
    return max(sum(len(worse_sides(o)) for o in objectives), 1)


def _graver(findings: Sequence[Finding]) -> Finding:
    """Return the first of the gravest, of those the one with the most evidence."""
    grave = worst(finding.verdict for finding in findings)
    gravest = [finding for finding in findings if finding.verdict is grave]
    return max(gravest, key=lambda f: f.measurement.value or 0.0)


def mature_days(
    numbers: Sequence[DatedNumber],
    objective: Objective,
    version: str,
    context: DayContext,
) -> list[DatedNumber]:
    """Return the days of a version on which the objective's number can be believed.

    Enough rows, enough of them with a label, and not excluded by the contract; oldest
    first.

    Args:
        numbers: Of the last days, in no order.
        objective: Which number.
        version: Which version.
        context: The day, its contract, and the references of its versions.
    """
    policy = context.contract.policy
    mature = [
        number
        for number in numbers
        if (number.measurement.metric, number.measurement.segment)
        == (objective.metric, objective.segment)
        and number.measurement.version == version
        and number.measurement.kind is Kind.REALIZED
        and number.measurement.value is not None
        and math.isfinite(number.measurement.value)
        and number.measurement.rows >= policy.min_rows
        and number.labelled >= policy.label_coverage * number.rows
        and number.day not in policy.excluded_days
    ]
    return sorted(mature, key=lambda number: number.day)


def _judge_days(
    objective: Objective,
    days: Sequence[DatedNumber],
    noise: DailyNoise,
    sign: int,
    *,
    policy: Policy,
    run_length: float,
) -> Finding:
    steps = [
        _step(objective, day, noise, sign=sign, confidence=policy.confidence)
        for day in days
    ]
    allowed = objective.max_drop or 0.0
    evidence = detect(
        steps,
        smallest_drop=allowed,
        correlation=daily_correlation(noise),
        run_length=run_length,
    )
    number = days[-1].measurement
    shown = Measurement(
        kind=Kind.SEQUENCE,
        metric=number.metric,
        segment=number.segment,
        version=number.version,
        value=evidence.value,
        rows=number.rows,
        reason=evidence.reason,
    )
    limit = Limit(
        high=evidence.threshold,
        origin=f"on average {policy.run_length_days:g} days to a false alarm",
    )
    verdict, why = _verdict(evidence, steps, allowed)
    return finding_of(shown, verdict, why, limit)


def _step(
    objective: Objective,
    number: DatedNumber,
    noise: DailyNoise,
    *,
    sign: int,
    confidence: float,
) -> Step:
    """Return a day's loss on one side, less what the reference's mean may be off by.

    That part is the same on every day, so that it would add up like a loss.
    """
    expected = expected_value(
        number.measurement, noise, day=number.day, confidence=confidence
    )
    value = number.measurement.value
    lost = loss_on_side(
        metric_of(objective.source, objective.metric).better,
        expected.mean if value is None else value,
        expected.mean,
        sign,
    )
    # What is the same on every day was taken from the drop instead.
    own = math.sqrt(max(expected.error**2 - expected.shared**2, 0.0))
    return Step(day=number.day, drop=lost - expected.shared, error=own)


def daily_correlation(noise: DailyNoise) -> float:
    """Return the correlation of consecutive days, their sampling error included."""
    variance = noise.spread**2 + noise.sampling**2
    return noise.correlation * noise.spread**2 / variance if variance else 0.0


def _verdict(
    evidence: Evidence, steps: Sequence[Step], allowed: float
) -> tuple[Verdict, str]:
    if evidence.value is None:
        return Verdict.NO_DATA, evidence.reason
    if not evidence.crossed:
        return Verdict.OK, evidence.reason
    since = evidence.since or steps[-1].day
    loss = fmean(step.drop for step in steps if step.day >= since and step.is_usable)
    text = f"{evidence.reason}; a mean loss of {loss:.3f} since {since}"
    # Evidence of a loss that anybody tolerates is no breach.
    if loss <= allowed:
        return Verdict.OK, f"{text}, within the allowed {allowed:g}"
    return Verdict.BREACH, text
