"""Did the labels move, or the scores' fit to them? Told without any promise."""

import math
from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.allowed_loss import ENDLESS
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import (
    LevelTest,
    judge_level,
    one_sided,
)
from monitoring_tasks.compare.skewed import Shape, scaled
from monitoring_tasks.compare.thresholds import expected_as_usual, noise_of
from monitoring_tasks.contract.outcome import OutcomePolicy
from monitoring_tasks.domain.counts import RegressionOutcome
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile

LABEL_RATE, LABEL_MEAN, CALIBRATION = "label_rate", "label_mean", "calibration_error"
NAMES = {
    "positive_rate": LABEL_RATE,
    "label_mean": LABEL_MEAN,
    CALIBRATION: CALIBRATION,
}
"""Realized metric -> what its move is called."""
PER_CLASS = f"{LABEL_RATE}_"
"""How the names of the classes' own rates begin."""


def judge_outcome(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Hold labels and calibration of a day against the reference's own days.

    Shares of labels have limits on both sides, f / 2 each, on the log odds; the mean
    of a numeric label likewise, as it is; the calibration error has one above, f, on
    the logarithm, its mean raised by the root of the missing rows, since on few rows
    it is large by itself (f = `policy.outcome.false_alarm`; `skewed.scaled`). Their
    error holds sampling, day-to-day spread and the reference's own (`baseline.expect`).
    A move within the smallest that matters never warns. Advisory: `warn`, never
    `breach`. The p-values join the family of drift.

    Nothing is said of a day whose labels are not mature (the early ones are not like
    the rest), nor of a number that an objective speaks of: that one is judged there.

    When it lies: labels that follow a season move every year; a changed label and a
    changed world look alike; few reference days do not show how far the worst go.

    Args:
        measurements: The numbers of the day, the realized ones among them.
        context: The day.

    Returns:
        Findings of kind `outcome`, metric `label_rate` (of many classes
        `label_rate_<class>`), `label_mean` or `calibration_error`.
    """
    policy = context.contract.policy
    promised = {
        o.metric
        for o in context.contract.objectives
        if o.source == Kind.REALIZED.value and o.segment == "all"
    }
    return [
        _judge(m, name, context)
        for m in measurements
        if (m.kind, m.segment, m.horizon) == (Kind.REALIZED, "all", 1)
        and (name := _name(m.metric)) is not None
        # An objective on it judges it already.
        and m.metric not in promised
        and context.label_coverage.get(m.version, 0.0) >= policy.label_coverage
    ]


def _name(metric: str) -> str | None:
    return metric if metric.startswith(PER_CLASS) else NAMES.get(metric)


def _judge(number: Measurement, name: str, context: DayContext) -> Finding:
    """Hold the value itself against limits that have its sampling error in them."""
    policy = context.contract.policy
    move = replace(number, kind=Kind.OUTCOME, metric=name)
    reference = context.references.get(number.version)
    noise = noise_of(number, reference, policy)
    limit, p_value = Limit(origin="the reference has too few days", advisory=True), None
    if noise is not None and number.value is not None:
        limit, p_value = _limit(number, noise, reference, context)
    return judge_level(move, limit, p_value, min_rows=policy.min_rows)


def _limit(
    number: Measurement,
    noise: DailyNoise,
    reference: ReferenceProfile | None,
    context: DayContext,
) -> tuple[Limit, float | None]:
    """Return the limits of a number that has a value, and the chance of that value."""
    policy = context.contract.policy
    expected = expected_as_usual(
        number, noise, day=context.day, confidence=policy.confidence
    )
    if not math.isfinite(expected.error):
        return Limit(origin=ENDLESS, advisory=True), None
    false_alarm = policy.outcome.false_alarm
    if number.metric != CALIBRATION:
        test = LevelTest(
            shape=Shape.PLAIN if number.metric == LABEL_MEAN else Shape.SHARE,
            false_alarm=false_alarm,
            shift=_smallest_shift(number, expected.mean, reference, policy.outcome),
        )
        return test.held(number, expected)
    # A calibration error is large by itself on few rows.
    fewer = max(noise.rows / number.rows, 1.0) if number.rows else 1.0
    expected = replace(expected, mean=expected.mean * math.sqrt(fewer))
    on_scale = scaled(expected, Shape.POSITIVE)
    # Neither too small to matter nor what chance brings: both have to be passed.
    least = expected.mean + policy.outcome.min_calibration_rise
    high = max(on_scale.edge(false_alarm, 1), least)
    p_value = on_scale.p_value(number.value or 0.0, 1)
    return one_sided(expected, high, 1, false_alarm), p_value


def _smallest_shift(
    number: Measurement,
    mean: float,
    reference: ReferenceProfile | None,
    policy: OutcomePolicy,
) -> float:
    """Return the smallest move that matters, by the spread of one reference label."""
    if number.metric != LABEL_MEAN:
        return policy.min_label_shift * math.sqrt(max(mean * (1 - mean), 0.0))
    outcome = reference.profile.outcome if reference else None
    if not isinstance(outcome, RegressionOutcome) or not outcome.labelled:
        return 0.0
    middle = outcome.sums["y"] / outcome.labelled
    variance = max(outcome.sums["y2"] / outcome.labelled - middle**2, 0.0)
    return policy.min_label_shift * math.sqrt(variance)
