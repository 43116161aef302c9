"""The value of one metric with its interval, before it is tied to a model and a day."""

import math
from dataclasses import dataclass

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.statistics.intervals import Interval, normal


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricValue:
    """A value with its interval, or why there is none.

    Attributes:
        rows: Rows behind it.
        value: The number; None when it could not be computed.
        interval: Lower and upper end; None when unknown.
        reason: Why there is no value or interval.
    """

    rows: int
    value: float | None = None
    interval: Interval | None = None
    reason: str = ""


def undefined(rows: int, reason: str) -> MetricValue:
    """Return that there is no value; without labelled rows, that is the reason.

    Args:
        rows: Rows behind it, >= 0.
        reason: Why there is none, if there are rows.
    """
    return MetricValue(rows=rows, reason=reason if rows else "no row is labelled")


def mean_of_rows(
    total: float, squares: float, rows: int, *, confidence: float
) -> MetricValue:
    """Return the mean over rows with its normal interval; of one row without.

    Args:
        total: Sum over the rows.
        squares: Sum of the squares.
        rows: How many, >= 1.
        confidence: Level of the interval, 0..1.
    """
    mean = total / rows
    if rows == 1:
        return MetricValue(value=mean, rows=rows, reason="one row has no spread")
    # Rounding can take the difference of two large sums below 0.
    variance = max(squares / rows - mean**2, 0.0) * rows / (rows - 1)
    around = normal(mean, math.sqrt(variance / rows), confidence=confidence)
    return MetricValue(value=mean, interval=around, rows=rows)


def measurements(
    kind: Kind, values: dict[str, MetricValue], current: DayProfile
) -> list[Measurement]:
    """Tie values, by metric, to the version and segment they are about.

    Args:
        kind: What they are measured from.
        values: Metric -> its value, in the order of the result.
        current: The day they are about, as a whole or one segment.
    """
    return [
        Measurement(
            kind=kind,
            metric=metric,
            segment=current.segment,
            version=current.version,
            value=value.value,
            lower=value.interval[0] if value.interval else None,
            upper=value.interval[1] if value.interval else None,
            rows=value.rows,
            reason=value.reason,
        )
        for metric, value in values.items()
    ]
