"""A clock that was turned: hours that fit the usual ones once all are moved alike."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.summary.hours import HOURS, distance

HOURS_FIT = "hours_are_not_shifted"


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
            apart = [distance(_taken(counts, k), usual) for k in range(HOURS)]
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


def _taken(counts: Sequence[int], hours: int) -> list[int]:
    """Take every row so many hours earlier, around the clock."""
    return [*counts[hours:], *counts[:hours]]
