"""Patterns of corrupted data: what a day has that days like the baseline never have.

Pure: a day's summary against a baseline. Every statement asks for significance
and for size.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.validate.batch_baseline import distance
from monitoring_tasks.validate.batch_summary import HOURS, QUANTILES
from monitoring_tasks.validate.batch_test import BatchTest, failed
from monitoring_tasks.validate.level_shifts import LevelShifts

ROWS = "as_many_rows_as_usual"
MANY = "no_more_rows_than_usual"
GROWTH = frozenset({MANY})
"""What may be growth, and is told only."""
NULLS = "no_more_nulls_than_usual"
VARIES = "values_vary_as_usual"
KNOWN = "categories_are_known"
ALL_THERE = "categories_are_all_there"
HOURS_FIT = "hours_are_not_shifted"
NOT_DELIVERED = "part of the source did not deliver"
SHOWN = 1e-5
"""A most common value is known to six digits."""


class ShareShifts(BatchTest):
    """What shares and numbers of rows tell."""

    def find_missing_rows(self) -> Iterator[Check]:
        """Hold the number of rows against that of such a weekday."""
        weekdays, rows = self.baseline.weekdays, self.baseline.rows
        season = weekdays[self.summary.day.weekday()] if weekdays else 0.0
        level = math.log(self.summary.rows) - season
        usual = math.exp(rows.mean + season)
        ratio = self.summary.rows / usual
        # A count cannot be steadier than chance lets it be (Poisson).
        spread = max(rows.spread, 1 / math.sqrt(usual))
        if rows.low <= level <= rows.high:
            return
        if abs(level - rows.mean) <= self.control_limit * spread:
            return
        seen = f"{self.summary.rows} rows, {ratio:.2g} times the usual {usual:.0f}"
        if ratio < self.policy.gross_volume:
            yield failed(ROWS, "", f"{seen}: part of the day is missing", gross=True)
        elif ratio <= self.policy.notable_volume:
            yield failed(ROWS, "", seen, gross=False)
        elif ratio >= 1 / self.policy.notable_volume:
            yield failed(MANY, "", seen, gross=False)

    def find_nulls(self) -> Iterator[Check]:
        """Hold each column's share of nulls against its usual one."""
        for name, share in self.summary.nulls.items():
            usual = self.baseline.shares.get(f"nulls/{name}")
            if usual and self._is_notable(share, usual, self.summary.rows):
                seen = f"{share:.0%} nulls, usually {usual.mean:.1%}"
                yield self._graded(NULLS, name, seen, share - usual.mean)

    def find_frozen(self) -> Iterator[Check]:
        """Hold the share of each column's most common value against its usual one.

        A placeholder is held against what numbers beyond all usual ones usually have,
        which is next to nothing: it takes the place of many values, however common the
        most common one of them was.
        """
        for name, excess, seen in self._too_common():
            if self._is_sentinel(name):
                yield self._graded(VARIES, name, f"{seen}: a placeholder", excess)
            elif excess >= self.policy.frozen_share:
                yield failed(VARIES, name, f"{seen}: frozen", gross=True)

    def find_filled(self) -> Iterator[Check]:
        """Find usual numbers that are notably too common, and yet not frozen.

        They may be filled in where none came. Of categories and hours that is drift.
        """
        for name, excess, seen in self._too_common():
            is_usual = name in self.baseline.quantiles and not self._is_sentinel(name)
            if is_usual and excess < self.policy.frozen_share:
                yield failed(VARIES, name, f"{seen}: filled in?", gross=False)

    def find_recoded(self) -> Iterator[Check]:
        """Find columns whose rows lie in categories the baseline does not know."""
        for name, counts in self.summary.categories.items():
            usual = self.baseline.shares.get(f"unseen/{name}")
            known = self.baseline.categories.get(name)
            if usual is None or known is None:
                continue
            other = self.summary.other.get(name, 0)
            rows = sum(counts.values()) + other
            unseen = {c: count for c, count in counts.items() if c not in known}
            share = (sum(unseen.values()) + other) / rows
            if self._is_notable(share, usual, rows):
                some = _some(unseen, 3)
                why = self._origin(name, counts)
                seen = f"{share:.0%} of the values are new ({some}){why}"
                yield self._graded(KNOWN, name, seen, share - usual.mean)

    def find_outage(self) -> Iterator[Check]:
        """Find categories every day has and this day, with so many rows, has not."""
        for name, counts in self.summary.categories.items():
            shares = self.baseline.categories.get(name, {})
            rows = sum(counts.values()) + self.summary.other.get(name, 0)
            # Absent by chance with probability (1 - share) ** rows.
            enough = -math.log(self.policy.false_alarm) / rows
            gone = {
                category: shares[category]
                for category in self.baseline.always_present.get(name, ())
                if category not in counts and shares[category] > enough
            }
            share = sum(gone.values())
            if share >= self.policy.notable_share:
                some = _some(sorted(gone, key=lambda c: -gone[c]), 5)
                is_output = name in self.outputs
                why = "the model gave none of them" if is_output else NOT_DELIVERED
                seen = (
                    f"{len(gone)} categories with usually {share:.0%} of the rows are "
                    f"gone ({some}): {why}"
                )
                yield self._graded(ALL_THERE, name, seen, share)

    def find_shifted_hours(self) -> Iterator[Check]:
        """Find hours that fit the usual ones once all are moved by the same number."""
        for name, counts in self.summary.hours.items():
            usual = self.baseline.hours.get(name)
            if usual is None:
                continue
            apart = [distance(_taken(counts, k), usual) for k in range(HOURS)]
            best = int(np.argmin(apart))
            is_odd = self._is_notable(
                apart[0], self._hours_at(name, sum(counts)), sum(counts)
            )
            if best and is_odd and apart[best] * self.policy.clearness <= apart[0]:
                later = best if best <= HOURS // 2 else best - HOURS
                seen = (
                    f"{apart[0]:.0%} of the rows in other hours than usual, "
                    f"{apart[best]:.0%} once all are taken {-later:+d} hours: another "
                    "time zone"
                )
                yield failed(HOURS_FIT, name, seen, gross=True)

    def _too_common(self) -> Iterator[tuple[str, float, str]]:
        """Yield columns whose most common value is too common, by how much, as text."""
        for name, share in self.summary.common.items():
            excess = self._excess(name, share)
            if excess is not None:
                usual = self.baseline.shares[f"common/{name}"].mean
                value = self.summary.value[name]
                seen = (
                    f"{share:.0%} of the values are {_some([value], 1)}, usually "
                    f"the most common one has {usual:.0%}"
                )
                yield name, excess, seen

    def _is_notable(self, share: float, usual: Baseline, rows: int) -> bool:
        """Whether a share is beyond the usual, beyond chance at so many rows, large.

        The spread of the baseline holds the sampling error of its own days; that of
        so many rows today (binomial, at the usual share and no less than one row) is
        allowed when it is larger.
        """
        chance = max(usual.mean, 1 / rows)
        spread = max(usual.spread, math.sqrt(chance * (1 - min(chance, 1.0)) / rows))
        limit = max(usual.mean + self.control_limit * spread, usual.high)
        return share > limit and share - usual.mean >= self.policy.notable_share

    def _excess(self, name: str, share: float) -> float | None:
        """Return by how much a most common value exceeds the usual, if notably."""
        stands_apart = self._stands_apart(name, share)
        for kind in ("sentinel", "common") if stands_apart else ("common",):
            usual = self.baseline.shares.get(f"{kind}/{name}")
            if usual and self._is_notable(share, usual, self._valid(name)):
                return share - usual.mean
        return None

    def _stands_apart(self, name: str, share: float) -> bool:
        """Whether the most common number is beyond all usual ones, the rest within.

        It is an end of the day's values, and the middle of those beside it, a notable
        share of the rows, is not beyond as well. A season takes all of them along, and
        a column that is one value a day, or nearly, has nothing beside it.
        """
        is_number = name in self.baseline.quantiles and name in self.summary.quantiles
        is_all = share > 1 - self.policy.notable_share
        if not is_number or is_all or not self._is_sentinel(name):
            return False
        today, value = self.summary.quantiles[name], float(self.summary.value[name])
        low, high = self.ends(name)
        rest = min(bisect_left(QUANTILES, (1 + share) / 2), len(QUANTILES) - 1)
        end, middle = (0, rest) if value < low else (-1, -1 - rest)
        is_end = math.isclose(today[end], value, rel_tol=SHOWN)
        return is_end and low <= today[middle] <= high

    def _graded(self, name: str, column: str, seen: str, size: float) -> Check:
        return failed(name, column, seen, gross=size >= self.policy.gross_share)

    def _valid(self, name: str) -> int:
        return max(round(self.summary.rows * (1 - self.summary.nulls[name])), 1)

    def _is_sentinel(self, name: str) -> bool:
        """Whether the most common value lies beyond all usual ones.

        Where those are numbers, a day without a finite one (texts, say) does.
        """
        if name not in self.baseline.quantiles:
            known = self.baseline.categories.get(name)
            return known is not None and self.summary.value[name] not in known
        if name not in self.summary.quantiles:
            return True
        low, high = self.ends(name)
        return not low <= float(self.summary.value[name]) <= high

    def _origin(self, name: str, counts: Mapping[str, int]) -> str:
        """Say where unknown categories may come from, if that can be seen."""
        for other, known in self.baseline.categories.items():
            if other != name and set(counts) <= set(known):
                return f": they are those of column '{other}'"
        usual = sorted(self.baseline.categories[name].values(), reverse=True)
        today = sorted(counts.values(), reverse=True)
        count = max(len(usual), len(today))
        usual += [0.0] * (count - len(usual))
        today += [0] * (count - len(today))
        if distance(today, usual) <= self.policy.notable_share:
            return ", as common as the known ones: the categories have other names"
        return ""

    def _hours_at(self, name: str, rows: int) -> Baseline:
        """Return the usual distance of hours, at least that of chance at so many rows.

        Half the sum over hours of the mean absolute deviation of a share,
        `sqrt(2 p (1 - p) / (pi n))`.
        """
        usual = self.baseline.shares[f"hours/{name}"]
        p = np.asarray(self.baseline.hours[name])
        chance = float(np.sqrt(2 * p * (1 - p) / (math.pi * rows)).sum()) / 2
        mean = max(usual.mean, chance)
        return Baseline(
            mean=mean, spread=usual.spread, low=0.0, high=usual.high, jump=usual.jump
        )


def find_corruption(test: BatchTest, *, min_rows: int) -> list[Check]:
    """Say in what a day is so unlike the baseline that its data must be corrupted.

    Args:
        test: The day, with at least one row, and what it is held against.
        min_rows: On fewer rows only their number is judged.

    Returns:
        A failed check for each corruption: `critical` when gross, else `warning`.
    """
    rows = ShareShifts(**test.parts)
    levels = LevelShifts(**test.parts)
    found = list(rows.find_missing_rows())
    if test.summary.rows < min_rows:
        return found
    recoded, swapped = list(rows.find_recoded()), list(levels.find_swapped())
    frozen = list(rows.find_frozen())
    explained = _columns([*recoded, *swapped, *frozen])
    found += [*rows.find_nulls(), *frozen, *rows.find_filled(), *recoded, *swapped]
    rest = [*rows.find_outage(), *rows.find_shifted_hours(), *levels.find_moved()]
    return found + [check for check in rest if check.column not in explained]


def _some(texts: Iterable[str], count: int) -> str:
    """Write out the first few texts of the data, each short and without controls."""
    shown = (escaped_text(text) for text in list(texts)[:count])
    return ", ".join(shown)


def _taken(counts: Sequence[int], hours: int) -> list[int]:
    """Take every row so many hours earlier, around the clock."""
    return [*counts[hours:], *counts[:hours]]


def _columns(checks: Sequence[Check]) -> set[str]:
    return {name for check in checks for name in check.column.split(", ")}
