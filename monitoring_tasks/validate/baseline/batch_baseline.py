"""What days usually look like, learnt from days that were well, many or few."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.counts import MAX_CATEGORIES
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.baseline.daily_numbers import (
    FEWEST_DAYS,
    numbers_in_order,
)
from monitoring_tasks.validate.baseline.lost_categories import least_shares
from monitoring_tasks.validate.baseline.number_shares import number_days
from monitoring_tasks.validate.baseline.unusual_shares import shares_by_day
from monitoring_tasks.validate.summary.batch_summary import values_by_column
from monitoring_tasks.validate.summary.column_values import QUANTILES
from monitoring_tasks.validate.summary.hours import mean_hours

Value = TypeVar("Value")
MEDIAN = QUANTILES.index(0.5)
FEWEST_WEEKS = 4
"""Fewer days of each weekday say nothing about weekdays."""
WEEK = 7


def learn_baseline(
    days: Iterable[BatchSummary],
    *,
    recent_days: int,
    like: BatchBaseline | None = None,
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
        like: Brings what a few days cannot teach, which is learnt where it is None:
            what a weekday adds to the logarithm of the rows (four of every weekday are
            needed) and the points at which numbers are held against each other.
    """
    days = sorted(days, key=lambda summary: summary.day)
    if len(days) < FEWEST_DAYS:
        return None

    weekdays = like.weekdays if like else _weekdays(days)
    quantiles = values_by_column(day.quantiles for day in days)
    categories = _category_shares(days)
    numbers = number_days(days, points=like.distributions if like else None)
    return BatchBaseline(
        days=len(days),
        rows=_usual(_levels(days, weekdays), recent_days),
        weekdays=weekdays,
        shares={
            key: shares.usual()
            for key, shares in shares_by_day(days, categories, numbers, recent_days)
        },
        quantiles=_quantiles(quantiles, recent_days),
        logarithms=_logarithms(quantiles, recent_days),
        categories=categories,
        least=least_shares(days, categories),
        distributions={name: of.points for name, of in numbers.items()},
        cumulative={name: of.cumulative for name, of in numbers.items()},
        ends={name: of.ends for name, of in numbers.items()},
        hours=_hours(days),
        segments=_segments(days, recent_days, like),
    )


def _usual(values: Iterable[float], recent_days: int) -> Baseline:
    return numbers_in_order(values, recent_days).usual()


def _levels(days: Sequence[BatchSummary], weekdays: Sequence[float]) -> Floats:
    """Return the logarithm of the rows of each day, freed of its weekday."""
    usual = [weekdays[day.day.weekday()] if weekdays else 0.0 for day in days]
    levels: Floats = _log_rows(days) - usual
    return levels


def _log_rows(days: Sequence[BatchSummary]) -> Floats:
    rows: Floats = np.log([day.rows for day in days])
    return rows


def _hours(days: Sequence[BatchSummary]) -> dict[str, tuple[float, ...]]:
    by_column = values_by_column(day.hours for day in days)
    return {n: tuple(map(float, mean_hours(h))) for n, h in by_column.items()}


def _quantiles(
    quantiles: Mapping[str, Sequence[Sequence[float]]], recent_days: int
) -> dict[str, tuple[Baseline, ...]]:
    """Learn each quantile of each column by itself."""
    return {
        name: tuple(_usual(quantile, recent_days) for quantile in np.array(by_day).T)
        for name, by_day in quantiles.items()
    }


def _logarithms(
    quantiles: Mapping[str, Sequence[Sequence[float]]], recent_days: int
) -> dict[str, Baseline]:
    """Learn the logarithm of each column's median, by which factors act."""
    medians = {name: [q[MEDIAN] for q in by_day] for name, by_day in quantiles.items()}
    # Only where every day's median lies above 0: a season near 0 has no factor.
    return {
        name: _usual(np.log(by_day), recent_days)
        for name, by_day in medians.items()
        if min(by_day) > 0
    }


def _segments(
    days: Sequence[BatchSummary], recent_days: int, like: BatchBaseline | None
) -> dict[str, BatchBaseline]:
    """Learn the same of each segment; where `like` does not know it, it is new."""
    by_segment = values_by_column(day.segments for day in days)
    learnt = {
        name: learn_baseline(
            parts,
            recent_days=recent_days,
            like=like.segments[name] if like else None,
        )
        for name, parts in by_segment.items()
        if like is None or name in like.segments
    }
    return {name: baseline for name, baseline in learnt.items() if baseline}


def _weekdays(days: Sequence[BatchSummary]) -> tuple[float, ...]:
    """Return what each weekday adds to the logarithm of the rows, seen from them all.

    Empty where there are too few of some weekday to tell.
    """
    weekday_of = np.array([day.day.weekday() for day in days])
    if min(np.bincount(weekday_of, minlength=WEEK)) < FEWEST_WEEKS:
        return ()
    rows = _log_rows(days)
    means = [float(rows[weekday_of == weekday].mean()) for weekday in range(WEEK)]
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


def widened_by(recent: BatchBaseline, reference: BatchBaseline) -> BatchBaseline:
    """Return the baseline of a few days with the spread of the reference's many.

    Spread is then the usual distance from the days just before. Only what both know is
    kept.
    """
    shares, quantiles = reference.shares, reference.quantiles
    return replace(
        recent,
        # The spread is learnt from the reference's days, so theirs are the degrees of
        # freedom: seven days alone would allow almost anything.
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
        least=_shared(recent.least, reference.least),
        distributions=_shared(recent.distributions, reference.distributions),
        cumulative=_shared(recent.cumulative, reference.cumulative),
        ends=_shared(recent.ends, reference.ends),
        hours=_shared(recent.hours, reference.hours),
        segments={
            name: widened_by(segment, reference.segments[name])
            for name, segment in recent.segments.items()
            if name in reference.segments
        },
        relations=reference.relations,
    )


def _shared(
    recent: Mapping[str, Value], reference: Mapping[str, Value]
) -> dict[str, Value]:
    return {name: value for name, value in recent.items() if name in reference}


def _widened(usual: Baseline, reference: Baseline) -> Baseline:
    # A few quiet days are no promise: their own spread may only widen it.
    return replace(usual, spread=max(usual.spread, reference.jump))
