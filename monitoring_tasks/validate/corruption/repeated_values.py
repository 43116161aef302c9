"""Values that are too common: frozen columns, placeholders, values filled in."""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.summary.column_values import QUANTILES

VARIES = "values_vary_as_usual"
SHOWN = 1e-5
"""A most common value is known to six digits."""


@dataclass(frozen=True, slots=True)
class RepeatedValues:
    """What the most common value of each column tells."""

    test: BatchTest

    def find_frozen(self) -> Iterator[Check]:
        """Hold the share of each column's most common value against its usual one.

        A placeholder is held against what numbers beyond all usual ones usually have,
        which is next to nothing: it takes the place of many values, however common the
        most common one of them was.
        """
        for name, excess, observed in self._too_common():
            if self._is_sentinel(name):
                placeholder = f"{observed}: a placeholder"
                rows = self.test.valid(name)
                yield self.test.graded(
                    VARIES, name, placeholder, size=excess, rows=rows
                )
            elif excess >= self.test.policy.frozen_share:
                yield self._failed(name, f"{observed}: frozen", excess, gross=True)

    def find_filled(self) -> Iterator[Check]:
        """Find usual numbers that are notably too common, and yet not frozen.

        They may be filled in where none came. Of categories and hours that is drift.
        """
        quantiles, frozen = self.test.baseline.quantiles, self.test.policy.frozen_share
        for name, excess, observed in self._too_common():
            is_usual = name in quantiles and not self._is_sentinel(name)
            if is_usual and excess < frozen:
                yield self._failed(name, f"{observed}: filled in?", excess, gross=False)

    def _failed(self, name: str, observed: str, excess: float, *, gross: bool) -> Check:
        rows = round(excess * self.test.valid(name))
        return failed(VARIES, name, observed, gross=gross, rows=rows)

    def _too_common(self) -> Iterator[tuple[str, float, str]]:
        """Yield columns whose most common value is too common, by how much, as text."""
        for name, share in self.test.summary.common.items():
            excess = self._excess(name, share)
            if excess is not None:
                usual = self.test.baseline.shares[f"common/{name}"].mean
                value = escaped_text(self.test.summary.value[name])
                observed = (
                    f"{share:.0%} of the values are {value}, usually "
                    f"the most common one has {usual:.0%}"
                )
                yield name, excess, observed

    def _excess(self, name: str, share: float) -> float | None:
        """Return by how much a most common value exceeds the usual, if notably."""
        stands_apart = self._stands_apart(name, share)
        # A column that is half zeros leaves no room for more than usual: a placeholder
        # is held first against what such values usually have.
        for kind in ("sentinel", "common") if stands_apart else ("common",):
            rows = self.test.valid(name)
            usual = self.test.exceeded(f"{kind}/{name}", share, rows)
            if usual:
                return share - usual.mean
        return None

    def _stands_apart(self, name: str, share: float) -> bool:
        """Whether the most common number is beyond all usual ones, the rest within.

        It is an end of the day's values, and the middle of those beside it, a notable
        share of the rows, is not beyond as well. A season takes all of them along, and
        a column that is one value a day, or nearly, has nothing beside it.
        """
        summary = self.test.summary
        is_number = name in self.test.baseline.quantiles and name in summary.quantiles
        is_all = share > 1 - self.test.policy.tolerance
        if not is_number or is_all or not self._is_sentinel(name):
            return False
        today, value = summary.quantiles[name], float(summary.value[name])
        low, high = self.test.ends(name)
        # The rows beside the value are the upper (or lower) 1 - share of the day, so
        # their middle is the quantile at (1 + share) / 2, or the next one known.
        beside = min(bisect_left(QUANTILES, (1 + share) / 2), len(QUANTILES) - 1)
        end, middle = (0, beside) if value < low else (-1, -1 - beside)
        is_end = math.isclose(today[end], value, rel_tol=SHOWN)
        return is_end and low <= today[middle] <= high

    def _is_sentinel(self, name: str) -> bool:
        """Whether the most common value lies beyond all usual ones.

        Where those are numbers, a day without a finite one (texts, say) does.
        """
        summary, baseline = self.test.summary, self.test.baseline
        if name not in baseline.quantiles:
            categories = baseline.categories.get(name)
            return categories is not None and summary.value[name] not in categories
        if name not in summary.quantiles:
            return True
        low, high = self.test.ends(name)
        return not low <= float(summary.value[name]) <= high
