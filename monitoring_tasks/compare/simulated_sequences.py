"""The losses of many drawn days added up: the rules of `loss_sequences`, on arrays."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from monitoring_tasks.compare.change_detector import (
    EFFECTS,
    Floats,
    gather,
    log_ratios,
)
from monitoring_tasks.compare.expected_on_weekdays import expected_by_weekday
from monitoring_tasks.compare.loss_sequences import daily_correlation, is_added_up
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_codes import BREACH, OK, Codes
from monitoring_tasks.compare.simulated_days import WEEK
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.reference import DailyNoise


def judge_sequence(
    monitored: MonitoredMetric, values: Floats, policy: Policy, *, detectors: int
) -> Codes | None:
    """Add the losses of the days up; None where no detector watches the number.

    Unlike the day's judgement, which starts `sequence_days` back, the evidence is
    never forgotten: a trifle more alarms are drawn than come true.

    Args:
        monitored: The number.
        values: Of each day; shape (runs, days). Not modified.
        policy: Promises the run length of all detectors together.
        detectors: How many share it, >= 1.
    """
    # Only the days of the horizon matter here, not how often it may alarm.
    expectation = expected_by_weekday(monitored, Horizon(days=1, false_alarm=0.01))
    allowed = monitored.objective.max_drop
    is_watched = is_added_up(monitored.objective)
    noise = monitored.baselines.get(1)
    if not is_watched or allowed is None or expectation is None or noise is None:
        return None
    expected, week = expectation
    mean = week[np.arange(values.shape[-1]) % WEEK]
    error = math.sqrt(max(expected.error**2 - expected.shared**2, 0.0))
    if error == 0 or monitored.rows < policy.min_rows:
        return None
    sides = [
        _add_up(
            drops,
            noise,
            error=error,
            allowed=allowed,
            run_length=policy.run_length_days * detectors,
        )
        for drops in _drops(monitored, values, mean, expected.shared)
    ]
    graver: Codes = np.maximum.reduce(sides)
    return graver


def _drops(
    monitored: MonitoredMetric, values: Floats, mean: Floats, shared: float
) -> Iterator[Floats]:
    """Return the losses on each side the number gets worse on; (days, runs)."""
    better = monitored.metric.better
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
    # Nothing comes before the first day.
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
    """Return the mean drop since the evidence that stands began; shape (days, runs)."""
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
