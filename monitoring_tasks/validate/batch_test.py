"""A day held against a baseline: its summary, what is usual, how far it may stray."""

import math
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from scipy.stats import t

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check
from monitoring_tasks.validate.batch_summary import BatchSummary


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

    @property
    def parts(self) -> dict[str, Any]:
        """What it is made of, by name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

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
        room = (high - low) * self.policy.notable_share
        return low - room, high + room


def control_limit(false_alarm: float, days: int) -> float:
    """Return how many spreads one more day may lie from the mean of so many days.

    `t(1 - false_alarm / 2, days - 1) * sqrt(1 + 1 / days)`: the prediction interval of
    one more value of a normal sample (Hahn and Meeker 1991, Statistical Intervals).
    """
    quantile = float(t.isf(false_alarm / 2, days - 1))
    return quantile * math.sqrt(1 + 1 / days)


def failed(name: str, column: str, seen: str, *, gross: bool) -> Check:
    """Return a statement that does not hold; a gross one makes the batch unfit."""
    return Check(
        gate=REFERENCE_GATE,
        name=name,
        status="failed",
        severity="critical" if gross else "warning",
        column=column,
        observed=seen,
    )
