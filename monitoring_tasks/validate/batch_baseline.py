"""What days usually look like, learnt from days that were well."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.counts import MAX_CATEGORIES
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.batch_summary import values_by_column
from monitoring_tasks.validate.column_values import QUANTILES
from monitoring_tasks.validate.hours import mean_hours
from monitoring_tasks.validate.unusual_shares import FEWEST_DAYS, shares_by_day

MEDIAN = QUANTILES.index(0.5)
FEWEST_WEEKS = 4
"""Fewer days of each weekday say nothing about weekdays."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class _Learner:
    """Learns how a number lies, of days in order."""

    recent_days: int

    def learn(self, values: Iterable[float]) -> Baseline:
        """Return mean, spread, ends and jumps of a number by day, at least one."""
        x = np.asarray(list(values), dtype=np.float64)
        spread = float(x.std(ddof=1)) if len(x) > 1 else 0.0
        span = self.recent_days
        # From the mean of the days before, as a later day will be held against them.
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
    levels = rows - [weekdays[d.day.weekday()] if weekdays else 0.0 for d in days]
    quantiles = values_by_column(day.quantiles for day in days)
    medians = {name: [q[MEDIAN] for q in by_day] for name, by_day in quantiles.items()}
    hours = values_by_column(day.hours for day in days)
    categories = _category_shares(days)
    return BatchBaseline(
        days=len(days),
        rows=learn(levels),
        weekdays=tuple(weekdays),
        shares={
            name: learn(shares)
            for name, shares in shares_by_day(days, categories).items()
        },
        quantiles={
            name: tuple(learn(column) for column in np.array(by_day).T)
            for name, by_day in quantiles.items()
        },
        # Only where every day's median lies above 0: a season near 0 has no factor.
        logarithms={n: learn(np.log(m)) for n, m in medians.items() if min(m) > 0},
        categories=categories,
        always_present={
            name: tuple(sorted(set.intersection(set(categories[name]), *by_day)))
            for name, by_day in values_by_column(d.categories for d in days).items()
        },
        hours={n: tuple(map(float, mean_hours(rows))) for n, rows in hours.items()},
    )


def _weekdays(weekdays: Sequence[int], values: Floats) -> tuple[float, ...]:
    """Return how each weekday differs from the mean of them all."""
    count = Counter(weekdays)
    if min(count[weekday] for weekday in range(WEEK)) < FEWEST_WEEKS:
        return ()
    weekday_of = np.asarray(weekdays)
    means = [float(values[weekday_of == weekday].mean()) for weekday in range(WEEK)]
    # Of the seven means, not of all days: half a week more moves no weekday.
    return tuple(mean - float(np.mean(means)) for mean in means)


def _category_shares(days: Sequence[BatchSummary]) -> dict[str, dict[str, float]]:
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
