"""When days past a limit are told of: by the rule of persistence, simulated.

The same days are drawn for every check, so that larger changes are never told later.
Pure: the same policy gives the same numbers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from monitoring_tasks.compare.alarm_rates import YEAR
from monitoring_tasks.compare.simulated_codes import BREACH, OK
from monitoring_tasks.compare.simulated_pages import openings
from monitoring_tasks.contract.persistence import PersistenceRule

POWER = 0.8
"""With what probability the smallest change is told: the convention of Cohen (1988)."""
ONSETS, YEARS = 2_000, 300
SEED = 20130901
HALVINGS = 40


@dataclass(frozen=True, slots=True)
class ToldDays:
    """How often, and how soon, days past a limit are told of.

    Attributes:
        rule: So many of so many days past a limit are told.
        recovery_days: Good days after which the next ones are told of anew.
    """

    rule: PersistenceRule
    recovery_days: int

    def needed(self, days: int, *, correlation: float = 0.0) -> float:
        """Return with what probability a day has to be past its limit.

        So that a lasting change is told within so many days in 4 of 5 cases.

        Args:
            days: Days since the change, >= 1.
            correlation: Of consecutive days, 0..1.

        Returns:
            A probability above 1, which no change has, where the rule needs more days.
        """
        if days < self.rule.bad_days:
            return math.inf
        level = drawn(ONSETS, days, _rounded(correlation))
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            is_told = self._told(level > -ndtri(middle)).any(axis=1)
            low, high = (low, middle) if is_told.mean() >= POWER else (middle, high)
        return high

    def days_a_year(self, false_alarm: float) -> float:
        """Return on how many healthy days a year a number is past its limit.

        Args:
            false_alarm: Probability that one is, 0..1.
        """
        return false_alarm * YEAR

    def alarms_a_year(self, false_alarm: float, correlation: float = 0.0) -> float:
        """Return how often a year healthy days are told of.

        Args:
            false_alarm: Probability that a day is past its limit, 0..1.
            correlation: Of consecutive days, 0..1.
        """
        level = drawn(YEARS, YEAR, _rounded(correlation))
        is_past = level > -ndtri(false_alarm)
        codes = np.where(is_past, BREACH, OK).astype(np.int8)
        told = openings(self._told(is_past), codes, self.recovery_days)
        return float(told.sum(axis=1).mean())

    def _told(self, is_past: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Say on which days enough of the latest are past; shape (runs, days)."""
        counted = is_past.cumsum(axis=1)
        before = np.zeros_like(counted)
        before[:, self.rule.of_days :] = counted[:, : -self.rule.of_days or None]
        told: npt.NDArray[np.bool_] = is_past & (counted - before >= self.rule.bad_days)
        return told


def smallest(
    chance: Callable[[float], float],
    needed: float,
    *,
    largest: float,
    halvings: int = HALVINGS,
) -> float | None:
    """Return the smallest size whose days are past a limit often enough.

    Args:
        chance: From a size to that probability; it never falls.
        needed: How often is enough.
        largest: The largest size that is tried.
        halvings: Of the sizes below it, until the smallest is near enough.

    Returns:
        None where the largest is not past it so often.
    """
    if chance(largest) < needed:
        return None
    low, high = 0.0, largest
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= needed else (middle, high)
    return high


@lru_cache(maxsize=32)
def drawn(runs: int, days: int, correlation: float) -> npt.NDArray[np.float64]:
    """Draw how far healthy days lie from usual, in standard deviations.

    Args:
        runs: How many series.
        days: Days of each.
        correlation: Of consecutive days, an autoregression of order one.

    Returns:
        Shape (runs, days). Not to be modified.
    """
    level = np.random.default_rng(SEED).standard_normal((runs, days))
    fresh = math.sqrt(1 - correlation**2)
    for day in range(1, days):
        level[:, day] = correlation * level[:, day - 1] + fresh * level[:, day]
    level.flags.writeable = False
    return level


def _rounded(correlation: float) -> float:
    # To a tenth: a difference nobody sees, and few series are drawn.
    return round(correlation, 1)
