"""Shares of each day's rows, held against the other days where that is what is usual.

A day of the reference is to be told from its others as a later day is from all of them:
so what is new, beyond or elsewhere on it is measured against the days without it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from monitoring_tasks.domain.batch_summary import FINER, BatchSummary
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.baseline.daily_numbers import (
    FEWEST_DAYS,
    DailyNumbers,
    numbers_in_order,
)
from monitoring_tasks.validate.baseline.lost_categories import lost_by_day
from monitoring_tasks.validate.baseline.number_shares import NumberDays
from monitoring_tasks.validate.summary.batch_summary import values_by_column
from monitoring_tasks.validate.summary.hours import distance, mean_hours, widest_gap

FEWEST_VALUES = 5
"""Different ones: of values in steps of a half so many are all whole 1 time in 32."""


def shares_by_day(
    days: Sequence[BatchSummary],
    kept: Mapping[str, Mapping[str, float]],
    numbers: Mapping[str, NumberDays],
    span: int,
) -> Iterator[tuple[str, DailyNumbers]]:
    """Yield every share of a column by day, by `kind/column`.

    Args:
        days: The days, at least two.
        kept: Categorical column -> the categories a baseline knows by name.
        numbers: The continuous columns.
        span: How many days before a day it is held against.
    """
    for key, shares in _plain_shares(days, kept, numbers).items():
        yield key, numbers_in_order(shares, span)
    yield from lost_by_day(days, kept, span)
    for name, of_column in numbers.items():
        yield f"far/{name}", of_column.far(span)
        yield f"beyond/{name}", of_column.beyond(span)
        yield f"shape/{name}", of_column.shape(span)


def _plain_shares(
    days: Sequence[BatchSummary],
    kept: Mapping[str, Mapping[str, float]],
    numbers: Mapping[str, NumberDays],
) -> dict[str, Sequence[float] | Floats]:
    """Return the shares that are each day's own, a value a day."""
    nulls = values_by_column(day.nulls for day in days)
    common = values_by_column(day.common for day in days)
    hours = values_by_column(day.hours for day in days)
    unlike = values_by_column(
        {key: rows / asked for key, (rows, asked) in day.unlike.items()} for day in days
    )
    return {
        **{f"nulls/{name}": shares for name, shares in nulls.items()},
        **{f"common/{name}": shares for name, shares in common.items()},
        **{f"unseen/{n}": _unseen(days, n, named) for n, named in kept.items()},
        **{f"hours/{name}": _apart(rows) for name, rows in hours.items()},
        **{f"gap/{name}": _gaps(rows) for name, rows in hours.items()},
        **{f"sentinel/{n}": shares for n, shares in _sentinels(days).items()},
        # Of a reference's day already held against the others.
        **unlike,
        **_grain_shares(days),
        **{f"low/{name}": of.low for name, of in numbers.items()},
        **{f"high/{name}": of.high for name, of in numbers.items()},
    }


def _grain_shares(days: Sequence[BatchSummary]) -> dict[str, list[float]]:
    """Return the shares of each day's values that have more decimals, by `FINER`.

    Of columns with a value other than 0 on half of the days at least, and of which
    enough values differ to tell how fine they are.
    """
    with_values = values_by_column(
        {name: day for name, grain in day.grain.items() if grain.present}
        for day in days
    )
    return {
        f"{kind}/{name}": [
            day.grain[name].finer[at] / day.grain[name].present for day in there
        ]
        for name, there in with_values.items()
        if 2 * len(there) >= len(days) and _has_grain(there, name)
        for at, kind in enumerate(FINER)
    }


def _has_grain(days: Sequence[BatchSummary], name: str) -> bool:
    """Whether values differ on a day or between days; calendars are known to be whole.

    A rate that never changed may be whole by chance.
    """
    if name not in days[0].distributions:
        return True
    of_days = len({day.value[name] for day in days})
    return max(of_days, *(d.grain[name].distinct for d in days)) >= FEWEST_VALUES


def _sentinels(days: Sequence[BatchSummary]) -> dict[str, list[float]]:
    """Return the share of each day's most common number that no other day comes near.

    0 where it lies between the smallest 5 % and the largest 95 % quantile of the other
    days. Columns with numbers on one day alone are left out.
    """
    counted = values_by_column(
        dict.fromkeys(day.quantiles.keys() & day.value.keys(), day) for day in days
    )
    return {
        name: _sentinel_shares(with_numbers, name)
        for name, with_numbers in sorted(counted.items())
        if len(with_numbers) >= FEWEST_DAYS
    }


def _sentinel_shares(days: Sequence[BatchSummary], name: str) -> list[float]:
    lows = sorted(day.quantiles[name][0] for day in days)
    highs = sorted(day.quantiles[name][-1] for day in days)
    shares = []
    for day in days:
        # Without the day's own ends: it may be the one with the placeholder.
        low = lows[int(day.quantiles[name][0] == lows[0])]
        high = highs[-1 - int(day.quantiles[name][-1] == highs[-1])]
        is_usual = low <= float(day.value[name]) <= high
        shares.append(0.0 if is_usual else day.common[name])
    return shares


def _unseen(
    days: Sequence[BatchSummary], name: str, kept: Mapping[str, float]
) -> list[float]:
    """Return each day's share of rows in categories that no other day has.

    Or that are not kept: of those it is not known which are new on a later day.
    """
    counted = [day for day in days if name in day.categories]
    seen_on = Counter(c for day in counted for c in day.categories[name])
    shares = []
    for day in counted:
        rows, other = day.categories[name], day.other.get(name, 0)
        new = [n for c, n in rows.items() if seen_on[c] == 1 or c not in kept]
        shares.append((sum(new) + other) / (sum(rows.values()) + other))
    return shares


def _apart(days: Sequence[Sequence[int]]) -> list[float]:
    """Return how far each day's hours lie from the mean of the other days."""
    usual, count = mean_hours(days), len(days)
    # The mean holds the day itself, which draws it nearer by (n - 1) / n.
    return [distance(day, usual) * count / max(count - 1, 1) for day in days]


def _gaps(days: Sequence[Sequence[int]]) -> list[float]:
    """Return the usual share of the widest gap of each day."""
    usual = mean_hours(days)
    return [widest_gap(day, usual).share for day in days]
