"""How much of an error budget the days have spent. Pure.

This is accounting, not detection: what was delivered is compared with what was
promised, day by day. Whether a single bad day is more than noise is decided elsewhere
(`compare/judge.py`), by intervals; the budget is what is left for noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.domain.findings import Verdict


class DayState(StrEnum):
    """What a day is for an error budget."""

    GOOD = "good"
    BAD = "bad"
    NOT_VALID = "not_valid"


class SloState(StrEnum):
    """How a promise over many days stands."""

    MET = "met"
    AT_RISK = "at_risk"
    EXHAUSTED = "exhausted"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDay:
    """What is known of a day, by its newest decided evaluation.

    Attributes:
        day: The calendar day.
        verdict: The verdict of the day; None when nobody decided it.
        data: Whether the batch was fit; None when nobody decided the day.
        value: The indicator's number; None when there is none.
        reason: Why there is none.
        is_mature: Whether enough of the day's labels are known.
        is_due: Whether the day's schedule and grace have passed and the model was
            watched by then.
        is_on_time: Whether a live run decided the day by its schedule and grace.
    """

    day: date
    verdict: Verdict | None = None
    data: Verdict | None = None
    value: float | None = None
    reason: str = ""
    is_mature: bool = False
    is_due: bool = True
    is_on_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedDay:
    """A day of the window, good, bad or not valid, and why."""

    day: date
    state: DayState
    reason: str


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
        """Whether no new version should go live but to mend this."""
        return self.state is SloState.EXHAUSTED


def grade(slo: Slo, day: KnownDay) -> GradedDay:
    """Grade a day good, bad or not valid.

    A number decides by its value alone. Without one (not evaluated, unfit data,
    immature labels, no value) the day is not valid. For `data` and `freshness` what is
    missing is what the promise is about, so a day that is due and missing is bad. A
    day the contract excludes is never valid.

    Args:
        slo: The promise.
        day: What is known of the day.
    """
    if day.verdict is Verdict.EXCLUDED:
        state, reason = DayState.NOT_VALID, "the contract excludes the day"
    elif slo.indicator.is_measured:
        state, reason = _grade_number(slo, day)
    elif not day.is_due:
        state, reason = (
            DayState.NOT_VALID,
            "the day was not due, or was not monitored yet",
        )
    elif slo.indicator.source == "data":
        state = _good_if(day.data in {Verdict.OK, Verdict.WARN})
        reason = f"data: {day.data or 'the day was not evaluated'}"
    else:
        state = _good_if(day.is_on_time)
        reason = "judged on time" if day.is_on_time else "no live verdict in time"
    return GradedDay(day=day.day, state=state, reason=reason)


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


def _grade_number(slo: Slo, day: KnownDay) -> tuple[DayState, str]:
    # In this order a reader learns what to mend first.
    if day.verdict is None:
        return DayState.NOT_VALID, "the day was not judged"
    if day.data not in {Verdict.OK, Verdict.WARN}:
        return DayState.NOT_VALID, f"data: {day.data}"
    if slo.indicator.needs_labels and not day.is_mature:
        return DayState.NOT_VALID, "too few of the day's labels are known"
    if day.value is None or not isfinite(day.value):
        return DayState.NOT_VALID, day.reason or "no value"
    if slo.min is not None:
        wanted, is_good = f"at least {slo.min:.6g}", day.value >= slo.min
    else:
        wanted = f"at most {slo.max:.6g}"
        is_good = slo.max is not None and day.value <= slo.max
    return _good_if(is_good), f"{day.value:.6g}, the objective is {wanted}"


def _good_if(is_good: bool) -> DayState:  # noqa: FBT001 (the one thing it is about)
    return DayState.GOOD if is_good else DayState.BAD


def _count_bad(days: Sequence[GradedDay]) -> int:
    return sum(day.state is DayState.BAD for day in days)


def _state(slo: Slo, *, valid: int, bad: int, recent_bad: int) -> SloState:
    budget = slo.allowance * slo.window_days
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
