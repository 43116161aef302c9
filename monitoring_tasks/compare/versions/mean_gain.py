"""The gain that days have in common, with an interval for looking daily. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.domain.releases import PairedDay

Floats = npt.NDArray[np.float64]
RELEASES = 40_000
"""Simulated releases: a rate of .05 is known to 2 % of itself, one of .01 to 5 %."""
HALVINGS = 20
"""Of the span in which the level lies; a millionth of it is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A gain over days with an interval that holds on all days at once."""

    gain: float
    lower: float
    upper: float


def mean_gain(
    days: Sequence[PairedDay], policy: ReleasePolicy, *, watch_days: int
) -> Interval | None:
    """Estimate the gain that days of a release have in common.

    g_t = mu + e_t v_t: e_t is the day's own standard error, v_t an autoregression of
    order one (c = `correlation` ** days between) whose standard deviation s >= 1 nobody
    knows: sampling alone makes it 1, movement from day to day more. Freed of what the
    day before foretells, y_t = mu X_t + s u_t with independent u_t, so that
    mu = sum(X y) / S with S = sum(X^2), and t = (mu - m) sqrt(S) / s tests a gain of m
    with n - 1 degrees of freedom. The interval is mu +- t(n - 1, p) s / sqrt(S), p the
    level at which a release looked at after every day from `min_days` to `watch_days`
    ever crosses one side with probability `false_alarm` (see `look_level`): it holds
    on all the days at once, so that one may look daily and act on the first crossing.

    Assumes: v_t normal, its correlation not above the stated one, e_t of a day not
    telling which way its gain is off. When it lies: a gain that changes over the days
    is averaged, days that tell more counting more (e_t^-2); on flights the errors
    are larger on days of smaller gains, so that it came out up to .005 higher than the
    plain mean. A day counts as at least half the median error.

    Args:
        days: Oldest first; gaps are fine.
        policy: By what rule.
        watch_days: The last day on which it is looked at, counted from the release.

    Returns:
        The gain and its interval; None with fewer days than `min_days`.

    Raises:
        ValueError: If days repeat or are out of order.

    References:
        Pocock (1977), Biometrika 64: looks at one nominal level; Jennison and Turnbull
        (2000), Group Sequential Methods, ch. 4 (t statistics at those levels).
    """
    for before, after in pairwise(days):
        if before.day >= after.day:
            msg = f"days must be in order, each once: {after.day} follows {before.day}"
            raise ValueError(msg)
    count = len(days)
    if count < policy.min_days:
        return None
    weights = day_weights(days)
    gaps = np.diff([day.day.toordinal() for day in days])
    carried = np.concatenate(([0.0], policy.correlation**gaps))
    x = _freed(weights, carried)
    y = _freed(weights * [day.gain for day in days], carried)
    total = float((x**2).sum())
    mean = float((x * y).sum()) / total
    spread = float(((y - mean * x) ** 2).sum()) / (count - 1)
    sampling = float(((weights * [day.error for day in days]) ** 2).mean())
    # Watched for longer than planned, the level has to hold on as many days.
    level = look_level(policy.false_alarm, policy.min_days, max(watch_days, count))
    # s >= 1: the gain moves at least as much as its rows make it.
    quantile = -float(special.stdtrit(count - 1, level))
    reach = quantile * math.sqrt(max(spread, sampling) / total)
    return Interval(gain=mean, lower=mean - reach, upper=mean + reach)


def day_weights(days: Sequence[PairedDay]) -> Floats:
    """Return what a day's gain is multiplied by to spread as all the others do.

    A day counts as at least half the median error: a day that seems almost sure would
    else decide alone.
    """
    errors = np.array([day.error for day in days])
    typical = float(np.median(errors))
    if typical <= 0:
        return np.ones(len(errors))
    return np.asarray(typical / np.maximum(errors, typical / 2), dtype=np.float64)


def _freed(values: Floats, carried: Floats) -> Floats:
    """Take from every day what the day before foretells of it."""
    before = np.concatenate(([0.0], values[:-1]))
    scale = np.sqrt((1 - carried) * (1 + carried))
    return np.asarray((values - carried * before) / scale, dtype=np.float64)


@lru_cache
def look_level(false_alarm: float, first: int, last: int) -> float:
    """Return the nominal level of each look at a t statistic, one after every day.

    Looking after days `first` to `last`, some statistic lies past its one-sided limit
    with probability `false_alarm`. Counted on `RELEASES` simulated releases of
    independent normal days, always the same ones; off by 2 to 5 % of itself.

    Args:
        false_alarm: Probability that any of the looks crosses, in (0, 1).
        first: Day of the first look, counted from 1; >= 2.
        last: Day of the last look.

    Returns:
        The probability with which one look alone crosses, below `false_alarm`.

    >>> round(look_level(0.05, 5, 28), 4)
    0.0093
    """
    last = max(first, last)
    # Always the same releases: the level must not differ from run to run.
    random = np.random.default_rng(last)
    days = random.standard_normal((RELEASES, last))
    count = np.arange(1, last + 1)
    total, squares = days.cumsum(axis=1), (days**2).cumsum(axis=1)
    looked_at = slice(first - 1, None)
    mean = (total / count)[:, looked_at]
    degrees_of_freedom = count[looked_at] - 1
    variance = (squares[:, looked_at] - count[looked_at] * mean**2) / degrees_of_freedom
    t = mean * np.sqrt(count[looked_at] / variance)
    # Between Bonferroni, the strictest, and a single look; on logs: levels are small.
    low, high = math.log(false_alarm / len(degrees_of_freedom)), math.log(false_alarm)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        limits = -special.stdtrit(degrees_of_freedom, math.exp(middle))
        crossed = (t > limits).any(axis=1).mean()
        low, high = (middle, high) if crossed < false_alarm else (low, middle)
    return math.exp(low)
