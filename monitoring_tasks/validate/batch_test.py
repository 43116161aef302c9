"""A day held against a baseline: its summary, what is usual, how far it may stray."""

import math
from dataclasses import dataclass
from functools import cached_property

from scipy.special import stdtrit

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check


@dataclass(frozen=True, kw_only=True)
class BatchTest:
    """A day and the baseline it is held against.

    Attributes:
        summary: What the day looks like.
        baseline: What is usual.
        policy: How far a day may stray.
        level_alarm: Probability that a healthy level is beyond the baseline.
        season: Factor on the spread of levels.
        outputs: The columns the model writes; all others go into it.
    """

    summary: BatchSummary
    baseline: BatchBaseline
    policy: ReferenceGatePolicy
    level_alarm: float
    season: float = 1.0
    outputs: frozenset[str] = frozenset()

    @cached_property
    def control_limit(self) -> float:
        """How many spreads one more day may lie from the mean."""
        return control_limit(self.policy.false_alarm, self.baseline.days)

    @cached_property
    def level_limit(self) -> float:
        """The same of a level."""
        return control_limit(self.level_alarm, self.baseline.days) * self.season

    def ends(self, name: str) -> tuple[float, float]:
        """Return the span of 90 % of the values of all days, widened by what counts."""
        usual = self.baseline.quantiles[name]
        low, high = usual[0].low, usual[-1].high
        margin = (high - low) * self.policy.notable_share
        return low - margin, high + margin

    def is_notable(
        self, share: float, usual: Baseline, rows: int, *, least: float | None = None
    ) -> bool:
        """Whether a share is beyond the usual, beyond chance at so many rows, large.

        The spread of the baseline holds the sampling error of its own days; that of
        so many rows today (binomial, at the usual share and no less than one row) is
        allowed when it is larger.

        Args:
            share: Of the day, 0..1.
            usual: How it lies on days of the baseline.
            rows: Rows it is a share of, at least one.
            least: What counts as large; `policy.notable_share` where nothing is said.
        """
        # A share that was 0 on every day has no spread; one row more proves nothing.
        chance = max(usual.mean, 1 / rows)
        spread = max(usual.spread, math.sqrt(chance * (1 - min(chance, 1.0)) / rows))
        # Beyond every day as well: days are not as normal as the interval takes them.
        limit = max(usual.mean + self.control_limit * spread, usual.high)
        least = self.policy.notable_share if least is None else least
        return share > limit and share - usual.mean >= least

    def graded(self, name: str, column: str, observed: str, size: float) -> Check:
        """Return a statement that does not hold, gross from the policy's share on.

        Args:
            name: Of the statement.
            column: What it is about.
            observed: What was seen, in words.
            size: Share of the rows that are beyond the usual, 0..1.
        """
        return failed(name, column, observed, gross=size >= self.policy.gross_share)


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


def failed(name: str, column: str, observed: str, *, gross: bool) -> Check:
    """Return a statement that does not hold.

    Args:
        name: Of the statement.
        column: What it is about; empty for the batch as a whole.
        observed: What was seen, in words.
        gross: Whether it makes the batch unfit.
    """
    return Check(
        gate=REFERENCE_GATE,
        name=name,
        status="failed",
        severity="critical" if gross else "warning",
        column=column,
        observed=observed,
    )
