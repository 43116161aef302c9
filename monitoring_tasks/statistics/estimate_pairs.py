"""Estimates beside what came true, day by day. Pure."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.trust import DatedNumber, TrustKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What was estimated of a day and what came true; both have a value."""

    day: date
    estimated: Measurement
    realized: Measurement

    @property
    def error(self) -> float:
        """Estimated less realized."""
        return (self.estimated.value or 0.0) - (self.realized.value or 0.0)

    @property
    def allowed(self) -> float | None:
        """How far chance alone may part the two; None without an interval.

        The half of an interval that faces the other number: the estimate's or the
        realized one's, whichever reaches further. Not both together: an estimate
        that is right is the expectation of the realized number given the scores, so
        that Var(error) = Var(realized) - Var(estimated) <= Var(realized).
        """
        sign = 1 if self.error > 0 else -1
        halves = [
            half
            for half in (half_of(self.estimated, -sign), half_of(self.realized, sign))
            if half is not None
        ]
        return max(halves, default=None)


def pairs_of(
    numbers: Sequence[DatedNumber],
    *,
    before: date,
    label_coverage: float,
    excluded_days: Collection[date] = (),
) -> dict[TrustKey, list[Pair]]:
    """Put estimate and realized number of each day together, oldest day first.

    Args:
        numbers: Kind `estimated` and `realized`; those of pooled days, and those about
            a column, are passed over. Not modified.
        before: The first day that does not count: the one being judged.
        label_coverage: Share of the rows with a label from which a day counts.
        excluded_days: Days that do not count either.

    Returns:
        Every number that is both estimated and realized on some day, be it without a
        day that counts. A value that is none, or not finite, makes no pair.
    """
    sides: dict[TrustKey, dict[Kind, dict[date, DatedNumber]]] = defaultdict(
        lambda: {Kind.ESTIMATED: {}, Kind.REALIZED: {}}
    )
    for number in numbers:
        measurement = number.measurement
        key = (measurement.version, measurement.segment, measurement.metric)
        # Pooled days overlap, and columns have numbers of their own.
        is_of_the_day = not measurement.column and measurement.horizon == 1
        if is_of_the_day and measurement.kind in {Kind.ESTIMATED, Kind.REALIZED}:
            sides[key][measurement.kind][number.day] = number
    return {
        key: [
            Pair(day=day, estimated=a.measurement, realized=b.measurement)
            for day, a, b in _both(side)
            if day < before
            and day not in excluded_days
            and b.is_mature(label_coverage)
            and _is_number(a.measurement.value)
            and _is_number(b.measurement.value)
        ]
        for key, side in sides.items()
        if side[Kind.ESTIMATED] and side[Kind.REALIZED]
    }


def _both(
    side: dict[Kind, dict[date, DatedNumber]],
) -> list[tuple[date, DatedNumber, DatedNumber]]:
    estimated, realized = side[Kind.ESTIMATED], side[Kind.REALIZED]
    days = sorted(estimated.keys() & realized.keys())
    return [(day, estimated[day], realized[day]) for day in days]


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def half_of(number: Measurement, side: int) -> float | None:
    """Return the half of an interval on one side of its value, >= 0.

    Args:
        number: The number with its interval.
        side: -1 for the half below, 1 for the half above.

    Returns:
        None without a value, or without a finite end on that side.
    """
    end = number.upper if side > 0 else number.lower
    if end is None or number.value is None or not math.isfinite(end):
        return None
    return max(side * (end - number.value), 0.0)
