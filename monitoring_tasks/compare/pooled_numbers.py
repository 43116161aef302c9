"""A number of the last few days together: small days tell in sum what none tells. Pure.

From the numbers of the days alone, by their rows; nothing is counted again.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from monitoring_tasks.compare.baseline import weekday_shift
from monitoring_tasks.compare.thresholds import sampling_error
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.statistics.intervals import normal

FEWEST_DAYS = 3
"""One of them is left out, and one alone is no pool."""


def longest_pool(policy: Policy) -> int:
    """Return how many days are pooled at most: the shortest horizon of several days.

    1 where the policy has no horizon of several days.
    """
    return next((h.days for h in policy.horizons if h.days > 1), 1)


NumberKey = tuple[str, str, str, str, str, int]
"""What identifies a number within a day; see `Measurement.key`."""


def by_number(
    numbers: Iterable[DatedNumber],
) -> dict[NumberKey, list[DatedNumber]]:
    """Return numbers of many days by what they are about."""
    grouped: dict[NumberKey, list[DatedNumber]] = {}
    for dated in numbers:
        grouped.setdefault(dated.measurement.key, []).append(dated)
    return grouped


def pools_of(
    number: Measurement,
    before: Sequence[DatedNumber],
    policy: Policy,
    *,
    day: date,
    noise: DailyNoise,
) -> Iterator[Measurement]:
    """Yield a number of a day together with those of two, three ... days before it.

    Their mean by rows, of the same version and segment, without the day that lies
    farthest on the side they lie on: one strange day is that day's news. Trouble that
    began some days ago fills one of the pools, whenever it began. Each day is freed of
    its weekday: no pool is a whole week.

    Args:
        number: Of the day; has a value.
        before: The same number of earlier days, in no order.
        policy: Brings the longest pool, excluded days and the level of intervals.
        day: The day.
        noise: How the number moves on the reference's days.

    Yields:
        Pools whose days all have the number, `horizon` being how many, up to the
        longest.
    """
    by_day = {
        dated.day: _freed(dated.measurement, noise, dated.day)
        for dated in before
        if dated.measurement.value is not None and dated.day not in policy.excluded_days
    }
    for span in range(FEWEST_DAYS, longest_pool(policy) + 1):
        earlier = [by_day.get(day - timedelta(days=n)) for n in range(1, span)]
        known = [past for past in earlier if past is not None]
        # As much of a pool as of a horizon has to be there: half of its days.
        if len(known) + 1 >= max(FEWEST_DAYS, math.ceil(span / 2)):
            today = _freed(number, noise, day)
            days = _without_the_farthest([today, *known], noise.mean)
            yield _mean_of(days, number, span, confidence=policy.confidence)


def _freed(number: Measurement, noise: DailyNoise, day: date) -> Measurement:
    """Return a number as it would be on a day that is no weekday in particular."""
    shift = weekday_shift(noise, day)
    value, lower, upper = (
        None if end is None else end - shift
        for end in (number.value, number.lower, number.upper)
    )
    return replace(number, value=value, lower=lower, upper=upper)


def _without_the_farthest(
    days: Sequence[Measurement], usual: float
) -> list[Measurement]:
    away = [(m.value or 0.0) - usual for m in days]
    sign = 1 if sum(m.rows * a for m, a in zip(days, away, strict=True)) > 0 else -1
    farthest = max(range(len(days)), key=lambda at: sign * away[at])
    return [m for at, m in enumerate(days) if at != farthest]


def _mean_of(
    days: Sequence[Measurement], number: Measurement, span: int, *, confidence: float
) -> Measurement:
    """Return the mean by rows, its error from those of the days."""
    rows = sum(day.rows for day in days)
    weights = [day.rows / rows if rows else 0.0 for day in days]
    mean = sum(w * (day.value or 0.0) for w, day in zip(weights, days, strict=True))
    errors = [
        w * sampling_error(day, confidence)
        for w, day in zip(weights, days, strict=True)
    ]
    lower, upper = normal(mean, math.hypot(*errors), confidence=confidence)
    note = f"over {len(days)} days, the one farthest off left out"
    pool = replace(number, value=mean, lower=lower, upper=upper, rows=rows)
    return replace(pool, horizon=span, reason="").with_remark(note)
