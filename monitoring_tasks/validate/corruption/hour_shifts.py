"""What the rows by hour tell: a clock that was turned, hours that are gone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.summary.hours import HOURS, distance, widest_gap

HOURS_FIT = "hours_are_not_shifted"
ALL_HOURS = "hours_are_all_there"
FEWEST_HOURS = 4
"""Hours the rows have to spread over, as many as if all had alike (inverse Simpson)."""


@dataclass(frozen=True, slots=True)
class HourShifts:
    """What the rows by hour of the day tell."""

    test: BatchTest

    def find_shifted_hours(self) -> Iterator[Check]:
        """Find hours that fit the usual ones once all are moved by the same number."""
        for name, counts in self.test.summary.hours.items():
            usual = self.test.baseline.hours.get(name)
            if usual is None:
                continue
            # Every row so many hours earlier, around the clock.
            turned = [[*counts[k:], *counts[:k]] for k in range(HOURS)]
            apart = [distance(rows_by_hour, usual) for rows_by_hour in turned]
            best, rows = int(np.argmin(apart)), sum(counts)
            is_odd = self.test.is_notable(apart[0], self._hours_at(name, rows), rows)
            # Hours that merely spread otherwise fit no better after any turn.
            if best and is_odd and apart[best] * self.test.policy.clearness <= apart[0]:
                # 23 hours earlier is one hour later to whoever reads it.
                later = best if best <= HOURS // 2 else best - HOURS
                observed = (
                    f"{apart[0]:.0%} of the rows in other hours than usual, "
                    f"{apart[best]:.0%} once all are moved {-later:+d} hours: another "
                    "time zone"
                )
                yield failed(HOURS_FIT, name, observed, gross=True)

    def find_missing_hours(self) -> Iterator[Check]:
        """Find hours in a row in which nothing came: a batch that was cut, or torn.

        Shows while the number of rows is still within what days bring. Where the rest
        of the day has their rows as well they came at other hours, which is the
        world's; a day that was truly short looks the same as one that was cut, so it
        is warned of and never unfit. Not asked where a job stamps all rows in an hour
        or two: how long it takes says nothing of what is missing.
        """
        for name, counts in self.test.summary.hours.items():
            hours, usual = self.test.baseline.hours, f"gap/{name}"
            if name not in hours or usual not in self.test.baseline.shares:
                continue
            if sum(share * share for share in hours[name]) > 1 / FEWEST_HOURS:
                continue
            gap = widest_gap(counts, hours[name], self.test.skipped_hours)
            rows = sum(counts)
            share = self.test.at_rows(self.test.baseline.shares[usual], rows)
            # Nearer to a day that lacks those rows than to one that has them elsewhere.
            fewest = self.test.usual_rows * (1 - gap.share / 2)
            are_gone = self.test.summary.rows <= fewest
            if are_gone and self.test.is_notable(gap.share, share, rows):
                observed = (
                    f"nothing from {gap.first:02d}:00 to {gap.last:02d}:59, when "
                    f"{gap.share:.0%} of the rows usually come"
                )
                missing = round((gap.share - share.mean) * rows)
                yield failed(ALL_HOURS, name, observed, gross=False, rows=missing)

    def _hours_at(self, name: str, rows: int) -> Baseline:
        """Return the usual distance of hours, at least that of chance at so many rows.

        Half the sum over hours of the mean absolute deviation of a share,
        `sqrt(2 p (1 - p) / (pi n))`.
        """
        usual = self.test.baseline.shares[f"hours/{name}"]
        p = np.asarray(self.test.baseline.hours[name])
        chance = float(np.sqrt(2 * p * (1 - p) / (math.pi * rows)).sum()) / 2
        mean = max(usual.mean, chance)
        return Baseline(
            mean=mean, spread=usual.spread, low=0.0, high=usual.high, jump=usual.jump
        )
