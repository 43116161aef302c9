"""A first suite for predictions, drafted from reference days.

A draft for a person to read and edit, not a judgement. How wide each bound is follows
from `margins`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.errors import DataError
from monitoring_tasks.validate.expectations import plain_column
from monitoring_tasks.validate.margins import (
    Margin,
    Span,
    make_margin,
    unit_span,
)

MIN_DAYS = 7
MAX_CATEGORIES = 500
FREE_UNSEEN_RATIO = 0.05
"""Up to this share of rows may hold a category the reference never saw."""
FREE_NULL_RATIO = 0.05
"""A column without nulls in the reference may have this share of them."""
TAILS = (0.01, 0.99)
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Expectation = dict[str, Any]


def propose_suite(
    days: Mapping[date, pa.Table],
    *,
    contract: Contract,
    false_alarms_per_year: float = 1.0,
) -> dict[str, Any]:
    """Draft the suite of predictions from reference days.

    Per continuous feature: its 1 % and 99 % quantiles, and its mean; where the mean is
    steady enough to show a changed unit (a factor of 1.6), its check looks for that
    alone and is critical; everything else warns. Per declared column: its share of
    nulls. Per categorical column: its categories. And the number of rows. Nothing is
    proposed where the reference holds no spread to learn from, where the bound would
    allow everything, or that a day of the reference would violate.

    Args:
        days: Reference days, at least 7 with `policy.min_rows` rows; others are left
            out. Not modified.
        contract: Declares the columns.
        false_alarms_per_year: How many of all proposed checks may fail in a year of
            daily batches that are like the reference.

    Returns:
        A suite as Great Expectations stores it; `meta` says how it was made.

    Raises:
        DataError: On fewer than 7 usable days, or when one lacks a declared column.
        ValueError: If `false_alarms_per_year` is not above 0.
    """
    usable = {
        day: table
        for day, table in sorted(days.items())
        if table.num_rows >= contract.policy.min_rows
    }
    if len(usable) < MIN_DAYS:
        msg = (
            f"{len(usable)} of {len(days)} days hold {contract.policy.min_rows} rows "
            f"or more; a suite needs {MIN_DAYS} such days"
        )
        raise DataError(msg)
    _require_columns(usable, contract)
    margin = make_margin(
        list(usable),
        expectations=_upper_count(contract),
        false_alarms_per_year=false_alarms_per_year,
    )
    expectations = list(_draft(list(usable.values()), contract, margin))
    return {
        "name": f"{contract.model}_predictions",
        "expectations": expectations,
        "meta": {
            "reference": f"{min(usable)} to {max(usable)}, {len(usable)} days",
            "rule": margin.in_words,
        },
    }


def _require_columns(days: Mapping[date, pa.Table], contract: Contract) -> None:
    for day, table in days.items():
        absent = sorted(set(contract.columns.of_predictions) - set(table.column_names))
        if absent:
            msg = f"{day}: the reference lacks the column '{absent[0]}'"
            raise DataError(msg)


def _upper_count(contract: Contract) -> int:
    """Count how many expectations there can be at most."""
    return 3 * len(contract.columns.of_predictions) + 1


def _draft(
    tables: list[pa.Table], contract: Contract, margin: Margin
) -> Iterator[Expectation]:
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
        known = [day for t in tables if len(day := _floats(t.column(name)))]
        if len(known) >= MIN_DAYS:
            is_feature = name in columns.continuous
            yield from _numbers(name, known, margin, is_feature=is_feature)
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
        [1 - len(_present(t.column(name))) / t.num_rows for t in tables], dtype=float
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
    room = margin.season * (high - low)
    return Span(low=low - room, high=high + room)


def _categories(
    columns: list[pa.ChunkedArray], name: str, margin: Margin
) -> Iterator[Expectation]:
    """Allow as many unseen rows as a day has that none of the others has seen."""
    counts = [_value_counts(column) for column in columns]
    known = [day for day in counts if day]
    seen_on = Counter(value for day in known for value in day)
    if len(known) < MIN_DAYS or len(seen_on) > MAX_CATEGORIES:
        return
    unseen = np.array(
        [
            sum(rows for value, rows in day.items() if seen_on[value] == 1)
            / sum(day.values())
            for day in known
        ]
    )
    allowed = max(margin.span(unseen).high, FREE_UNSEEN_RATIO)
    if allowed < 1:
        kwargs = {
            "column": name,
            "value_set": sorted(seen_on, key=str),
            "mostly": round(1 - allowed, 4),
        }
        yield _expectation("column_values_to_be_in_set", kwargs)


def _expectation(
    kind: str, kwargs: dict[str, Any], severity: str = "warning"
) -> Expectation:
    return {"type": f"expect_{kind}", "severity": severity, "kwargs": kwargs}


def _present(column: pa.ChunkedArray) -> pa.ChunkedArray:
    plain = plain_column(column, as_text=False)
    return plain.filter(pc.invert(pc.is_null(plain, nan_is_null=True)))


def _floats(column: pa.ChunkedArray) -> Floats:
    values: Floats = _present(column).cast(pa.float64()).to_numpy()
    return values


def _value_counts(column: pa.ChunkedArray) -> dict[Any, int]:
    pairs = _present(column).value_counts().to_pylist()
    return {pair["values"]: pair["counts"] for pair in pairs}
