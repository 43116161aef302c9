"""What a number may be expected to be on a day, and how far chance moves it."""

import math
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import special

from monitoring_tasks.domain.reference import DailyNoise

Number = TypeVar("Number", float, npt.NDArray[np.float64])
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where a number lies while nothing changed: Student's t around the reference.

    Attributes:
        mean: What is expected.
        error: Standard error of a new number around it: its own sampling error, the
            movement from day to day, and what the reference does not know.
        degrees_of_freedom: Of the error, from the reference's days that count as new.
        shared: The part of the error that is the same on every day: how far off the
            reference's own mean may be.
    """

    mean: float
    error: float
    degrees_of_freedom: float
    shared: float = 0.0

    def critical_distance(self, false_alarm: float) -> float:
        """Return the distance that chance passes on one side with this probability."""
        # Not `stats.t`, which gives the same and takes eighty times as long.
        return (
            -float(special.stdtrit(self.degrees_of_freedom, false_alarm)) * self.error
        )

    def p_value(self, distance: float) -> float:
        """Return the probability that chance alone moves a number at least so far."""
        if self.error == 0:
            return 0.0 if distance > 0 else 1.0
        return float(special.stdtr(self.degrees_of_freedom, -distance / self.error))


def expect(noise: DailyNoise, *, day: date, horizon: int, sampling: float) -> Expected:
    """Say what a number over `horizon` days up to `day` is held against.

    The days of a horizon are correlated: their mean varies by spread^2 / h times
    1 + 2 sum_k (1 - k/h) r^k, for an autoregression of order one with correlation r.
    A single day is compared with its own weekday where the reference knows weekdays.

    Args:
        noise: How the number moved on the reference.
        day: The day being judged.
        horizon: Days pooled in the number, >= 1.
        sampling: Standard error of the number at its own rows.
    """
    inflated = inflation(noise.correlation, noise.days)
    own = inflation(noise.correlation, horizon) / horizon
    mean_variance = standard_error_of_mean(noise) ** 2
    weekday = weekday_shift(noise, day) if horizon == 1 else 0.0
    variance = sampling**2 + noise.spread**2 * own + mean_variance
    return Expected(
        mean=noise.mean + weekday,
        error=math.sqrt(variance),
        degrees_of_freedom=_degrees_of_freedom(noise, horizon, variance, inflated),
        shared=math.sqrt(mean_variance),
    )


def standard_error_of_mean(noise: DailyNoise) -> float:
    """Return how far off the mean of the reference's days may be.

    Args:
        noise: How the number moved on them; days that resemble those before count less.
    """
    inflated = inflation(noise.correlation, noise.days)
    return math.sqrt((noise.spread**2 * inflated + noise.sampling**2) / noise.days)


def expect_distance(noise: DailyNoise, *, day: date, rows: int) -> Expected:
    """Say how far a day's distribution lies from the reference's by chance.

    A Saturday is compared with Saturdays where the reference knows weekdays.
    A distance of few rows is large by itself: it falls with the root of the rows. A
    day with fewer rows than the reference's days is expected that much farther off; a
    day with more is not expected closer, for days differ whatever their size.

    Args:
        noise: How the distance moved on the reference.
        day: The day being judged.
        rows: Of the day; 0 where nobody counted.
    """
    # Never below 1: with more rows the days still differ as much.
    scale = math.sqrt(max(noise.rows / rows, 1.0)) if rows and noise.rows else 1.0
    inflated = inflation(noise.correlation, noise.days)
    return Expected(
        mean=(noise.mean + weekday_shift(noise, day)) * scale,
        error=noise.spread * scale * math.sqrt(1 + inflated / noise.days),
        degrees_of_freedom=variance_degrees_of_freedom(noise),
    )


def variance_degrees_of_freedom(noise: DailyNoise) -> float:
    """Return the degrees of freedom of the variance that the reference's days showed.

    Days that resemble those before them count for less, but for a variance only by
    the squares of the correlations of what was seen, sampling error included.

    References:
        Bayley and Hammersley (1946), JRSS Supplement 8, 184-197.
    """
    shown = noise.spread**2 + noise.sampling**2
    share = noise.spread**2 / shown if shown else 0.0
    repeated = share**2 * (inflation(noise.correlation**2, noise.days) - 1)
    # Seven weekday means, or one mean, were learnt from the same days.
    lost = WEEK if noise.weekdays else 1
    return max(noise.days / (1 + repeated) - lost, 1.0)


def _degrees_of_freedom(
    noise: DailyNoise, horizon: int, variance: float, inflated: float
) -> float:
    """Return the degrees of freedom of the variance of a number over `horizon` days.

    Of a single day only the spread is learnt: what the known sampling error leaves of
    the variance seen, and off by as much as that. Over several days the correlation
    is learnt as well, of which only the reference's days that count as new can tell.

    References:
        Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    if horizon > 1:
        return max(noise.days / inflated - 1, 1.0)
    shown = noise.spread**2 + noise.sampling**2
    if shown == 0:
        return variance_degrees_of_freedom(noise)
    learnt = (1 + inflated / noise.days) * shown
    return max(variance_degrees_of_freedom(noise) * (variance / learnt) ** 2, 1.0)


def weekday_shift(noise: DailyNoise, day: date) -> float:
    """Return what the weekday of a day adds to a number; 0 where it adds nothing.

    Args:
        noise: How the number moves on the reference's days.
        day: The day.
    """
    return noise.weekdays[day.weekday()] if noise.weekdays else 0.0


def inflation(correlation: Number, days: int) -> Number:
    """Return by how much correlation of consecutive days inflates a mean's variance.

    1 + 2 sum_k (1 - k/days) r^k over 1 <= k < days, with the sum in closed form.

    Args:
        correlation: r, 0 <= r < 1; one or many.
        days: How many, >= 1.
    """
    r, n = correlation, days
    return 1 + 2 * (r / (1 - r) - r * (1 - r**n) / (n * (1 - r) ** 2))
