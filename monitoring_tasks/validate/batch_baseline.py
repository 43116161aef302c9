"""What days usually look like, learnt from days that were well."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.counts import MAX_CATEGORIES
from monitoring_tasks.validate.batch_summary import QUANTILES, BatchSummary

MEDIAN = QUANTILES.index(0.5)
FEWEST_DAYS = 2
FEWEST_WEEKS = 4
"""Fewer days of each weekday say nothing about weekdays."""
WEEK = 7
Floats = NDArray[np.float64]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Learner:
    """Learns how a number lies, of days in order."""

    recent_days: int

    def learn(self, values: Iterable[float]) -> Baseline:
        """Return mean, spread, ends and jumps of a number by day, at least one."""
        x = np.asarray(list(values), dtype=np.float64)
        spread = float(x.std(ddof=1)) if len(x) > 1 else 0.0
        span = self.recent_days
        jumps = [x[i] - x[i - span : i].mean() for i in range(span, len(x))]
        return Baseline(
            mean=float(x.mean()),
            spread=spread,
            low=float(x.min()),
            high=float(x.max()),
            jump=float(np.sqrt(np.mean(np.square(jumps)))) if jumps else spread,
        )


def learn_baseline(
    days: Iterable[BatchSummary],
    *,
    recent_days: int,
    weekdays: Sequence[float] | None = None,
) -> BatchBaseline | None:
    """Learn what the days have in common; None from fewer than two.

    Of shares and quantiles: mean, standard deviation between days, smallest, largest,
    and the usual distance of a day from the days just before it. Rows are taken on the
    logarithm, for holidays and growth act by factors, and freed of the weekday. Unseen
    on a day are the categories no other of the days has, and a sentinel is its most
    common number where that lies beyond all the other days. A column counts on the days
    it has values.

    Args:
        days: The days, each once.
        recent_days: How many days before a day its jump is taken from.
        weekdays: What a weekday adds to the logarithm of the rows; None to learn it,
            which takes four of every weekday.
    """
    days = sorted(days, key=lambda summary: summary.day)
    if len(days) < FEWEST_DAYS:
        return None
    learn = _Learner(recent_days).learn
    rows = np.log([day.rows for day in days])
    if weekdays is None:
        weekdays = _weekdays([day.day.weekday() for day in days], rows)
    rest = rows - [weekdays[d.day.weekday()] if weekdays else 0.0 for d in days]
    quantiles = _by_column(day.quantiles for day in days)
    medians = {name: [q[MEDIAN] for q in known] for name, known in quantiles.items()}
    hours = _by_column(day.hours for day in days)
    categories = _profiles(days)
    return BatchBaseline(
        days=len(days),
        rows=learn(rest),
        weekdays=tuple(weekdays),
        shares={
            name: learn(known) for name, known in _shares(days, categories).items()
        },
        quantiles={
            name: tuple(learn(column) for column in np.array(known).T)
            for name, known in quantiles.items()
        },
        logarithms={n: learn(np.log(m)) for n, m in medians.items() if min(m) > 0},
        categories=categories,
        always_present={
            name: tuple(sorted(set.intersection(set(categories[name]), *known)))
            for name, known in _by_column(day.categories for day in days).items()
        },
        hours={n: tuple(map(float, _mean_hours(known))) for n, known in hours.items()},
    )


def widened_by(recent: BatchBaseline, reference: BatchBaseline) -> BatchBaseline:
    """Return the baseline of a few days with the spread of the reference's many.

    Spread is then the usual distance from the days just before. Only what both know is
    kept.
    """
    shares, quantiles = reference.shares, reference.quantiles
    return replace(
        recent,
        days=reference.days,
        rows=_widened(recent.rows, reference.rows),
        shares={
            name: _widened(usual, shares[name])
            for name, usual in recent.shares.items()
            if name in shares
        },
        quantiles={
            name: tuple(map(_widened, usual, quantiles[name]))
            for name, usual in recent.quantiles.items()
            if name in quantiles
        },
        logarithms={
            name: _widened(usual, reference.logarithms[name])
            for name, usual in recent.logarithms.items()
            if name in reference.logarithms
        },
        categories=_shared(recent.categories, reference.categories),
        always_present=_shared(recent.always_present, reference.always_present),
        hours=_shared(recent.hours, reference.hours),
    )


def distance(hours: Sequence[float], usual: Sequence[float] | Floats) -> float:
    """Return the share of rows that lie in other hours than usual, 0..1."""
    shares = np.asarray(hours, dtype=np.float64)
    return float(np.abs(shares / shares.sum() - np.asarray(usual)).sum() / 2)


def _shared(
    recent: Mapping[str, Value], reference: Mapping[str, Value]
) -> dict[str, Value]:
    return {name: known for name, known in recent.items() if name in reference}


def _widened(usual: Baseline, reference: Baseline) -> Baseline:
    return replace(usual, spread=max(usual.spread, reference.jump))


def _by_column(days: Iterable[Mapping[str, Value]]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for day in days:
        for name, value in day.items():
            found.setdefault(name, []).append(value)
    return found


def _weekdays(weekdays: Sequence[int], values: Floats) -> tuple[float, ...]:
    """Return how each weekday differs from the mean of them all."""
    count = Counter(weekdays)
    if min(count[weekday] for weekday in range(WEEK)) < FEWEST_WEEKS:
        return ()
    place = np.asarray(weekdays)
    means = [float(values[place == weekday].mean()) for weekday in range(WEEK)]
    return tuple(mean - float(np.mean(means)) for mean in means)


def _shares(
    days: Sequence[BatchSummary], kept: Mapping[str, Mapping[str, float]]
) -> dict[str, list[float]]:
    nulls = _by_column(day.nulls for day in days)
    common = _by_column(day.common for day in days)
    hours = _by_column(day.hours for day in days)
    return {
        **{f"nulls/{name}": known for name, known in nulls.items()},
        **{f"common/{name}": known for name, known in common.items()},
        **{f"unseen/{n}": _unseen(days, n, known) for n, known in kept.items()},
        **{f"hours/{name}": _apart(known) for name, known in hours.items()},
        **{f"sentinel/{name}": known for name, known in _sentinels(days).items()},
    }


def _sentinels(days: Sequence[BatchSummary]) -> dict[str, list[float]]:
    """Return the share of each day's most common number that no other day comes near.

    0 where it lies between the smallest 5 % and the largest 95 % quantile of the other
    days. Columns with numbers on one day alone are left out.
    """
    counted: dict[str, list[BatchSummary]] = {}
    for day in days:
        for name in day.quantiles.keys() & day.value.keys():
            counted.setdefault(name, []).append(day)
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
    usual, count = _mean_hours(days), len(days)
    return [distance(day, usual) * count / max(count - 1, 1) for day in days]


def _mean_hours(days: Sequence[Sequence[int]]) -> Floats:
    rows = np.asarray(days, dtype=np.float64)
    mean: Floats = (rows / rows.sum(axis=1, keepdims=True)).mean(axis=0)
    return mean


def _profiles(days: Sequence[BatchSummary]) -> dict[str, dict[str, float]]:
    """Return the share of the values that each of the most common categories has."""
    total: dict[str, Counter[str]] = {}
    values: Counter[str] = Counter()
    for day in days:
        for name, rows in day.categories.items():
            total.setdefault(name, Counter()).update(rows)
            values[name] += sum(rows.values()) + day.other.get(name, 0)
    return {
        name: {
            category: rows / values[name]
            for category, rows in sorted(_most_common(counted))
        }
        for name, counted in total.items()
    }


def _most_common(counted: Counter[str]) -> list[tuple[str, int]]:
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return ordered[:MAX_CATEGORIES]
