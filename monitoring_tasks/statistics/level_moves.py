"""How far a daily number has moved from the days before, and whether by chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr

from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.day_levels import DayLevel
from monitoring_tasks.statistics.day_to_day import learn_noise
from monitoring_tasks.statistics.earlier_moves import earlier_moves
from monitoring_tasks.statistics.explained_moves import Slope, slope_on_expected

FEWEST_DAYS = 7
"""Fewer days before say nothing of what is usual."""
CORRELATION = 0.3
"""Days resemble those before them at least so much: a reference of weeks cannot rule it
out, and days pooled as if they were independent would look surer than they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMove:
    """How far a number lies from the days before.

    Attributes:
        usual: What is expected, by the days before.
        value: Mean of the days now.
        error: Standard error of the distance.
        freedom: Degrees of freedom of the error.
        days: How many days came before.
        between: Spread between days beyond sampling that is part of the error.
        held: Factor of its square in the square of the error.
        earlier: Distances of as many days in a row that came before, each from the days
            before it, >= 0, ascending.
    """

    usual: float
    value: float
    error: float
    freedom: float
    days: int
    between: float
    held: float
    earlier: tuple[float, ...] = ()

    @property
    def distance(self) -> float:
        """How far the number has moved."""
        return self.value - self.usual

    @property
    def farthest(self) -> float:
        """How far days that came before moved at most; 0 where too few came."""
        return self.earlier[-1] if self.earlier else 0.0

    @property
    def p_value(self) -> float:
        """Probability that chance moves it so far, on either side.

        By Student's t, and no less than the share of days that moved as far.
        """
        if self.error == 0:
            return 1.0 if self.distance == 0 else 0.0
        by_error = float(2 * stdtr(self.freedom, -abs(self.distance) / self.error))
        as_far = sum(move >= abs(self.distance) for move in self.earlier)
        by_rank = (as_far + 1) / (len(self.earlier) + 1) if as_far else 0.0
        return max(by_error, by_rank)

    def widened_to(self, between: float) -> "LevelMove":
        """Return the move with a spread between days that is at least so large."""
        more = max(between**2 - self.between**2, 0.0) * self.held
        return replace(self, error=math.sqrt(self.error**2 + more))


def level_move(before: Sequence[DayLevel], now: Sequence[DayLevel]) -> LevelMove | None:
    """Hold the mean of the latest days against the days before them.

    A prediction interval of the mean of k more days. What was expected of them is taken
    off, as far as the number goes with it (`explained_moves`). Then: spread between
    days beyond sampling, its correlation (`CORRELATION` at least), the sampling error
    of the days now, and what n days before leave unknown; weekdays are taken out where
    they are known (`learn_noise`). No narrower than days that came before strayed from
    those before them (`earlier_moves`).

    Args:
        before: Days that were well, at least `FEWEST_DAYS`, else None is returned.
        now: The latest days, at least one; none of them is one of `before`.
    """
    if len(before) < FEWEST_DAYS or not now:
        return None
    slope = slope_on_expected(before, correlation=CORRELATION)
    noise = _noise_beside(before, slope)
    weekdays = np.array(noise.weekdays or (0.0,) * 7)
    correlation = max(noise.correlation, CORRELATION)
    n, k = len(before), len(now)
    held = _inflation(correlation, n) / n + _inflation(correlation, k) / k
    sampling = noise.sampling**2 / n + sum(d.error**2 for d in now) / k**2
    rest = slope.rest_of(before) - _of(weekdays, before)
    earlier = earlier_moves(before, rest, span=k, fewest=FEWEST_DAYS)
    spread = max(noise.spread**2 * held, earlier.variance)
    moved = float(np.mean([d.said for d in now])) - slope.middle
    value = float(np.mean([d.value for d in now] - _of(weekdays, now)))
    lost = 1 + (6 if noise.weekdays else 0)
    return LevelMove(
        usual=noise.mean + slope.value * moved,
        value=value,
        error=math.sqrt(spread + (slope.error * moved) ** 2 + sampling),
        freedom=max((n - lost) * _independent(correlation), 1),
        days=n,
        between=math.sqrt(spread / held),
        held=held,
        earlier=earlier.distances,
    )


def _noise_beside(before: Sequence[DayLevel], slope: Slope) -> DailyNoise:
    """Return how the number moves from day to day beside what was expected of it."""
    return learn_noise(
        [d.day for d in before],
        slope.rest_of(before).tolist(),
        [d.error for d in before],
        [d.rows for d in before],
    )


def _of(weekdays: Floats, days: Sequence[DayLevel]) -> Floats:
    return weekdays[[d.day.weekday() for d in days]]


def _inflation(correlation: float, days: int) -> float:
    """Return by how much correlation of consecutive days inflates a mean's variance."""
    terms = ((1 - k / days) * correlation**k for k in range(1, days))
    return 1 + 2 * sum(terms)


def _independent(correlation: float) -> float:
    """Return how many of correlated days tell of a variance, as a share (Bartlett)."""
    return (1 - correlation**2) / (1 + correlation**2)
