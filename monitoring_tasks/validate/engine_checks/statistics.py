"""What is expected of a statistic of a column."""

import math
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.validate.engine_checks.batch import Batch, Column, Kind
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    LARGEST,
    Kwargs,
    Reader,
    bounds,
    number,
    number_or_instant,
    quantile_ranges,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    are_comparable,
    statistic_between,
)

CLOSE = 1e-4
"""A quantile this share beyond its bound still counts as in it."""
LARGEST_SINGLE = float(np.finfo(np.float32).max)
NUMBERS = frozenset({Kind.NUMBER})
COUNTED = frozenset({Kind.NUMBER, Kind.FLAG})
Statistic = Callable[[Column], object]


def _between(statistic: Statistic, kinds: frozenset[Kind]) -> Count:
    """Return what holds a statistic of such columns against two bounds.

    Args:
        statistic: Reckons it.
        kinds: Of which columns. Of floats of 32 bits pandas makes one of 32 bits,
            rounded at every step: that is left to it.
    """

    def count(batch: Batch, kwargs: Kwargs) -> Outcome | None:
        column = batch.column(kwargs["column"])
        if column.kind not in kinds:
            return None
        return statistic_between(statistic(column), kwargs)

    return count


def _end(position: int) -> Count:
    """Return what holds the smallest (0) or largest (1) value against two bounds."""

    def count(batch: Batch, kwargs: Kwargs) -> Outcome | None:
        column = batch.column(kwargs["column"])
        if not are_comparable(column, kwargs):
            return None
        compared = as_singles(kwargs) if column.kind is Kind.SINGLE else kwargs
        if compared is None:
            return None
        return statistic_between(column.ends[position], compared)

    return count


def as_singles(kwargs: Kwargs) -> Kwargs | None:
    """Return the bounds as pandas compares them with a float of 32 bits: rounded."""
    ends = {
        key: kwargs[key]
        for key in ("min_value", "max_value")
        if kwargs.get(key) is not None
    }
    if any(abs(end) > LARGEST_SINGLE for end in ends.values()):
        return None
    return {**kwargs, **{key: float(np.float32(end)) for key, end in ends.items()}}


def _mean(column: Column) -> object:
    return pc.mean(column.numbers).as_py()


def _median(column: Column) -> float | None:
    return float(np.median(column.floats)) if len(column.floats) else None


def _deviation(column: Column) -> object:
    return pc.stddev(column.numbers, ddof=1).as_py()


def _sum(column: Column) -> float:
    total = float(pc.sum(column.numbers).as_py() or 0.0)
    if pa.types.is_floating(column.values.type):
        return total
    # Above, a sum of floats is no longer a whole number's own.
    return int(total) if np.abs(column.floats).sum() <= LARGEST else total


def _quantiles(batch: Batch, kwargs: Kwargs) -> Outcome | None:
    column = batch.column(kwargs["column"])
    if column.kind is not Kind.NUMBER or not len(column.present):
        return None
    wanted = kwargs["quantile_ranges"]
    # By percent, as pandas reckons: a product may round to another position.
    percent = np.asarray(wanted["quantiles"]) * 100
    values = np.percentile(
        column.present.to_numpy(), percent, method="nearest"
    ).tolist()
    pairs = zip(values, wanted["value_ranges"], strict=True)
    return Outcome(
        holds=all(_lies_in(value, *ends) for value, ends in pairs),
        observed={"values": values},
    )


def _lies_in(value: float, low: float | None, high: float | None) -> bool:
    ends = (-math.inf if low is None else low, math.inf if high is None else high)
    close = any(bool(np.isclose(value, end, rtol=CLOSE)) for end in ends)
    return close or ends[0] <= value <= ends[1]


def _present_share(batch: Batch, kwargs: Kwargs) -> Outcome:
    column = batch.column(kwargs["column"])
    present = (batch.rows - column.missing) / batch.rows if batch.rows else 0
    return statistic_between(present, kwargs)


def _rule(count: Count, reader: Reader = number) -> Rule:
    return Rule(
        kwargs={**COLUMN, **bounds(reader)}, required=frozenset(COLUMN), count=count
    )


RULES = {
    "expect_column_min_to_be_between": _rule(_end(0), number_or_instant),
    "expect_column_max_to_be_between": _rule(_end(1), number_or_instant),
    "expect_column_mean_to_be_between": _rule(_between(_mean, COUNTED)),
    "expect_column_sum_to_be_between": _rule(_between(_sum, COUNTED)),
    "expect_column_median_to_be_between": _rule(_between(_median, NUMBERS)),
    "expect_column_stdev_to_be_between": _rule(_between(_deviation, NUMBERS)),
    "expect_column_proportion_of_non_null_values_to_be_between": _rule(_present_share),
    "expect_column_quantile_values_to_be_between": Rule(
        kwargs={**COLUMN, "quantile_ranges": quantile_ranges},
        required=frozenset({"column", "quantile_ranges"}),
        count=_quantiles,
    ),
}
