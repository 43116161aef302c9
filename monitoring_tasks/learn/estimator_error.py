"""Was the estimate right? Estimated against realized, day by day.

Arithmetic only; which days are mature enough to count is the caller's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from monitoring_tasks.domain.findings import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorError:
    """How far the estimates of one metric lay from what came true.

    Attributes:
        days: Days with both numbers.
        bias: Mean of estimated less realized, in units of the metric; positive means
            the estimates were too high. None without a day.
        mean_absolute_error: Mean distance, in units of the metric.
        interval_days: Those of the days whose estimate had an interval.
        coverage: Share of them whose realized number lay in the interval, 0..1.
        reason: Why numbers are missing.
    """

    days: int = 0
    bias: float | None = None
    mean_absolute_error: float | None = None
    interval_days: int = 0
    coverage: float | None = None
    reason: str = ""


def estimator_error(
    estimated: Mapping[date, Measurement], realized: Mapping[date, Measurement]
) -> EstimatorError:
    """Hold the estimates of a metric against its realized numbers.

    The interval of an estimate allows for sampling only, so with a right method the
    coverage is about the policy's confidence; much less says that the method errs.

    Args:
        estimated: Estimates of one metric and segment, by day. Not modified.
        realized: Realized numbers of the same metric and segment, by day; mature
            days only.

    Returns:
        The errors over the days that have both numbers; days with one of them do not
        count. Without any such day no number and a reason.
    """
    pairs = [
        (estimated[day], realized[day].value)
        for day in sorted(estimated.keys() & realized.keys())
    ]
    errors = [
        estimate.value - truth
        for estimate, truth in pairs
        if estimate.value is not None and truth is not None
    ]
    if not errors:
        return EstimatorError(reason="no day has both numbers")
    hits = [
        estimate.lower <= truth <= estimate.upper
        for estimate, truth in pairs
        if truth is not None
        and estimate.value is not None
        and estimate.lower is not None
        and estimate.upper is not None
    ]
    return EstimatorError(
        days=len(errors),
        bias=fmean(errors),
        mean_absolute_error=fmean(abs(error) for error in errors),
        interval_days=len(hits),
        coverage=fmean(hits) if hits else None,
        reason="" if hits else "no estimate has an interval",
    )
