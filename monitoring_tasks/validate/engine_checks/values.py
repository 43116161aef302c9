"""What is expected of each value of a column."""

from collections.abc import Callable, Iterable
from functools import partial, reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.validate.engine_checks.batch import Batch, Column, Kind
from monitoring_tasks.validate.engine_checks.distinct import with_one_zero
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    MOSTLY,
    Kwargs,
    Reader,
    bounds,
    flag,
    is_bounded,
    list_of,
    number,
    number_or_instant,
    scalar,
)
from monitoring_tasks.validate.engine_checks.outcome import (
    Outcome,
    of_rows,
    unmet_where,
)
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    are_comparable,
    lies_between,
)

Test = Callable[[Column, Kwargs], pa.ChunkedArray | None]
"""Marks the rows that are as expected; None for columns it does not count."""


def each_value(test: Test) -> Count:
    """Return what counts the values of a column that are as expected."""

    def count(batch: Batch, kwargs: Kwargs) -> Outcome | None:
        column = batch.column(kwargs["column"])
        met = test(column, kwargs)
        if met is None:
            return None
        return of_rows(
            unmet_where(column, met),
            [column],
            considered=len(column.values) - column.missing,
            mostly=kwargs.get("mostly", 1.0),
        )

    return count


def value_rule(count: Count, required: Iterable[str] = (), **readers: Reader) -> Rule:
    """Return a rule of a column's values, which `mostly` may soften.

    Args:
        count: Counts it.
        required: Arguments that have to be there beside the column.
        readers: Argument -> its reader.
    """
    return Rule(
        kwargs={**COLUMN, **MOSTLY, **readers},
        required=frozenset({"column", *required}),
        count=count,
    )


def _presence(batch: Batch, kwargs: Kwargs, *, wanted: bool) -> Outcome:
    column = batch.column(kwargs["column"])
    values = column.values
    return of_rows(
        values.is_null() if wanted else values.is_valid(),
        [column],
        considered=batch.rows,
        mostly=kwargs.get("mostly", 1.0),
    )


def _in_set(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    wanted = comparable_values(column, kwargs["value_set"])
    if wanted is None:
        return None
    values = with_one_zero(column.values)
    # A single is no value of a set of doubles, unless it is one of both.
    if column.kind is Kind.SINGLE:
        values = values.cast(pa.float64())
    return pc.is_in(values, value_set=pa.array(wanted, values.type))


def comparable_values(column: Column, values: list[Any]) -> list[Any] | None:
    """Return the values of a set the column may hold; None if that is not known."""
    kind = column.values.type
    numbers = [value for value in values if isinstance(value, int | float)]
    if column.kind is Kind.TEXT:
        return [value for value in values if isinstance(value, str)]
    if column.kind is Kind.FLAG:
        return [bool(value) for value in numbers if value in (0, 1)]
    if pa.types.is_floating(kind):
        return [value + 0.0 for value in numbers]
    if pa.types.is_integer(kind):
        is_signed = pa.types.is_signed_integer(kind)
        most = 2 ** (kind.bit_width - is_signed)
        wholes = [int(value) for value in numbers if value == int(value)]
        return [value for value in wholes if -most * is_signed <= value < most]
    return None


def _not_in_set(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    met = _in_set(column, kwargs)
    return None if met is None else pc.invert(met)


def _between(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    if not are_comparable(column, kwargs):
        return None
    # Value by value, a float of 32 bits is compared as the double it is.
    ends = [end for end in column.ends if end is not None]
    # The ends are known from one pass; a healthy day needs no mask.
    if all(lies_between(end, kwargs) for end in ends):
        return column.values.is_valid()
    return inside(column.values, kwargs)


def inside(values: pa.ChunkedArray, kwargs: Kwargs) -> pa.ChunkedArray:
    """Mark the values that lie between the bounds, of which there is one."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    marks = []
    if low is not None:
        above = pc.greater if kwargs.get("strict_min") else pc.greater_equal
        marks.append(above(values, pa.scalar(low)))
    if high is not None:
        below = pc.less if kwargs.get("strict_max") else pc.less_equal
        marks.append(below(values, pa.scalar(high)))
    return reduce(pc.and_, marks)


def _z_scores(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    if column.kind is not Kind.NUMBER:
        return None
    deviation = pc.stddev(column.numbers, ddof=1)
    if not deviation.as_py():
        return column.values.is_valid()
    values = column.values.cast(pa.float64(), safe=False)
    scores = pc.divide(pc.subtract(values, pc.mean(column.numbers)), deviation)
    limit = kwargs["threshold"]
    if kwargs["double_sided"]:
        scores, limit = pc.abs(scores), abs(limit)
    return pc.or_(pc.less(scores, limit), pc.is_nan(scores))


BETWEEN = Rule(
    kwargs={**COLUMN, **MOSTLY, **bounds(number_or_instant)},
    required=frozenset(COLUMN),
    agrees=is_bounded,
    count=each_value(_between),
)
SET = {"value_set": list_of(scalar)}
RULES = {
    "expect_column_values_to_not_be_null": value_rule(partial(_presence, wanted=True)),
    "expect_column_values_to_be_null": value_rule(partial(_presence, wanted=False)),
    "expect_column_values_to_be_in_set": value_rule(each_value(_in_set), SET, **SET),
    "expect_column_values_to_not_be_in_set": value_rule(
        each_value(_not_in_set), SET, **SET
    ),
    "expect_column_values_to_be_between": BETWEEN,
    "expect_column_value_z_scores_to_be_less_than": value_rule(
        each_value(_z_scores),
        ("threshold", "double_sided"),
        threshold=number,
        double_sided=flag,
    ),
}
