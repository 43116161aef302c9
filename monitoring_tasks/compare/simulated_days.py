"""Days of a healthy model as its reference lets expect them, many years at once."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from monitoring_tasks.compare.baseline import inflation, variance_degrees_of_freedom
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.domain.reference import MOST_CORRELATED, DailyNoise

Floats = npt.NDArray[np.float64]
WEEK = 7


def draw_days(
    monitored: MonitoredMetric, *, runs: int, days: int, rng: np.random.Generator
) -> Floats:
    """Draw daily numbers of a healthy model, the first day a Monday.

    value = mean + weekday + off + state + sampling error, where the state is
    autoregressive of order one. What the reference does not know differs from run to
    run: `off` is how far its mean may be off, and the state's spread and correlation
    are drawn as far from the reference's as its days leave open. The sampling error
    follows from the rows and is known.

    When it lies: the reference's days hold no season or trend; days are normal, with
    one correlation; every day has as many rows.

    Args:
        monitored: The number.
        runs: How many models.
        days: How many days of each.
        rng: Where chance comes from.

    Returns:
        Shape (runs, days).
    """
    noise = monitored.noise
    spread, r = _spreads(noise, runs, rng), _correlations(noise, runs, rng)
    mean_variance = (
        spread**2 * inflation(r, noise.days) + noise.sampling**2
    ) / noise.days
    # One draw a run: the reference is off by the same on every day.
    off = np.sqrt(mean_variance) * rng.standard_normal((runs, 1))
    state = rng.standard_normal((runs, days))
    # So that every day has a variance of 1, the first one included.
    state[:, 1:] *= np.sqrt(1 - r**2)
    for day in range(1, days):
        state[:, day] += r[:, 0] * state[:, day - 1]
    scatter = monitored.sampling * rng.standard_normal((runs, days))
    mean = noise.mean + _weekday_effects(noise, days)
    return np.asarray(mean + off + spread * state + scatter, dtype=np.float64)


def _spreads(noise: DailyNoise, runs: int, rng: np.random.Generator) -> Floats:
    """Draw day-to-day spreads the reference's days leave open; shape (runs, 1).

    What its days showed is the variance of state and sampling error together, which
    is as far off as a chi-squared. What lies above the known sampling error is the
    state's, not below 0.
    """
    shown = noise.spread**2 + noise.sampling**2
    degrees_of_freedom = variance_degrees_of_freedom(noise)
    drawn = shown * degrees_of_freedom / rng.chisquare(degrees_of_freedom, (runs, 1))
    return np.asarray(np.sqrt(np.maximum(drawn - noise.sampling**2, 0.0)))


def _correlations(noise: DailyNoise, runs: int, rng: np.random.Generator) -> Floats:
    """Draw correlations that the reference's days leave open; shape (runs, 1).

    All within 0..`MOST_CORRELATED` are as likely beforehand. What its days showed is
    that of state and sampling error together, of which a series of n days has a
    standard error of sqrt((1 - r^2) / n): the less of it is the state's, the less is
    known.

    References:
        Bartlett (1946), JRSS Supplement 8, 27-41.
    """
    if noise.spread == 0:
        return rng.uniform(0.0, MOST_CORRELATED, (runs, 1))
    share = noise.spread**2 / (noise.spread**2 + noise.sampling**2)
    shown = noise.correlation * share
    error = math.sqrt((1 - shown**2) / noise.days) / share
    ends = (np.array([0.0, MOST_CORRELATED]) - noise.correlation) / error
    drawn = normal_within(rng.uniform(size=(runs, 1)), *ends)
    return noise.correlation + error * drawn


def normal_within(shares: Floats, low: float, high: float) -> Floats:
    """Return the quantiles of a standard normal number kept within two ends.

    As `scipy.stats.truncnorm.ppf`, which takes a second to import.

    Args:
        shares: Probabilities of a smaller number, each 0..1.
        low: Lower end, <= 0.
        high: Upper end, >= 0.
    """
    below, above = special.ndtr(low), special.ndtr(-high)
    within = special.ndtr(high) - below
    # Each half from its own tail: a probability near 1 has lost the digits of it.
    lower = below + shares * within
    upper = above + (1 - shares) * within
    quantiles = np.where(lower < upper, special.ndtri(lower), -special.ndtri(upper))
    return np.asarray(quantiles, dtype=np.float64)


def _weekday_effects(noise: DailyNoise, days: int) -> Floats:
    """Return what to add on each day for its weekday; shape (days,)."""
    week = np.array(noise.weekdays or (0.0,) * WEEK)
    return np.asarray(week[np.arange(days) % WEEK], dtype=np.float64)


def pooled(values: Floats, horizon: int) -> Floats:
    """Average each day with those before it, `horizon` in all; fewer at the start.

    Args:
        values: Days on the last axis. Not modified.
        horizon: Days in an average, >= 1.
    """
    if horizon == 1:
        return values
    added = np.cumsum(values, axis=-1)
    # The sum up to a day less the sum up to `horizon` days before.
    added[..., horizon:] -= added[..., :-horizon].copy()
    held = np.minimum(np.arange(1, values.shape[-1] + 1), horizon)
    return np.asarray(added / held, dtype=np.float64)
