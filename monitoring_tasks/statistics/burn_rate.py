"""How much of an error budget the days have spent. Pure.

This is accounting, not detection: what was delivered is compared with what was
promised, day by day. Whether a single bad day is more than noise is decided elsewhere
(`compare/judge.py`), by intervals; the budget is what is left for noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.statistics.day_grades import DayState, GradedDay, KnownDay, grade


class SloState(StrEnum):
    """How a promise over many days stands."""

    MET = "met"
    AT_RISK = "at_risk"
    EXHAUSTED = "exhausted"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class SloStatus:
    """How a promise stands at the end of a window.

    Attributes:
        slo: The promise.
        days: The window's days, oldest first.
        state: How it stands.
        good_days: Valid days that were good.
        bad_days: Valid days that were bad: what is spent of the budget.
        remaining_days: Budget left, in days; below 0 when overspent.
        burn_rate: Share of bad days among the valid ones over the share that may be:
            1 spends the budget exactly; None without a valid day.
        recent_burn_rate: The same over the last `slo.recent_days` valid days.
        reason: One sentence.
    """

    slo: Slo
    days: tuple[GradedDay, ...]
    state: SloState
    good_days: int
    bad_days: int
    remaining_days: float
    burn_rate: float | None
    recent_burn_rate: float | None
    reason: str

    @property
    def valid_days(self) -> int:
        """Days that were good or bad."""
        return self.good_days + self.bad_days

    @property
    def freezes_promotions(self) -> bool:
        """Whether no new version should go live but to fix this."""
        return self.state is SloState.EXHAUSTED


def assess(slo: Slo, days: Sequence[KnownDay]) -> SloStatus:
    """Hold the days of a window against the promise.

    With the budget `(1 - target) x window_days`: `insufficient` with fewer valid days
    than `slo.min_valid_days`; `exhausted` when more days were bad than the budget has;
    `at_risk` when the share of good valid days is below the target, or when as many
    bad days again as among the last `slo.recent_days` valid ones would exhaust the
    budget; else `met`. Arithmetic on the target is decimal, so that 0.9 of 30 days
    leaves 3 days and not a hair less.

    Args:
        slo: The promise.
        days: What is known of each day of the window, oldest first, each once.

    Raises:
        ValueError: If the days are not in order, or more than the window has.

    References:
        Beyer et al. (2018), The Site Reliability Workbook, ch. 2 and 5. Its alerts on
        several burn rates need many events an hour; one a day has none of them.
    """
    if any(later.day <= earlier.day for earlier, later in pairwise(days)):
        raise ValueError("days have to be in order, each once")
    if len(days) > slo.window_days:
        msg = f"{len(days)} days are more than the window of {slo.window_days}"
        raise ValueError(msg)
    graded = tuple(grade(slo, day) for day in days)
    valid = [day for day in graded if day.state is not DayState.NOT_VALID]
    bad, recent = _count_bad(valid), valid[-slo.recent_days :]
    state = _state(slo, valid=len(valid), bad=bad, recent_bad=_count_bad(recent))
    return SloStatus(
        slo=slo,
        days=graded,
        state=state,
        good_days=len(valid) - bad,
        bad_days=bad,
        remaining_days=float(slo.allowance * slo.window_days - bad),
        burn_rate=_burn_rate(slo, valid),
        recent_burn_rate=_burn_rate(slo, recent),
        reason=_sentence(slo, state, valid=len(valid), bad=bad),
    )


def _count_bad(days: Sequence[GradedDay]) -> int:
    return sum(day.state is DayState.BAD for day in days)


def _state(slo: Slo, *, valid: int, bad: int, recent_bad: int) -> SloState:
    budget = slo.allowance * slo.window_days
    # First: few valid days neither keep a promise nor break it.
    if valid < slo.min_valid_days:
        return SloState.INSUFFICIENT
    if bad > budget:
        return SloState.EXHAUSTED
    # Bad days that come on as they did of late would use up what is left.
    if bad > slo.allowance * valid or bad + recent_bad > budget:
        return SloState.AT_RISK
    return SloState.MET


def _burn_rate(slo: Slo, valid: Sequence[GradedDay]) -> float | None:
    if not valid:
        return None
    return float(_count_bad(valid) / (slo.allowance * len(valid)))


def _sentence(slo: Slo, state: SloState, *, valid: int, bad: int) -> str:
    balance = f"{bad} bad of {valid} valid days; {slo.budget_days:.1f} are allowed"
    if state is SloState.INSUFFICIENT:
        return f"{balance}; {slo.min_valid_days} valid days are needed to judge it"
    if state is SloState.EXHAUSTED:
        return f"{balance}: release no new version, except one that fixes it"
    return balance
