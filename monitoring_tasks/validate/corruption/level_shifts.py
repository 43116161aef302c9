"""What the quantiles of a day tell: columns swapped, units changed, values elsewhere.

None of it is said of a level that moved smoothly: that is drift.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.baseline.batch_baseline import MEDIAN
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.summary.distributions import DECADE

OWN = "columns_hold_their_own_values"
UNIT = "values_keep_their_unit"
PLACE = "values_lie_where_they_did"
LARGE = 3.0
"""From this factor on, the width of a day beyond all usual ones is not asked."""
FEWEST_RATIOS = 3
"""Quantiles that have to tell the same factor."""


@dataclass(frozen=True, slots=True)
class LevelShifts:
    """What the quantiles of continuous columns tell."""

    test: BatchTest

    def find_swapped(self) -> Iterator[Check]:
        """Find pairs of columns that look far more like each other than themselves."""
        names = [n for n in self.test.summary.quantiles if self.test.is_spread(n)]
        for name, other in combinations(names, 2):
            pairs = ((name, other), (other, name))
            # Both ways: a column that fits the other's values alone has moved there.
            if all(self._fits_better(a, b) for a, b in pairs):
                observed = f"'{name}' has the values of '{other}' and vice versa"
                yield failed(
                    OWN, f"{name}, {other}", f"{observed}: swapped", gross=True
                )

    def find_moved(self) -> Iterator[Check]:
        """Find levels beyond all usual ones that follow a pattern of corruption."""
        for name in self.test.summary.quantiles:
            if not self.test.is_spread(name):
                continue
            median = self.test.summary.quantiles[name][MEDIAN]
            usual = self.test.baseline.quantiles[name]
            middle = f"median {median:.6g}, usually {usual[MEDIAN].mean:.6g}"
            is_beyond, factor = self._is_level_beyond(name), self._factor(name)
            if factor and self._is_unit(name, factor, is_beyond=is_beyond):
                observed = f"all values are {factor:.4g} times the usual ones: {middle}"
                gross = self._is_gross_unit(name, factor)
                yield failed(UNIT, name, f"{observed}: a changed unit", gross=gross)
            elif is_beyond and self._is_elsewhere(name):
                observed = "95 % of the values lie beyond all usual ones"
                yield failed(PLACE, name, f"{observed}: {middle}", gross=True)

    def _fits_better(self, name: str, other: str) -> bool:
        median = self.test.summary.quantiles[name][MEDIAN]
        usual = self.test.baseline.quantiles[name][MEDIAN]
        if usual.low <= median <= usual.high:
            return False
        own, cross = self._misfit(name, name), self._misfit(name, other)
        return own > 1 >= cross and cross * self.test.policy.clearness <= own

    def _misfit(self, name: str, other: str) -> float:
        """Return how far a column lies from another's baseline; 1 is the limit."""
        usual = self.test.baseline.quantiles[other]
        span = usual[-1].mean - usual[0].mean
        apart = [
            abs(value - quantile.mean)
            / max(
                self.test.control_limit * quantile.spread
                + self.test.policy.tolerance * span,
                # A column that never varied has neither spread nor span.
                1e-12,
            )
            for value, quantile in zip(
                self.test.summary.quantiles[name], usual, strict=True
            )
        ]
        return max(apart)

    def _is_level_beyond(self, name: str) -> bool:
        """Whether the median is beyond in its own unit and on the logarithm.

        Either alone is moved far by a season: a winter's cold is a small factor of a
        summer's heat, and a few degrees are a large factor near zero.
        """
        median = self.test.summary.quantiles[name][MEDIAN]
        if not self._is_beyond(median, self.test.baseline.quantiles[name][MEDIAN]):
            return False
        usual = self.test.baseline.logarithms.get(name)
        if usual is None or median <= 0:
            return True
        return self._is_beyond(math.log(median), usual)

    def _is_beyond(self, value: float, usual: Baseline) -> bool:
        far = abs(value - usual.mean) > self.test.level_limit * usual.spread
        return far and not usual.low <= value <= usual.high

    def _factor(self, name: str) -> float | None:
        """Return the factor all quantiles were multiplied by, if there is one."""
        pairs = zip(
            self.test.summary.quantiles[name],
            self.test.baseline.quantiles[name],
            strict=True,
        )
        ratios = [
            (today / usual.mean, usual.spread / abs(usual.mean))
            for today, usual in pairs
            if usual.mean
        ]
        # A factor keeps the sign; what changed it was no change of the unit.
        if len(ratios) < FEWEST_RATIOS or min(ratio for ratio, _ in ratios) <= 0:
            return None
        logs = np.log([ratio for ratio, _ in ratios])
        middle = float(np.median(logs))
        if abs(middle) < math.log(self.test.policy.factor):
            return None
        allowed = abs(middle) / self.test.policy.clearness + np.array(
            [s for _, s in ratios]
        )
        return math.exp(middle) if (np.abs(logs - middle) <= allowed).all() else None

    def _is_unit(self, name: str, factor: float, *, is_beyond: bool) -> bool:
        """Whether a factor is a changed unit: the width of the day moved alike.

        The first hot day of a year moves the level alone, or widens the day far more.
        Widths vary: half the factor either way is allowed, on the logarithm.
        """
        size = abs(math.log(factor))
        if is_beyond and size >= math.log(LARGE):
            return True
        today, usual = (
            self.test.summary.quantiles[name],
            self.test.baseline.quantiles[name],
        )
        wide, usually = today[-1] - today[0], usual[-1].mean - usual[0].mean
        if wide <= 0 or usually <= 0:
            return False
        moved = abs(math.log(wide / usually) - math.log(factor))
        return moved <= size / 2 and (is_beyond or self._is_decades_off(name, size))

    def _is_gross_unit(self, name: str, factor: float) -> bool:
        """Whether a factor cannot be the day's own; inputs move no outputs so far.

        A storm doubles all forecasts at once, and is no corruption.
        """
        size = abs(math.log(factor))
        return name not in self.test.outputs or size >= math.log(DECADE)

    def _is_decades_off(self, name: str, size: float) -> bool:
        """Whether a level is beyond on the logarithm, and by a power of ten."""
        usual = self.test.baseline.logarithms.get(name)
        median = self.test.summary.quantiles[name][MEDIAN]
        if usual is None or median <= 0 or size < math.log(DECADE):
            return False
        return self._is_beyond(math.log(median), usual)

    def _is_elsewhere(self, name: str) -> bool:
        """Whether all but 5 % lie beyond the usual span, and by a large part of it."""
        today = self.test.summary.quantiles[name]
        low, high = self.test.ends(name)
        return today[0] > high or today[-1] < low
