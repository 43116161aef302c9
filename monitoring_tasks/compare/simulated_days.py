"""Days of a healthy model as its reference lets expect them, many years at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import signal

from monitoring_tasks.compare.baseline import inflation
from monitoring_tasks.compare.thresholds import LOWER_IS_BETTER
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.policies import Objective
from monitoring_tasks.domain.reference import DailyNoise

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
        """The sign of a loss: 1 where larger is worse, else -1."""
        return 1 if self.objective.metric in LOWER_IS_BETTER else -1

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

    value = mean + weekday + scale (off + state + sampling error), where the state is
    autoregressive of order one with the reference's spread and correlation. What the
    reference does not know differs from run to run: `off` is how far its mean may be
    off, `scale` how wrong its spread may be, so that a new day lies around the
    reference's mean as Student's t with the degrees of freedom of `Expected`.

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
    noise, r = watched.moves, watched.moves.correlation
    inflated = inflation(r, noise.days)
    freedom = max(noise.days / inflated - 1, 1.0)
    known = (noise.spread**2 * inflated + noise.sampling**2) / noise.days
    scale = np.sqrt(freedom / rng.chisquare(freedom, (runs, 1)))
    off = math.sqrt(known) * rng.standard_normal((runs, 1))
    fresh = rng.standard_normal((runs, days))
    fresh[:, 1:] *= math.sqrt(1 - r**2)
    state = noise.spread * signal.lfilter([1.0], [1.0, -r], fresh, axis=1)
    chance = watched.sampling * rng.standard_normal((runs, days))
    mean = noise.mean + _weekday_effects(noise, days)
    return np.asarray(mean + scale * (off + state + chance), dtype=np.float64)


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
