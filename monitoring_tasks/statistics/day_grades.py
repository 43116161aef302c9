"""Whether a single day kept a promise, as an error budget counts days. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.domain.findings import Verdict


class DayState(StrEnum):
    """What a day is for an error budget."""

    GOOD = "good"
    BAD = "bad"
    NOT_VALID = "not_valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDay:
    """What is known of a day, by its newest decided evaluation.

    Attributes:
        day: The calendar day.
        verdict: The verdict of the day; None when nobody decided it.
        data_verdict: Whether the batch was fit; None when nobody decided the day.
        value: The indicator's number; None when there is none.
        reason: Why there is none.
        is_mature: Whether enough of the day's labels are known.
        is_due: Whether the day's schedule and grace have passed and the model was
            watched by then.
        is_on_time: Whether a live run decided the day by its schedule and grace.
    """

    day: date
    verdict: Verdict | None = None
    data_verdict: Verdict | None = None
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
    # First, or data and freshness would take an excluded day for a missing one.
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
        state = _good_if(day.data_verdict in {Verdict.OK, Verdict.WARN})
        reason = f"data: {day.data_verdict or 'the day was not evaluated'}"
    else:
        state = _good_if(day.is_on_time)
        reason = (
            "judged on time" if day.is_on_time else "no live verdict by the deadline"
        )
    return GradedDay(day=day.day, state=state, reason=reason)


def _grade_number(slo: Slo, day: KnownDay) -> tuple[DayState, str]:
    # In this order a reader learns what to fix first.
    if day.verdict is None:
        return DayState.NOT_VALID, "the day was not judged"
    if day.data_verdict not in {Verdict.OK, Verdict.WARN}:
        return DayState.NOT_VALID, f"data: {day.data_verdict}"
    if slo.indicator.needs_labels and not day.is_mature:
        return DayState.NOT_VALID, "too few of the day's labels are known"
    # NaN compares as neither good nor bad, so it must not reach the comparison.
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
