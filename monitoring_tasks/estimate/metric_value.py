"""One number with its interval, before it is tied to a model and a day."""

from dataclasses import dataclass

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.statistics.intervals import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
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


def undefined(rows: int, reason: str) -> Number:
    """Say that there is no number; without labelled rows, that is the reason."""
    return Number(rows=rows, reason=reason if rows else "no row is labelled")


def measurements(
    kind: Kind, numbers: dict[str, Number], current: DayProfile
) -> list[Measurement]:
    """Tie numbers, by metric, to the version and segment they are about."""
    return [
        Measurement(
            kind=kind,
            metric=metric,
            segment=current.segment,
            version=current.version,
            value=number.value,
            lower=number.interval[0] if number.interval else None,
            upper=number.interval[1] if number.interval else None,
            rows=number.rows,
            reason=number.reason,
        )
        for metric, number in numbers.items()
    ]
