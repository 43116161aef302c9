"""How many days until a number crosses its limit, if it goes on as it did.

Owns one robust line through the days of one number. Which days count and whether
anybody is told is the caller's to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.compare.trend_line import (
    FEWEST_POINTS,
    TrendLine,
    similar_series,
)
from monitoring_tasks.domain.findings import Limit

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Residuals this small beside the values are rounding, not chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A number on a day.

    Attributes:
        day: The calendar day.
        value: The number.
        error: Its standard error, sampling and movement from day to day together;
            only its size beside that of other days matters.
    """

    day: date
    value: float
    error: float

    @property
    def is_usable(self) -> bool:
        """Whether the point can be weighed."""
        return (
            math.isfinite(self.value) and math.isfinite(self.error) and self.error > 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When a limit will be crossed.

    Attributes:
        days: Days from the last point until the line crosses the limit, 0 if it has;
            None when it does not head there for sure.
        lower: Lower end of the interval of `days`.
        upper: Upper end of the interval of `days`.
        reason: One sentence.
    """

    days: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str


def forecast(
    points: Sequence[Point],
    limit: Limit,
    *,
    within_days: float,
    min_points: int,
    confidence: float,
    replicates: int,
    seed: int,
) -> Forecast:
    """Say in how many days a number will cross its limit.

    The line is Theil and Sen's, weighted by the points' errors. The interval of slope
    and crossing comes from `replicates` bootstrapped series: the line plus an
    autoregression of order one like that of its residuals (`trend_line`). Days without
    a point are stepped over.

    There is no forecast unless the slope's whole interval heads for a limit: a share
    of (1 - confidence) / 2 of flat series does by chance, and up to twice as many when
    days hang together. A crossing far beyond the days looked at is an extrapolation;
    let the caller act on near ones only.

    When it lies: it knows straight lines. A step a week ago looks like a slope, a
    decline that has stopped goes on in it, and a rhythm of the week counts as noise.
    Measured at .95 (docs/statistics.md): with 56 points 2 % of flat series are forecast
    to fall and the interval holds the crossing on .95 of all occasions, up to a
    correlation of .7. With 28 points and a correlation of .5 it is 5 % and .86.

    Args:
        points: Oldest first; the caller chooses how far back. Those without a finite
            value or a finite error above 0 are left out and told of. Not modified.
        limit: The number's limit; the side that the line heads for counts.
        within_days: A line that crosses later than so many days after the last point
            is not looked at further.
        min_points: Fewer usable points give no forecast; at least `FEWEST_POINTS`.
        confidence: Level of the interval, 0..1.
        replicates: Series drawn, >= 1; some hundreds.
        seed: Of the draws, from the identity of the data.

    Raises:
        ValueError: If days repeat or are out of order.
    """
    _refuse_disorder(points)
    usable = [point for point in points if point.is_usable]
    needed = max(min_points, FEWEST_POINTS)
    crossing = Forecast(
        reason=f"{len(usable)} points are fewer than the {needed} needed"
    )
    if len(usable) >= needed:
        crossing = _ahead(
            usable,
            limit,
            within_days=within_days,
            confidence=confidence,
            replicates=replicates,
            rng=np.random.default_rng(seed),
        )
    left_out = len(points) - len(usable)
    note = f"; {left_out} without a usable value or error left out" if left_out else ""
    return replace(crossing, reason=crossing.reason + note)


def _refuse_disorder(points: Sequence[Point]) -> None:
    if any(later.day <= earlier.day for earlier, later in pairwise(points)):
        msg = "a forecast needs one point a day, oldest first"
        raise ValueError(msg)


def _ahead(
    points: Sequence[Point],
    limit: Limit,
    *,
    within_days: float,
    confidence: float,
    replicates: int,
    rng: np.random.Generator,
) -> Forecast:
    days = np.array([(point.day - points[-1].day).days for point in points], float)
    values = np.array([point.value for point in points])
    errors = np.array([point.error for point in points])
    line = TrendLine(days, errors)
    level, slope = (float(part[0]) for part in line.fit(values[None, :]))
    residuals = (values - level - slope * days) / errors
    if float(residuals.std()) <= ROUNDING * float(np.abs(values / errors).max()):
        return Forecast(reason="the points do not scatter around a line")
    edge = limit.high if slope > 0 else limit.low if slope < 0 else None
    ahead = math.inf if edge is None else max((edge - level) / slope, 0.0)
    # Asked before the bootstrap, which takes nearly all of the time.
    if edge is None or ahead > within_days:
        shown = f"{slope:+.2g} a day over {len(points)} points"
        soon = f"within {within_days:g} days"
        return Forecast(reason=f"{shown} does not head for a limit {soon}")
    drawn = similar_series(residuals, replicates, rng)
    levels, slopes = line.fit(level + slope * days + drawn * errors)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    low, high = np.quantile(slopes, tails)
    shown = f"{slope:+.2g} [{low:+.2g}, {high:+.2g}] a day over {len(points)} points"
    if low <= 0 <= high:
        return Forecast(reason=f"{shown} does not head for a limit for sure")
    crossings = _crossings(levels, slopes, edge, rising=slope > 0)
    # No interpolation: halfway to a line that never crosses there is no day.
    near, far = np.quantile(crossings, tails, method="lower")
    where = f"leads from {level:.3f} past {edge:.3f} in {ahead:.0f} days"
    return Forecast(
        days=ahead,
        lower=min(float(near), ahead),
        upper=max(float(far), ahead) if math.isfinite(far) else None,
        reason=f"{shown} {where}",
    )


def _crossings(levels: Floats, slopes: Floats, edge: float, *, rising: bool) -> Floats:
    """Return the days until each line crosses the edge; never, if it leads away."""
    heads = slopes > 0 if rising else slopes < 0
    ahead = np.divide(
        edge - levels, slopes, out=np.full_like(slopes, np.inf), where=heads
    )
    return np.where(heads, np.maximum(ahead, 0.0), np.inf)
