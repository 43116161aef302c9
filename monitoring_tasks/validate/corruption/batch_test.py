"""A day held against a baseline: its summary, what is usual, how far it may stray."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

from scipy.special import betainccinv, ndtri, stdtrit

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check

FEWEST_DRAWS = 1e-6
"""Rows of a day that come and go all together are one draw, or less."""


@dataclass(frozen=True, kw_only=True)
class BatchTest:
    """A day and the baseline it is held against.

    Attributes:
        summary: What the day looks like.
        baseline: What is usual.
        policy: How far a day may stray.
        rows_alarm: Probability that a healthy number of rows is beyond the baseline.
        level_alarm: Probability that a healthy level is beyond the baseline.
        season: Factor on the spread of levels.
        outputs: The columns the model writes; all others go into it.
        tests: How many parts of the day are asked alike, which share the false alarms.
        skipped_hours: Hours that the clock leaves out on the day.
    """

    summary: BatchSummary
    baseline: BatchBaseline
    policy: ReferenceGatePolicy
    rows_alarm: float
    level_alarm: float
    season: float = 1.0
    outputs: frozenset[str] = frozenset()
    tests: int = 1
    skipped_hours: frozenset[int] = frozenset()

    @cached_property
    def control_limit(self) -> float:
        """How many spreads one more day may lie from the mean."""
        return control_limit(self.policy.false_alarm / self.tests, self.baseline.days)

    @cached_property
    def level_limit(self) -> float:
        """The same of a level."""
        level_alarm = self.level_alarm / self.tests
        return control_limit(level_alarm, self.baseline.days) * self.season

    @cached_property
    def rows_limit(self) -> float:
        """The same of the logarithm of the number of rows."""
        return control_limit(self.rows_alarm / self.tests, self.baseline.days)

    @property
    def usual_rows(self) -> float:
        """Rows of a usual day of this weekday."""
        weekdays = self.baseline.weekdays
        season = weekdays[self.summary.day.weekday()] if weekdays else 0.0
        return math.exp(self.baseline.rows.mean + season)

    def ends(self, name: str) -> tuple[float, float]:
        """Return the span of 90 % of the values of all days, widened by what counts."""
        usual = self.baseline.quantiles[name]
        low, high = usual[0].low, usual[-1].high
        margin = (high - low) * self.policy.tolerance
        return low - margin, high + margin

    def is_notable(self, share: float, usual: Baseline, rows: int) -> bool:
        """Whether a share is beyond the usual, beyond chance at so many rows, large.

        The spread of the baseline holds the sampling error of its own days; that of
        so many rows today (binomial, at the usual share and no less than one row in all
        the days) is allowed when it is larger. See `share_limit`.

        Args:
            share: Of the day, 0..1.
            usual: How it lies on days of the baseline.
            rows: Rows it is a share of, at least one.
        """
        # What never reached so much on any day is one thing, what varies another.
        is_rare = usual.high < self.policy.rare_share
        least = self.policy.rare_share if is_rare else self.policy.notable_share
        # Beyond every day as well: days are not as alike as any interval takes them.
        if share <= usual.high or share - usual.mean < least:
            return False
        # A share that was 0 on every day has no spread; one row more proves nothing.
        mean = min(max(usual.mean, 1 / (rows * self.baseline.days)), 1.0)
        spread = max(usual.spread, math.sqrt(mean * (1 - mean) / rows))
        return share > share_limit(
            mean, spread, self.policy.false_alarm / self.tests, self.baseline.days
        )

    def exceeded(self, key: str, share: float, rows: int) -> Baseline | None:
        """Return how a share usually lies where the day's is notably above that.

        Args:
            key: Of the share, `kind/column`.
            share: Of the day, 0..1.
            rows: Rows it is a share of, at least one.

        Returns:
            None where the share is as usual, or where nothing is known of it.
        """
        usual = self.baseline.shares.get(key)
        return usual if usual and self.is_notable(share, usual, rows) else None

    def is_always_there(self, share: float, smallest: float, rows: int) -> bool:
        """Whether a category that every day has cannot be absent by chance.

        Args:
            share: Usual share of the rows, 0..1.
            smallest: Smallest share on a day, 0..1.
            rows: Of the day, at least one.
        """
        days = self.baseline.days
        # So many spreads below the mean the smallest of so many days usually lies.
        depth = -float(ndtri(1 / (days + 1)))
        spread = max((share - smallest) / depth, math.sqrt(share * (1 - share) / rows))
        alarm = self.policy.false_alarm / self.tests
        return share_limit(1 - share, spread, alarm, days) < 1 - 1 / rows

    def at_rows(self, usual: Baseline, rows: int) -> Baseline:
        """Return how a distance of distributions lies at so many rows.

        It is all chance's on a healthy day, and chance shrinks with the root of the
        rows: on fewer rows than usual it is that much larger.

        Args:
            usual: How it lies on days of usual size.
            rows: Of the day, at least one.
        """
        factor = max(math.sqrt(math.exp(self.baseline.rows.mean) / rows), 1.0)
        return replace(
            usual,
            mean=usual.mean * factor,
            spread=usual.spread * factor,
            high=usual.high * factor,
        )

    def is_spread(self, name: str) -> bool:
        """Whether a column has a distribution within a day, and not one value."""
        common = self.baseline.shares.get(f"common/{name}")
        if name not in self.baseline.quantiles or common is None:
            return False
        return common.mean < 1 - self.policy.gross_share

    def valid(self, name: str) -> int:
        """Return how many rows have a value, at least one."""
        return max(round(self.summary.rows * (1 - self.summary.nulls[name])), 1)

    def graded(
        self, name: str, column: str, observed: str, *, size: float, rows: int
    ) -> Check:
        """Return a statement that does not hold, gross from the policy's share on.

        Args:
            name: Of the statement.
            column: What it is about.
            observed: What was seen, in words.
            size: Share of the rows that are beyond the usual, 0..1.
            rows: What it is a share of.
        """
        gross = size >= self.policy.gross_share
        return failed(name, column, observed, gross=gross, rows=round(size * rows))


def control_limit(false_alarm: float, days: int) -> float:
    """Return how many spreads one more day may lie from the mean of so many days.

    `t(1 - false_alarm / 2, days - 1) * sqrt(1 + 1 / days)`: the prediction interval of
    one more value of a normal sample (Hahn and Meeker 1991, Statistical Intervals).

    Args:
        false_alarm: Probability that a healthy day lies beyond, 0..1.
        days: Days mean and spread were learnt from, >= 2.
    """
    # From the lower tail: `1 - p` loses the digits of a small p.
    quantile = float(stdtrit(days - 1, false_alarm / 2))
    return -quantile * math.sqrt(1 + 1 / days)


def share_limit(mean: float, spread: float, false_alarm: float, days: int) -> float:
    """Return the share of the rows that one more day exceeds with some probability.

    The upper quantile of the beta distribution with that mean and spread, the spread
    widened as Student's t widens a normal one for having been learnt from few days. It
    is that of `control_limit` where a share lies steadily away from 0 and 1, and far
    wider where it is 0 on most days and large on some: rows of an hour, or of an order,
    come and go together.

    Args:
        mean: Of the share, 0..1.
        spread: Standard deviation between days.
        false_alarm: Probability that a healthy day exceeds it, 0..1.
        days: Days mean and spread were learnt from, >= 2.
    """
    wide = spread * control_limit(false_alarm, days) / -float(ndtri(false_alarm / 2))
    room = mean * (1 - mean)
    if room <= 0:
        return mean
    # No share of that mean spreads further than one that is all or nothing.
    size = max(room / wide**2 - 1, FEWEST_DRAWS)
    return float(betainccinv(mean * size, (1 - mean) * size, false_alarm / 2))


def failed(
    name: str, column: str, observed: str, *, gross: bool, rows: int = 0
) -> Check:
    """Return a statement that does not hold.

    Args:
        name: Of the statement.
        column: What it is about; empty for the batch as a whole.
        observed: What was seen, in words.
        gross: Whether it makes the batch unfit.
        rows: How many are beyond the usual; 0 when it is not about rows.
    """
    return Check(
        gate=REFERENCE_GATE,
        name=name,
        status="failed",
        severity="critical" if gross else "warning",
        column=column,
        observed=observed,
        failing_rows=rows,
    )
