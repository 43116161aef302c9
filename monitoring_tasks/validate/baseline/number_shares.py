"""How unlike other days the numbers of each day are: ends, tails and shape.

A day is told from the others as a later day is from all of them, and from the days just
before it as a later day is from those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.baseline.daily_numbers import (
    FEWEST_DAYS,
    DailyNumbers,
    shares_beside_others,
)
from monitoring_tasks.validate.summary.batch_summary import values_by_column
from monitoring_tasks.validate.summary.distributions import (
    HIGH,
    LOW,
    far_ends,
    pooled,
    share_beyond,
    share_up_to,
)

MARGIN_DAYS = 3
"""Days whose extremes tell how far the most extreme one exceeds the others'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDays:
    """The numbers of a column by day, held against each other.

    Attributes:
        days: The distribution of each day. Shape (n_days, n_points).
        points: Where the distribution functions are compared.
        shares: Share of each day's values up to each point, of the same shape.
    """

    days: Floats
    points: tuple[float, ...]
    shares: Floats

    @property
    def cumulative(self) -> tuple[float, ...]:
        """Usual share of the values up to each point."""
        return tuple(self.shares.mean(axis=0).tolist())

    @property
    def ends(self) -> tuple[float, float]:
        """Smallest and largest value, each widened; see `_ends`."""
        return _ends(self.days)

    def beyond(self, span: int) -> DailyNumbers:
        """Return the shares of values outside the ends of other days."""
        return self._outside(span, _ends)

    def far(self, span: int) -> DailyNumbers:
        """Return the shares of values far outside the ends of other days."""
        return self._outside(span, lambda days: far_ends(_ends(days)))

    def _outside(
        self, span: int, ends_of: Callable[[Floats], tuple[float, float]]
    ) -> DailyNumbers:
        extremes = self.days[:, [0, -1]]
        return shares_beside_others(
            [
                sum(share_beyond(day, ends_of(np.delete(extremes, at, axis=0))))
                for at, day in enumerate(self.days)
            ],
            [
                sum(share_beyond(self.days[at], ends_of(extremes[at - span : at])))
                for at in range(span, len(self.days))
            ],
        )

    @property
    def low(self) -> Floats:
        """Shares of values up to the point where the low tail ends."""
        return self.shares[:, LOW]

    @property
    def high(self) -> Floats:
        """Shares of values above the point where the high tail begins."""
        return 1 - self.shares[:, HIGH]

    def shape(self, span: int) -> DailyNumbers:
        """Return the largest distances of the distribution functions."""
        shares = self.shares
        others = (shares.sum(axis=0) - shares) / (len(shares) - 1)
        return shares_beside_others(
            np.abs(shares - others).max(axis=1),
            [
                np.abs(shares[at] - shares[at - span : at].mean(axis=0)).max()
                for at in range(span, len(shares))
            ],
        )


def number_days(
    days: Sequence[BatchSummary], *, points: Mapping[str, Sequence[float]] | None
) -> dict[str, NumberDays]:
    """Return the columns that have numbers on two days at least.

    Args:
        days: In their order.
        points: Where a column's days are compared; None for their own quantiles.
    """
    by_column = values_by_column(day.distributions for day in days)
    return {
        name: _number_days(by_day, points[name] if points else pooled(by_day))
        for name, by_day in by_column.items()
        if len(by_day) >= FEWEST_DAYS and (points is None or name in points)
    }


def _number_days(
    days: Sequence[tuple[float, ...]], points: Sequence[float]
) -> NumberDays:
    return NumberDays(
        days=np.asarray(days, dtype=np.float64),
        points=tuple(points),
        shares=np.asarray([share_up_to(day, points) for day in days]),
    )


def _ends(days: Floats) -> tuple[float, float]:
    """Return the smallest and the largest value of days, each widened.

    By how far the most extreme day exceeds all others: the next may exceed it by as
    much.
    """
    lows, highs = np.sort(days[:, 0]), np.sort(days[:, -1])
    if len(days) < MARGIN_DAYS:
        return float(lows[0]), float(highs[-1])
    return float(2 * lows[0] - lows[1]), float(2 * highs[-1] - highs[-2])
