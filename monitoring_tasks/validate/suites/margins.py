"""How far a daily statistic may stray before a proposed check fails."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.special import stdtrit

DAYS_PER_YEAR = 365
MAX_SEASON = 3.0
UNIT_FACTOR = 1.6
TO_STANDARD_DEVIATION = 1.4826
"""Median absolute deviation to standard deviation, for normal values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a daily statistic may lie between."""

    low: float
    high: float

    def holds(self, other: "Span") -> bool:
        """Whether all of `other` lies inside."""
        return self.low <= other.low and other.high <= self.high

    @property
    def bounds(self) -> dict[str, float]:
        """The span as Great Expectations writes it, rounded outwards for readers."""
        # Three digits of the span's width: people read and edit the file.
        digits = 2 - math.floor(math.log10(self.high - self.low))
        step = 10.0**-digits
        return {
            "min_value": round(math.floor(self.low / step) * step, max(digits, 0)),
            "max_value": round(math.ceil(self.high / step) * step, max(digits, 0)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The half-width of a span, in spreads between days.

    Attributes:
        days: Reference days behind it.
        quantile: Of Student's t, for one more day of the same kind.
        season: Factor for what a reference shorter than a year has not seen.
    """

    days: int
    quantile: float
    season: float

    @property
    def in_words(self) -> str:
        """How the bounds were made, for whoever edits the suite."""
        return (
            f"median of {self.days} daily values +- {self.quantile:.2f} spreads between"
            f" days x {self.season:.2f} for seasons the reference has not seen"
        )

    def span(self, values: np.ndarray[Any, np.dtype[np.float64]]) -> Span:
        """Return the span of a daily statistic; every value given lies inside it.

        Args:
            values: The statistic by day. Shape (n_days,), finite, n_days >= 2.
        """
        centre = float(np.median(values))
        robust = TO_STANDARD_DEVIATION * float(np.median(np.abs(values - centre)))
        # The larger one: the median deviation is 0 where most days are alike.
        spread = max(robust, float(values.std(ddof=1)))
        half = self.quantile * self.season * spread
        # A day of the reference must pass its own draft.
        return Span(
            low=min(centre - half, float(values.min()) - spread / 2),
            high=max(centre + half, float(values.max()) + spread / 2),
        )


def unit_span(centre: float) -> Span:
    """Return the span a mean leaves when its unit changes by a factor of 1.6 or more.

    Half way to the factor on the logarithm, both ways; miles to kilometres is 1.609.
    A zero centre has no scale, so its span is empty and holds nothing.
    """
    ends = (centre / math.sqrt(UNIT_FACTOR), centre * math.sqrt(UNIT_FACTOR))
    return Span(low=min(ends), high=max(ends))


def make_margin(
    days: Sequence[date], *, expectations: int, false_alarms_per_year: float
) -> Margin:
    """Say how wide the spans must be for false alarms to stay rare.

    The level is the yearly budget shared equally (Bonferroni) by all expectations and
    the days of a year. A new day of the same kind lies within
    `median +- t(1 - level / 2, n - 1) * sqrt(1 + 1 / n) * spread` at that level
    (prediction interval of a normal sample). A reference of L days has not seen every
    season: a level that wanders like a random walk strays sqrt(365 / L) times as far in
    a year as in L days; the factor is kept within 1 and 3.

    Args:
        days: The reference days, at least 2.
        expectations: How many expectations share the budget.
        false_alarms_per_year: The budget, > 0.

    Raises:
        ValueError: If the budget is not above 0.
    """
    if false_alarms_per_year <= 0:
        msg = f"false_alarms_per_year must be above 0, not {false_alarms_per_year}"
        raise ValueError(msg)
    count = len(days)
    # A large budget on few checks must not turn the span inside out.
    level = min(false_alarms_per_year / (DAYS_PER_YEAR * expectations), 0.5)
    length = (max(days) - min(days)).days + 1
    return Margin(
        days=count,
        quantile=float(stdtrit(count - 1, 1 - level / 2)) * math.sqrt(1 + 1 / count),
        season=season_over(length),
    )


def season_over(days: float) -> float:
    """Return how many times as far as in so many days a level strays in a year.

    `sqrt(365 / days)`, as a random walk does; 1 to `MAX_SEASON`.
    """
    return min(max(math.sqrt(DAYS_PER_YEAR / days), 1.0), MAX_SEASON)
