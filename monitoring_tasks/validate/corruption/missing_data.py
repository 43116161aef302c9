"""What did not come: rows of the day, and values of its columns."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from monitoring_tasks.domain.findings import NO_MORE_NULLS, Check
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed

ROWS = "as_many_rows_as_usual"
MANY = "no_more_rows_than_usual"


@dataclass(frozen=True, slots=True)
class MissingData:
    """What the number of rows and the shares of nulls tell."""

    test: BatchTest

    def find_missing_rows(self) -> Iterator[Check]:
        """Hold the number of rows against that of such a weekday."""
        summary, policy = self.test.summary, self.test.policy
        rows, usual = self.test.baseline.rows, self.test.usual_rows
        ratio = summary.rows / usual
        # On the logarithm, as the baseline is: holidays and growth act by factors.
        level = rows.mean + math.log(ratio)
        # A count cannot be steadier than chance lets it be (Poisson).
        spread = max(rows.spread, 1 / math.sqrt(usual))
        if rows.low <= level <= rows.high:
            return
        if abs(level - rows.mean) <= self.test.rows_limit * spread:
            return
        observed = f"{summary.rows} rows, {ratio:.2g} times the usual {usual:.0f}"
        if ratio < policy.gross_volume:
            part = f"{observed}: part of the day is missing"
            yield failed(ROWS, "", part, gross=True)
        elif ratio <= policy.notable_volume:
            yield failed(ROWS, "", observed, gross=False)
        elif ratio >= 1 / policy.notable_volume:
            # Never gross: it may be growth.
            yield failed(MANY, "", observed, gross=False)

    def find_nulls(self) -> Iterator[Check]:
        """Hold each column's share of nulls against its usual one."""
        for name, share in self.test.summary.nulls.items():
            rows = self.test.summary.rows
            usual = self.test.exceeded(f"nulls/{name}", share, rows)
            if usual:
                observed = f"{share:.0%} nulls, usually {usual.mean:.1%}"
                size = share - usual.mean
                yield self.test.graded(
                    NO_MORE_NULLS, name, observed, size=size, rows=rows
                )
