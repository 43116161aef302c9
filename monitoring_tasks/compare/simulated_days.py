"""Days of a healthy model as its reference lets expect them, many years at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import stats

from monitoring_tasks.compare.baseline import freedom_of_variance, inflation
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import Metric, metric_of
from monitoring_tasks.domain.reference import MOST_CORRELATED, DailyNoise

Floats = npt.NDArray[np.float64]
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A number an objective is about, as it is while nothing is wrong.

    Attributes:
        objective: What is promised of it.
        moves: How it moves from day to day; of an estimate, how the estimate does.
        baselines: What it is held against, by the days of the horizon; None where the
            reference has too few days for that horizon.
        sampling: Its standard error on a typical day, >= 0.
        rows: Rows of a typical day.
        shifts: By how much the number over so many days lies above the mean of its
            days: counts that are added up give other numbers than days averaged.
    """

    objective: Objective
    moves: DailyNoise
    baselines: Mapping[int, DailyNoise | None]
    sampling: float
    rows: float
    shifts: Mapping[int, float] = field(default_factory=dict)

    @property
    def worse(self) -> int:
        """The sign of a loss: 1 where larger is worse, else -1.

        Of what is better nearer zero, the side its mean lies on.
        """
        if self.metric.better is Better.NEARER_ZERO:
            return -1 if self.moves.mean < 0 else 1
        return self.metric.better.worse_signs[0]

    @property
    def metric(self) -> Metric:
        """What is known of its metric."""
        return metric_of(self.objective.source, self.objective.metric)

    @property
    def is_estimate(self) -> bool:
        """Whether it is known before labels."""
        return Kind(self.objective.source) is Kind.ESTIMATED

    @property
    def twin(self) -> tuple[str, str]:
        """What an estimate and the realized number it speaks of have in common."""
        return (self.objective.metric, self.objective.segment)


def draw_days(
    watched: Watched, *, runs: int, days: int, rng: np.random.Generator
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
        watched: The number.
        runs: How many models.
        days: How many days of each.
        rng: Where chance comes from.

    Returns:
        Shape (runs, days).
    """
    noise = watched.moves
    spread, r = _spreads(noise, runs, rng), _correlations(noise, runs, rng)
    known = (spread**2 * inflation(r, noise.days) + noise.sampling**2) / noise.days
    off = np.sqrt(known) * rng.standard_normal((runs, 1))
    state = rng.standard_normal((runs, days))
    state[:, 1:] *= np.sqrt(1 - r**2)
    for day in range(1, days):
        state[:, day] += r[:, 0] * state[:, day - 1]
    chance = watched.sampling * rng.standard_normal((runs, days))
    mean = noise.mean + _weekday_effects(noise, days)
    return np.asarray(mean + off + spread * state + chance, dtype=np.float64)


def _spreads(noise: DailyNoise, runs: int, rng: np.random.Generator) -> Floats:
    """Draw day-to-day spreads the reference's days leave open; shape (runs, 1).

    What its days showed is the variance of state and sampling error together, which
    is as far off as a chi-squared. What lies above the known sampling error is the
    state's, not below 0.
    """
    shown, freedom = noise.spread**2 + noise.sampling**2, freedom_of_variance(noise)
    drawn = shown * freedom / rng.chisquare(freedom, (runs, 1))
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
    drawn = stats.truncnorm.rvs(*ends, size=(runs, 1), random_state=rng)
    return np.asarray(noise.correlation + error * drawn)


def _weekday_effects(noise: DailyNoise, days: int) -> Floats:
    """Give what to add on each day for its weekday; shape (days,)."""
    week = np.array(noise.weekdays or (0.0,) * WEEK)
    return np.asarray(week[np.arange(days) % WEEK], dtype=np.float64)


def pooled(values: Floats, horizon: int) -> Floats:
    """Average each day with those before it, `horizon` in all; fewer at the start."""
    if horizon == 1:
        return values
    added = np.cumsum(values, axis=-1)
    added[..., horizon:] -= added[..., :-horizon].copy()
    held = np.minimum(np.arange(1, values.shape[-1] + 1), horizon)
    return np.asarray(added / held, dtype=np.float64)
