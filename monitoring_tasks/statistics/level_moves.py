"""How far a daily number has moved from the days before, and whether by chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scipy.special import stdtr, stdtrit

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
    """

    usual: float
    value: float
    error: float
    freedom: float
    days: int

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

    def limit(self, false_alarm: float) -> float:
        """Return the distance that chance passes with this probability."""
        return -float(stdtrit(self.freedom, false_alarm / 2)) * self.error


def level_move(
    before: Sequence[DayLevel], now: Sequence[DayLevel], *, spread: float = 0.0
) -> LevelMove | None:
    """Hold the mean of the latest days against the days before them.

    A prediction interval of the mean of k more days: spread between days beyond
    sampling, its correlation (`CORRELATION` at least), the sampling error of the days
    now, and what n days before leave unknown; weekdays are taken out where they are
    known (`learn_noise`).

    Args:
        before: Days that were well, at least `FEWEST_DAYS`, else None is returned.
        now: The latest days, at least one; none of them is one of `before`.
        spread: Spread beyond sampling that is known from elsewhere; the larger counts.
    """
    if len(before) < FEWEST_DAYS:
        return None
    noise = learn_noise(
        [d.day for d in before],
        [d.value for d in before],
        [d.error for d in before],
        [d.rows for d in before],
    )
    between = max(noise.spread, spread)
    weekday = noise.weekdays or (0.0,) * 7
    correlation = max(noise.correlation, CORRELATION)
    n, k = len(before), len(now)
    variance = between**2 * (
        _inflation(correlation, n) / n + _inflation(correlation, k) / k
    )
    variance += noise.sampling**2 / n + sum(d.error**2 for d in now) / k**2
    return LevelMove(
        usual=noise.mean,
        value=sum(d.value - weekday[d.day.weekday()] for d in now) / k,
        error=math.sqrt(variance),
        freedom=max(n - 1 - (6 if noise.weekdays else 0), 1),
        days=n,
    )


def _inflation(correlation: float, days: int) -> float:
    """Return by how much correlation of consecutive days inflates a mean's variance."""
    terms = ((1 - k / days) * correlation**k for k in range(1, days))
    return 1 + 2 * sum(terms)


def share_error(share: float, rows: int) -> float:
    """Return the sampling error of a share, of no less than one row."""
    likely = min(max(share, 1 / rows), 1 - 1 / rows) if rows > 1 else 0.5
    return math.sqrt(max(likely * (1 - likely), 0.0) / rows)
