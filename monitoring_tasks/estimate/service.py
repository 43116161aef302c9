"""How the scoring job behaved on a day: volume, latency, errors."""

import math

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.counts import LATENCY_GROWTH, ServiceCounts
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.metric_value import MetricValue, measurements
from monitoring_tasks.statistics.intervals import normal_quantile, wilson

QUANTILES = {
    "latency_p50_seconds": 0.50,
    "latency_p95_seconds": 0.95,
    "latency_p99_seconds": 0.99,
}


def measure_service(
    current: DayProfile, *, columns: Columns, confidence: float
) -> list[Measurement]:
    """Measure volume, latency quantiles and the share of failed rows.

    Args:
        current: The day, as a whole or one segment.
        columns: Latency and errors are measured if the contract declares their
            column, and then always: without a value and with a reason when nothing
            was logged.
        confidence: Level of the intervals, 0..1.

    Returns:
        Kind `service`: `volume` in rows; `latency_p50_seconds` and so on, within
        1 % (bins are 2 % wide), with the binomial interval of the rank; `error_ratio`
        with Wilson's.
    """
    # A profile without service counts says nothing of latency and errors.
    service = current.service or ServiceCounts(rows=current.rows)
    numbers = {"volume": MetricValue(value=float(current.rows), rows=current.rows)}
    if columns.latency is not None:
        for metric, quantile in QUANTILES.items():
            numbers[metric] = _latency(service, quantile, confidence)
    if columns.error is not None:
        numbers["error_ratio"] = _error_ratio(current, confidence)
    return measurements(Kind.SERVICE, numbers, current)


def _latency(service: ServiceCounts, quantile: float, confidence: float) -> MetricValue:
    rows = sum(service.latency.values())
    if rows == 0:
        return MetricValue(rows=0, reason="no row has a latency above 0")
    # The rank of a quantile is binomial; its interval in ranks is read off as seconds.
    half = normal_quantile(confidence) * math.sqrt(rows * quantile * (1 - quantile))
    rank = quantile * rows
    return MetricValue(
        value=_at_rank(service, rank),
        interval=(_at_rank(service, rank - half), _at_rank(service, rank + half)),
        rows=rows,
    )


def _at_rank(service: ServiceCounts, rank: float) -> float:
    """Return the seconds of the row of this rank, taken at the middle of its bin."""
    passed = 0
    bins = sorted(number for number, rows in service.latency.items() if rows)
    for number in bins:
        passed += service.latency[number]
        if passed >= rank:
            break
    # The middle on the logarithm, on which the bins are equally wide.
    return float(LATENCY_GROWTH ** (number + 0.5))


def _error_ratio(current: DayProfile, confidence: float) -> MetricValue:
    if current.service is None or not current.service.rows:
        return MetricValue(rows=0, reason="no row says whether it failed")
    errors, rows = current.service.errors, current.service.rows
    around = wilson(errors, rows, confidence=confidence)
    return MetricValue(value=errors / rows, interval=around, rows=rows)
