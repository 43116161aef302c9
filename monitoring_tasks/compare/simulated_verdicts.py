"""What the judgement says of many drawn days at once: the day's rules, on arrays.

The rules are those of `objectives`, `sequences`, `interval_rule` and `multiplicity`;
`tests/simulations/test_promised_alarms.py` holds the two against each other.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from monitoring_tasks.compare.baseline import Expected, expect
from monitoring_tasks.compare.change_detector import (
    EFFECTS,
    Floats,
    gather,
    log_ratios,
)
from monitoring_tasks.compare.loss_sequences import daily_correlation, is_added_up
from monitoring_tasks.compare.objectives import HOPELESS
from monitoring_tasks.compare.promise_p_value import chance_past
from monitoring_tasks.compare.simulated_days import WEEK, Watched, pooled
from monitoring_tasks.compare.thresholds import room_for_chance
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.reference import DailyNoise

Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
OK: Final = 0
INCONCLUSIVE: Final = 1
WARN: Final = 2
BREACH: Final = 3
"""In the order of `SEVEREST_LAST`."""
MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is said of one objective over one horizon on every drawn day.

    Attributes:
        codes: `OK`, `INCONCLUSIVE`, `WARN` or `BREACH`; shape (runs, days).
        chances: The p-value, nan on days without one; None where the number is of no
            family.
        is_past_hard: Whether the whole interval lies past a hard limit; None where
            there is none.
    """

    codes: Codes
    chances: Floats | None = None
    is_past_hard: Flags | None = None


def expected_by_weekday(
    watched: Watched, horizon: Horizon
) -> tuple[Expected, Floats] | None:
    """Give what a typical number is held against, and its mean on each weekday.

    None where the reference teaches nothing over this horizon.
    """
    noise = watched.baselines.get(horizon.days)
    if noise is None:
        return None
    sampling = watched.sampling / math.sqrt(horizon.days)
    week = [
        expect(
            noise,
            day=MONDAY + timedelta(days=offset),
            horizon=horizon.days,
            sampling=sampling,
        )
        for offset in range(WEEK)
    ]
    return week[0], np.array([expected.mean for expected in week])


def judge_horizons(watched: Watched, values: Floats, policy: Policy) -> list[Judged]:
    """Hold drawn days against the limits of every horizon, shortest first.

    Args:
        watched: The number.
        values: Of each day; shape (runs, days). Not modified.
        policy: The rules.
    """
    judged, shorter = [], values
    for horizon in policy.horizons:
        number = pooled(values, horizon.days) + watched.shifts.get(horizon.days, 0.0)
        if horizon in watched.objective.horizons_in(policy):
            one = _judge(watched, number, shorter, horizon=horizon, policy=policy)
            judged.append(one)
        shorter = number
    return judged


def _judge(
    watched: Watched,
    number: Floats,
    shorter: Floats,
    *,
    horizon: Horizon,
    policy: Policy,
) -> Judged:
    """Hold numbers over one horizon against both limits; the worse one counts.

    The promised limit is asked first and keeps a verdict that both agree on.
    """
    if watched.rows * horizon.days < policy.min_rows:
        return Judged(codes=np.full(number.shape, INCONCLUSIVE, dtype=np.int8))
    z = NormalDist().inv_cdf((1 + policy.confidence) / 2)
    error = watched.sampling / math.sqrt(horizon.days)
    promised = _promised(watched, number, shorter, error=error, z=z)
    learnt = _learnt(watched, number, shorter, horizon)
    held = [one for one in (promised, learnt) if one is not None]
    worse = held[0] if len(held) == 1 else _worse(held[0], held[1])
    over = ~worse.still | _is_guessed(watched)
    codes = np.where((worse.codes == BREACH) & over, np.int8(WARN), worse.codes)
    return Judged(
        codes=codes,
        chances=worse.chances if _is_of_groups(watched) else None,
        is_past_hard=_past_hard(watched, number, z * error),
    )


def _past_hard(watched: Watched, number: Floats, half: float) -> Flags | None:
    low, high = watched.objective.hard_min, watched.objective.hard_max
    if low is None and high is None:
        return None
    below = number + half < (-math.inf if low is None else low)
    return np.asarray(below | (number - half > (math.inf if high is None else high)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Numbers against one limit; `still`: the shorter horizon is past it as well.

    Chances are nan where nothing tells how far chance moves the number.
    """

    codes: Codes
    still: Flags
    chances: Floats


def _worse(promised: _Held, learnt: _Held) -> _Held:
    """Give the graver of two on each day, with the p-value of both as one test."""
    is_learnt = learnt.codes > promised.codes
    chances = np.where(is_learnt, learnt.chances, promised.chances)
    least = np.fmin(promised.chances, learnt.chances)
    chances = np.where(learnt.codes == promised.codes, least, chances)
    tests = 1 + ~np.isnan(learnt.chances)
    return _Held(
        codes=np.where(is_learnt, learnt.codes, promised.codes),
        still=np.where(is_learnt, learnt.still, promised.still),
        chances=np.minimum(chances * tests, 1.0),
    )


def _promised(
    watched: Watched, number: Floats, shorter: Floats, *, error: float, z: float
) -> _Held | None:
    """Hold the interval against `min` and `max`; None where there is neither."""
    low, high = watched.objective.min, watched.objective.max
    if low is None and high is None:
        return None
    half, chances = z * error, np.ones(number.shape)
    width = math.inf if low is None or high is None else high - low
    past, near, still = (np.zeros(number.shape, dtype=bool) for _ in range(3))
    if low is not None:
        past |= number + half < low
        near |= number - half < low
        still |= shorter < low
        chances = np.minimum(chances, chance_past(low - number, error, width=width))
    if high is not None:
        past |= number - half > high
        near |= number + half > high
        still |= shorter > high
        chances = np.minimum(chances, chance_past(number - high, error, width=width))
    return _Held(codes=_codes(past, near), still=still, chances=chances)


def _learnt(
    watched: Watched, number: Floats, shorter: Floats, horizon: Horizon
) -> _Held | None:
    """Hold the loss against what is allowed and what chance brings."""
    allowed = watched.objective.max_drop
    if allowed is None:
        return None
    found = expected_by_weekday(watched, horizon)
    if found is None:
        codes = np.full(number.shape, INCONCLUSIVE, dtype=np.int8)
        unknown = np.full(number.shape, np.nan)
        still = np.ones(number.shape, dtype=bool)
        return _Held(codes=codes, still=still, chances=unknown)
    expected, week = found
    mean = week[np.arange(number.shape[-1]) % WEEK]
    lost = _losses(watched, number, mean)
    room = room_for_chance(watched.metric, expected, horizon.false_alarm)
    near = lost > allowed
    if room > HOPELESS * allowed:
        near = np.ones(lost.shape, dtype=bool)
    codes = _codes(lost > max(allowed, room), near)
    still = _losses(watched, shorter, mean) > allowed
    sides = len(watched.metric.better.worse_signs)
    chances = np.minimum(sides * _chances(lost, expected), 1.0)
    return _Held(codes=codes, still=still, chances=chances)


def _losses(watched: Watched, number: Floats, mean: Floats) -> Floats:
    """Give `metrics.loss` of every number."""
    if watched.metric.better is Better.NEARER_ZERO:
        return np.abs(number) - np.abs(mean)
    return watched.worse * (number - mean)


def _chances(lost: Floats, expected: Expected) -> Floats:
    """Give `Expected.chance` of every loss."""
    if expected.error == 0:
        return np.where(lost > 0, 0.0, 1.0)
    return np.asarray(special.stdtr(expected.freedom, -lost / expected.error))


def _codes(past: Flags, near: Flags) -> Codes:
    return np.where(past, BREACH, np.where(near, INCONCLUSIVE, OK)).astype(np.int8)


def _is_guessed(watched: Watched) -> bool:
    """Whether it is a gap between groups without labels: that may only warn."""
    objective = watched.objective
    is_fairness = Kind(objective.source) is Kind.FAIRNESS
    return is_fairness and objective.metric.startswith("estimated_")


def _is_of_groups(watched: Watched) -> bool:
    objective = watched.objective
    return objective.segment != "all" or Kind(objective.source) is Kind.FAIRNESS


def judge_sequence(
    watched: Watched, values: Floats, policy: Policy, *, detectors: int
) -> Codes | None:
    """Add the losses of the days up; None where no detector watches the number.

    Unlike the day's judgement, which starts `sequence_days` back, the evidence is
    never forgotten: a trifle more alarms are drawn than come true.
    """
    found = expected_by_weekday(watched, Horizon(days=1, false_alarm=0.01))
    allowed = watched.objective.max_drop
    is_watched = is_added_up(watched.objective)
    noise = watched.baselines.get(1)
    if not is_watched or allowed is None or found is None or noise is None:
        return None
    expected, week = found
    mean = week[np.arange(values.shape[-1]) % WEEK]
    error = math.sqrt(max(expected.error**2 - expected.shared**2, 0.0))
    if error == 0 or watched.rows < policy.min_rows:
        return None
    sides = [
        _add_up(
            drops,
            noise,
            error=error,
            allowed=allowed,
            run_length=policy.run_length_days * detectors,
        )
        for drops in _drops(watched, values, mean, expected.shared)
    ]
    graver: Codes = np.maximum.reduce(sides)
    return graver


def _drops(
    watched: Watched, values: Floats, mean: Floats, shared: float
) -> Iterator[Floats]:
    """Give the losses on each side the number gets worse on; (days, runs)."""
    better = watched.metric.better
    for sign in better.worse_signs:
        side = np.abs(mean) if better is Better.NEARER_ZERO else sign * mean
        yield (sign * values - side - shared).T


def _add_up(
    drops: Floats,
    noise: DailyNoise,
    *,
    error: float,
    allowed: float,
    run_length: float,
) -> Codes:
    """Say on which drawn days the losses of one side are told; (runs, days)."""
    carried = np.full((len(drops), 1), daily_correlation(noise))
    carried[0] = 0.0
    ratios = log_ratios(
        drops / error, smallest=np.full((len(drops), 1), allowed / error),
        carried=carried,
    )  # fmt: skip
    ceiling = math.log(EFFECTS * run_length)
    gathered = gather(ratios, ceiling)
    crossed = np.logaddexp.reduce(gathered, axis=-1) >= ceiling
    lost = _mean_since_onset(ratios, drops, gathered.argmax(axis=-1), ceiling)
    return np.where(crossed & (lost > allowed), BREACH, OK).astype(np.int8).T


def _mean_since_onset(
    ratios: Floats, drops: Floats, chosen: npt.NDArray[np.intp], ceiling: float
) -> Floats:
    """Give the mean drop since the evidence that stands began; shape (days, runs)."""
    standing = np.zeros(ratios.shape[1:])
    total, days = np.zeros_like(standing), np.zeros_like(standing)
    means = np.empty_like(drops)
    for index, ratio in enumerate(ratios):
        begins = standing <= 0
        today = drops[index][:, None]
        total = np.where(begins, today, total + today)
        days = np.where(begins, 1.0, days + 1)
        standing = np.minimum(np.where(begins, 0.0, standing) + ratio, ceiling)
        mean = np.where(standing > 0, total / days, today)
        pick = chosen[index][:, None]
        means[index] = np.take_along_axis(mean, pick, axis=1)[:, 0]
    return means
