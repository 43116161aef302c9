"""A number by day, and how it lies: what a baseline learns of each, all in one way."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.statistics.arrays import Floats

FEWEST_DAYS = 2
"""One day has no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyNumbers:
    """A number by day.

    Attributes:
        values: Of every day, in order. Shape (n_days,), at least one.
        jumps: Of every day with enough days before it, how far it lies from those.
    """

    values: Floats
    jumps: Floats

    def usual(self) -> Baseline:
        """Return mean, spread between days, smallest, largest, and the usual jump."""
        x, jumps = self.values, self.jumps
        spread = float(x.std(ddof=1)) if len(x) > 1 else 0.0
        return Baseline(
            mean=float(x.mean()),
            spread=spread,
            low=float(x.min()),
            high=float(x.max()),
            jump=float(np.sqrt(np.mean(np.square(jumps)))) if len(jumps) else spread,
        )


def numbers_in_order(values: Iterable[float], span: int) -> DailyNumbers:
    """Return a number by day that jumps from the mean of the days before.

    As a later day will be held against those.

    Args:
        values: Of every day, in order.
        span: How many days before a day its jump is taken from.
    """
    x = np.asarray(list(values), dtype=np.float64)
    jumps = [x[at] - x[at - span : at].mean() for at in range(span, len(x))]
    return DailyNumbers(values=x, jumps=np.asarray(jumps, dtype=np.float64))


def shares_beside_others(
    from_others: Iterable[float], from_days_before: Iterable[float]
) -> DailyNumbers:
    """Return shares that are measured against other days.

    Args:
        from_others: Of every day, against all others, 0..1.
        from_days_before: Of every day with enough days before it, against those.
    """
    values = np.asarray(list(from_others), dtype=np.float64)
    before = np.asarray(list(from_days_before), dtype=np.float64)
    return DailyNumbers(values=values, jumps=before - values.mean())
