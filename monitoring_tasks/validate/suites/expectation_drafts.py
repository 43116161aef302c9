"""Drafts of expectations, one statistic of the reference days each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.suites.margins import (
    Margin,
    Span,
    unit_span,
)
from monitoring_tasks.validate.summary.column_values import floats_of, present_values

MIN_DAYS = 7
"""Fewer daily values say too little of how a statistic moves between days."""
MAX_CATEGORIES = 500
"""A column of more names rows or customers; a list of them teaches nobody."""
FREE_UNSEEN_RATIO = 0.05
"""Up to this share of rows may hold a category the reference never saw."""
FREE_NULL_RATIO = 0.05
"""A column without nulls in the reference may have this share of them."""
TAILS = (0.01, 0.99)
"""Not the ends: the largest of a day's values is a matter of how many there are."""


class Expectation(TypedDict):
    """An expectation as Great Expectations stores it."""

    type: str
    severity: str
    kwargs: Mapping[str, object]


def draft_expectations(
    tables: list[pa.Table], contract: Contract, margin: Margin
) -> Iterator[Expectation]:
    """Draft what holds of every reference day and would not hold of just any day.

    Args:
        tables: The rows of each day, at least `MIN_DAYS`. Not modified.
        contract: Declares the columns.
        margin: How far a daily statistic may stray.
    """
    yield _row_count(tables, margin)
    columns = contract.columns
    needed = {columns.id, columns.timestamp, columns.model_version, *columns.scores}
    for name in columns.of_predictions:
        if name not in needed:  # the built-in gates allow those no null at all
            yield from _null_share(tables, name, margin)
    numbers = [*columns.continuous, *columns.scores]
    if contract.problem is Problem.REGRESSION:
        numbers.append(columns.prediction)
    for name in numbers:
        by_day = [
            values
            for t in tables
            if len(values := floats_of(present_values(t.column(name))))
        ]
        if len(by_day) >= MIN_DAYS:
            is_feature = name in columns.continuous
            yield from _numbers(name, by_day, margin, is_feature=is_feature)
    named = (*columns.categorical, *columns.protected, *columns.segments)
    for name in dict.fromkeys(n for n in named if n not in columns.continuous):
        yield from _categories([table.column(name) for table in tables], name, margin)


def _row_count(tables: list[pa.Table], margin: Margin) -> Expectation:
    counts = np.array([table.num_rows for table in tables], dtype=float)
    # Holidays and growth act by factors, so the spread is taken on the logarithm.
    span = margin.span(np.log(counts))
    low, high = int(np.exp(span.low)), int(np.ceil(np.exp(span.high)))
    bounds = {"min_value": max(low, 1), "max_value": high}
    return _expectation("table_row_count_to_be_between", bounds)


def _null_share(
    tables: list[pa.Table], name: str, margin: Margin
) -> Iterator[Expectation]:
    shares = np.array(
        [1 - len(present_values(t.column(name))) / t.num_rows for t in tables],
        dtype=float,
    )
    allowed = max(margin.span(shares).high, FREE_NULL_RATIO)
    if allowed < 1:
        bounds = {"column": name, "min_value": round(1 - allowed, 4)}
        yield _expectation("column_proportion_of_non_null_values_to_be_between", bounds)


def _numbers(
    name: str, values: list[Floats], margin: Margin, *, is_feature: bool
) -> Iterator[Expectation]:
    """Bound the mean, and the tails of a feature; leave out what bounds nothing."""
    means = np.array([day.mean() for day in values])
    # A mean that never moved has no spread: any span would be a guess.
    if means.std() == 0:
        return
    span, tails = margin.span(means), _tails(values, margin)
    if is_feature:
        ranges = [[tails.bounds["min_value"], None], [None, tails.bounds["max_value"]]]
        quantiles = {"quantiles": list(TAILS), "value_ranges": ranges}
        yield _expectation(
            "column_quantile_values_to_be_between",
            {"column": name, "quantile_ranges": quantiles},
        )
    # Without the factor for seasons: the check is of the unit, which no season changes.
    unit = unit_span(float(np.median(means)))
    if is_feature and unit.holds(replace(margin, season=1.0).span(means)):
        kwargs = {"column": name, **unit.bounds}
        yield _expectation("column_mean_to_be_between", kwargs, "critical")
    elif not span.holds(tails):
        kwargs = {"column": name, **span.bounds}
        yield _expectation("column_mean_to_be_between", kwargs)


def _tails(values: list[Floats], margin: Margin) -> Span:
    """Let the tails lie as many widths of the reference further out as seasons ask."""
    low = min(float(np.quantile(day, TAILS[0])) for day in values)
    high = max(float(np.quantile(day, TAILS[1])) for day in values)
    width = margin.season * (high - low)
    return Span(low=low - width, high=high + width)


def _categories(
    columns: list[pa.ChunkedArray], name: str, margin: Margin
) -> Iterator[Expectation]:
    """Allow as many unseen rows as a day has that none of the others has seen."""
    counts = [_value_counts(column) for column in columns]
    with_values = [day for day in counts if day]
    days_of = Counter(value for day in with_values for value in day)
    if len(with_values) < MIN_DAYS or len(days_of) > MAX_CATEGORIES:
        return
    unseen = np.array(
        [
            sum(rows for value, rows in day.items() if days_of[value] == 1)
            / sum(day.values())
            for day in with_values
        ]
    )
    allowed = max(margin.span(unseen).high, FREE_UNSEEN_RATIO)
    if allowed < 1:
        kwargs = {
            "column": name,
            # By text: a column may hold numbers and texts, which do not compare.
            "value_set": sorted(days_of, key=str),
            "mostly": round(1 - allowed, 4),
        }
        yield _expectation("column_values_to_be_in_set", kwargs)


def _expectation(
    kind: str, kwargs: Mapping[str, object], severity: str = "warning"
) -> Expectation:
    return {"type": f"expect_{kind}", "severity": severity, "kwargs": kwargs}


def _value_counts(column: pa.ChunkedArray) -> dict[Any, int]:
    pairs = present_values(column).value_counts().to_pylist()
    return {pair["values"]: pair["counts"] for pair in pairs}
