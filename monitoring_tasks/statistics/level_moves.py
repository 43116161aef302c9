"""How far a daily number has moved from the days before, and whether by chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scipy.special import stdtr

from monitoring_tasks.statistics.day_to_day import learn_noise

FEWEST_DAYS = 7
"""Fewer days before say nothing of what is usual."""
CORRELATION = 0.3
"""Days resemble those before them at least so much: a reference of weeks cannot rule it
out, and days pooled as if they were independent would look surer than they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLevel:
    """A number of one day.

    Attributes:
        day: The day.
        value: The number.
        error: Its standard error from sampling; 0 where nobody knows it.
        rows: Rows behind it.
    """

    day: date
    value: float
    error: float
    rows: int


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
    """

    usual: float
    value: float
    error: float
    freedom: float
    days: int
    between: float
    held: float

    @property
    def distance(self) -> float:
        """How far the number has moved."""
        return self.value - self.usual

    @property
    def p_value(self) -> float:
        """Probability that chance moves it so far, on either side."""
        if self.error == 0:
            return 1.0 if self.distance == 0 else 0.0
        return float(2 * stdtr(self.freedom, -abs(self.distance) / self.error))

    def widened_to(self, between: float) -> "LevelMove":
        """Return the move with a spread between days that is at least so large."""
        more = max(between**2 - self.between**2, 0.0) * self.held
        return replace(self, error=math.sqrt(self.error**2 + more))


def level_move(before: Sequence[DayLevel], now: Sequence[DayLevel]) -> LevelMove | None:
    """Hold the mean of the latest days against the days before them.

    A prediction interval of the mean of k more days: spread between days beyond
    sampling, its correlation (`CORRELATION` at least), the sampling error of the days
    now, and what n days before leave unknown; weekdays are taken out where they are
    known (`learn_noise`).

    Args:
        before: Days that were well, at least `FEWEST_DAYS`, else None is returned.
        now: The latest days, at least one; none of them is one of `before`.
    """
    if len(before) < FEWEST_DAYS or not now:
        return None
    noise = learn_noise(
        [d.day for d in before],
        [d.value for d in before],
        [d.error for d in before],
        [d.rows for d in before],
    )
    weekday = noise.weekdays or (0.0,) * 7
    correlation = max(noise.correlation, CORRELATION)
    n, k = len(before), len(now)
    held = _inflation(correlation, n) / n + _inflation(correlation, k) / k
    sampling = noise.sampling**2 / n + sum(d.error**2 for d in now) / k**2
    return LevelMove(
        usual=noise.mean,
        value=sum(d.value - weekday[d.day.weekday()] for d in now) / k,
        error=math.sqrt(noise.spread**2 * held + sampling),
        freedom=max(n - 1 - (6 if noise.weekdays else 0), 1),
        days=n,
        between=noise.spread,
        held=held,
    )


def _inflation(correlation: float, days: int) -> float:
    """Return by how much correlation of consecutive days inflates a mean's variance."""
    terms = ((1 - k / days) * correlation**k for k in range(1, days))
    return 1 + 2 * sum(terms)


def share_level(
    day: date, share: float, rows: int, *, usual: float, beside: float = 0.5
) -> DayLevel:
    """Return a share on the log odds, on which days are spread more evenly.

    Half a row is added to either side, so that a share of 0 or 1 is as far off as so
    many rows can tell (Haldane 1956, Annals of Human Genetics 20, 309-311).

    Args:
        day: The day.
        share: Of its rows, 0..1.
        rows: How many rows it is a share of, at least one.
        usual: The share by which it errs: that of a share of 0 or 1 would be endless.
        beside: The share that was expected: the log odds of it are taken off.
    """
    smooth = (share * rows + 0.5) / (rows + 1)
    least = 0.5 / (rows + 1)
    likely = min(max(usual, least), 1 - least)
    return DayLevel(
        day=day,
        value=log_odds(smooth) - log_odds(min(max(beside, least), 1 - least)),
        error=1 / math.sqrt((rows + 1) * likely * (1 - likely)),
        rows=rows,
    )


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a share between 0 and 1."""
    return math.log(share / (1 - share))


def share_of(level: float) -> float:
    """Return the share whose log odds are given."""
    return 1 / (1 + math.exp(-level))
