"""What is missing of categories on a day: their shares, below those of other days."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.baseline.daily_numbers import (
    FEWEST_DAYS,
    DailyNumbers,
    shares_beside_others,
)


def shares_of(summary: BatchSummary, name: str) -> dict[str, float]:
    """Return the share of a column's values that each of its categories has.

    Args:
        summary: Of a day.
        name: The column, one the day has categories of.
    """
    counts = summary.categories[name]
    rows = sum(counts.values()) + summary.other.get(name, 0)
    return {category: count / rows for category, count in counts.items()}


def missing_of(
    shares: Mapping[str, float], least: Mapping[str, float]
) -> dict[str, float]:
    """Return what each category lacks to its smallest share on other days.

    Args:
        shares: Of a day's categories.
        least: Category -> its smallest share on another day.
    """
    return {
        category: smallest - shares.get(category, 0.0)
        for category, smallest in least.items()
        if shares.get(category, 0.0) < smallest
    }


def least_shares(
    days: Sequence[BatchSummary], named: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Return the smallest share of each category that is there on every day.

    Args:
        days: At least one.
        named: Categorical column -> the categories a baseline has by name.
    """
    return {
        name: {
            category: smallest
            for category, smallest in zip(
                categories,
                _table(days, name, categories).min(axis=0).tolist(),
                strict=True,
            )
            if smallest > 0
        }
        for name, categories in named.items()
    }


def lost_by_day(
    days: Sequence[BatchSummary], named: Mapping[str, Mapping[str, float]], span: int
) -> Iterator[tuple[str, DailyNumbers]]:
    """Yield what is missing of each column's categories, by `lost/<column>`.

    Args:
        days: In their order.
        named: Categorical column -> the categories a baseline has by name.
        span: How many days before a day it is held against.
    """
    for name, categories in named.items():
        table = _table(days, name, categories)
        if len(table) < FEWEST_DAYS:
            continue
        two = np.sort(table, axis=0)[:2]
        others = np.where(table == two[0], two[1], two[0])
        before = [
            np.maximum(table[at - span : at].min(axis=0) - table[at], 0).sum()
            for at in range(span, len(table))
        ]
        missing = np.maximum(others - table, 0).sum(axis=1)
        yield f"lost/{name}", shares_beside_others(missing, before)


def _table(
    days: Sequence[BatchSummary], name: str, categories: Mapping[str, float]
) -> Floats:
    """Return shares by day and category, shape (n_days, n_categories)."""
    counted = [shares_of(day, name) for day in days if day.categories.get(name)]
    return np.asarray([[of.get(c, 0.0) for c in categories] for of in counted])
