"""What the judgement says of many drawn days at once: the day's rules, on arrays.

The rules are those of `objectives`, `loss_sequences`, `interval_rule` and
`multiplicity`; `test_promised_alarms` holds the two against each other.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import special

from monitoring_tasks.compare.allowed_loss import LARGEST_NOISE_RATIO
from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.expected_on_weekdays import expected_by_weekday
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.promise_p_value import p_value_past
from monitoring_tasks.compare.simulated_codes import (
    BREACH,
    INCONCLUSIVE,
    OK,
    WARN,
    Codes,
    Flags,
    Floats,
    Judged,
)
from monitoring_tasks.compare.simulated_days import WEEK, pooled
from monitoring_tasks.compare.thresholds import critical_loss
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind


def judge_horizons(
    monitored: MonitoredMetric, values: Floats, policy: Policy
) -> list[Judged]:
    """Hold drawn days against the limits of every horizon, shortest first.

    Args:
        monitored: The number.
        values: Of each day; shape (runs, days). Not modified.
        policy: The rules.
    """
    judged, shorter = [], values
    for horizon in policy.horizons:
        number = pooled(values, horizon.days) + monitored.shifts.get(horizon.days, 0.0)
        if horizon in monitored.objective.horizons_in(policy):
            judged.append(
                _judge(monitored, number, shorter, horizon=horizon, policy=policy)
            )
        shorter = number
    return judged


def _judge(
    monitored: MonitoredMetric,
    number: Floats,
    shorter: Floats,
    *,
    horizon: Horizon,
    policy: Policy,
) -> Judged:
    """Hold numbers over one horizon against both limits; the worse one counts.

    The promised limit is asked first and keeps a verdict that both agree on.
    """
    if monitored.rows * horizon.days < policy.min_rows:
        return Judged(codes=np.full(number.shape, INCONCLUSIVE, dtype=np.int8))
    z = NormalDist().inv_cdf((1 + policy.confidence) / 2)
    error = monitored.sampling / math.sqrt(horizon.days)
    limits = (
        _promised(monitored, number, shorter, error=error, z=z),
        _learnt(monitored, number, shorter, horizon),
    )
    held = [of_limit for of_limit in limits if of_limit is not None]
    worse = held[0] if len(held) == 1 else _worse(held[0], held[1])
    # What the day calls a warning: trouble that is over, and a gap without labels.
    over = ~worse.still | _is_guessed(monitored)
    codes = np.where((worse.codes == BREACH) & over, np.int8(WARN), worse.codes)
    return Judged(
        codes=codes,
        p_values=worse.p_values if _is_of_groups(monitored) else None,
        is_past_hard=_past_hard(monitored, number, z * error),
    )


def _past_hard(monitored: MonitoredMetric, number: Floats, half: float) -> Flags | None:
    low, high = monitored.objective.hard_min, monitored.objective.hard_max
    if low is None and high is None:
        return None
    below = number + half < (-math.inf if low is None else low)
    return np.asarray(below | (number - half > (math.inf if high is None else high)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Numbers against one limit; `still`: the shorter horizon is past it as well.

    P-values are nan where nothing tells how far chance moves the number.
    """

    codes: Codes
    still: Flags
    p_values: Floats


def _worse(promised: _Held, learnt: _Held) -> _Held:
    """Return the graver of two on each day, with the p-value of both as one test."""
    is_learnt = learnt.codes > promised.codes
    p_values = np.where(is_learnt, learnt.p_values, promised.p_values)
    least = np.fmin(promised.p_values, learnt.p_values)
    p_values = np.where(learnt.codes == promised.codes, least, p_values)
    # Bonferroni over both limits, as `objectives` has it.
    tests = 1 + ~np.isnan(learnt.p_values)
    return _Held(
        codes=np.where(is_learnt, learnt.codes, promised.codes),
        still=np.where(is_learnt, learnt.still, promised.still),
        p_values=np.minimum(p_values * tests, 1.0),
    )


def _promised(
    monitored: MonitoredMetric,
    number: Floats,
    shorter: Floats,
    *,
    error: float,
    z: float,
) -> _Held | None:
    """Hold the interval against `min` and `max`; None where there is neither."""
    low, high = monitored.objective.min, monitored.objective.max
    if low is None and high is None:
        return None
    half, p_values = z * error, np.ones(number.shape)
    width = math.inf if low is None or high is None else high - low
    past, near, still = (np.zeros(number.shape, dtype=bool) for _ in range(3))
    if low is not None:
        past |= number + half < low
        near |= number - half < low
        still |= shorter < low
        p_values = np.minimum(p_values, p_value_past(low - number, error, width=width))
    if high is not None:
        past |= number - half > high
        near |= number + half > high
        still |= shorter > high
        p_values = np.minimum(p_values, p_value_past(number - high, error, width=width))
    return _Held(codes=_codes(past, near), still=still, p_values=p_values)


def _learnt(
    monitored: MonitoredMetric, number: Floats, shorter: Floats, horizon: Horizon
) -> _Held | None:
    """Hold the loss against what is allowed and what chance brings."""
    allowed = monitored.objective.max_drop
    if allowed is None:
        return None
    expectation = expected_by_weekday(monitored, horizon)
    if expectation is None:
        codes = np.full(number.shape, INCONCLUSIVE, dtype=np.int8)
        unknown = np.full(number.shape, np.nan)
        still = np.ones(number.shape, dtype=bool)
        return _Held(codes=codes, still=still, p_values=unknown)
    expected, week = expectation
    mean = week[np.arange(number.shape[-1]) % WEEK]
    lost = _losses(monitored, number, mean)
    critical = critical_loss(monitored.metric, expected, horizon.false_alarm)
    near = lost > allowed
    if critical > LARGEST_NOISE_RATIO * allowed:
        near = np.ones(lost.shape, dtype=bool)
    codes = _codes(lost > max(allowed, critical), near)
    still = _losses(monitored, shorter, mean) > allowed
    sides = len(monitored.metric.better.worse_signs)
    p_values = np.minimum(sides * _p_values(lost, expected), 1.0)
    return _Held(codes=codes, still=still, p_values=p_values)


def _losses(monitored: MonitoredMetric, number: Floats, mean: Floats) -> Floats:
    """Return `direction.loss` of every number."""
    if monitored.metric.better is Better.NEARER_ZERO:
        return np.abs(number) - np.abs(mean)
    return monitored.worse * (number - mean)


def _p_values(lost: Floats, expected: Expected) -> Floats:
    """Return `Expected.p_value` of every loss."""
    if expected.error == 0:
        return np.where(lost > 0, 0.0, 1.0)
    return np.asarray(
        special.stdtr(expected.degrees_of_freedom, -lost / expected.error)
    )


def _codes(past: Flags, near: Flags) -> Codes:
    return np.where(past, BREACH, np.where(near, INCONCLUSIVE, OK)).astype(np.int8)


def _is_guessed(monitored: MonitoredMetric) -> bool:
    """Whether it is a gap between groups without labels: that may only warn."""
    objective = monitored.objective
    is_fairness = Kind(objective.source) is Kind.FAIRNESS
    return is_fairness and objective.metric.startswith("estimated_")


def _is_of_groups(monitored: MonitoredMetric) -> bool:
    objective = monitored.objective
    return objective.segment != "all" or Kind(objective.source) is Kind.FAIRNESS
