"""What is expected of each value of a column, asked of an engine."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from monitoring_tasks.engine.values import double
from monitoring_tasks.validate.engine_checks.batch import Kind
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import are_comparable
from monitoring_tasks.validate.engine_checks.values import comparable_values
from monitoring_tasks.validate.pushed.batch import PushedBatch, PushedColumn
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Ask,
    Question,
    about_rows,
    count_of,
)

Test = Callable[[PushedColumn, Kwargs], ir.BooleanValue | None]
"""True on values that are as expected; None for columns it does not ask about."""


def _each_value(test: Test) -> Ask:
    """Return what asks about the values of a column that are as expected."""

    def ask(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
        name = kwargs["column"]
        column = batch.column(name)
        met = test(column, kwargs)
        if met is None:
            return None
        is_there = column.values.notnull()
        return about_rows(
            batch,
            (is_there & ~met).fill_null(FALSE),
            {name: column},
            considered=count_of(is_there),
            mostly=kwargs.get("mostly", 1.0),
        )

    return ask


def _presence(batch: PushedBatch, kwargs: Kwargs, *, wanted: bool) -> Question:
    name = kwargs["column"]
    column = batch.column(name)
    is_null = column.values.isnull()
    return about_rows(
        batch,
        is_null if wanted else ~is_null,
        {name: column},
        considered=batch.table.count(),
        mostly=kwargs.get("mostly", 1.0),
    )


def _in_set(column: PushedColumn, kwargs: Kwargs) -> ir.BooleanValue | None:
    wanted = comparable_values(column.shape, kwargs["value_set"])
    if wanted is None:
        return None
    if not wanted:
        return ibis.literal(value=False)
    if column.values.type().is_floating():
        # A single is no value of a set of doubles, unless it is one of both.
        return column.numbers.isin([double(value) for value in wanted])
    return column.values.isin(wanted)


def _not_in_set(column: PushedColumn, kwargs: Kwargs) -> ir.BooleanValue | None:
    met = _in_set(column, kwargs)
    return None if met is None else ~met


def _between(column: PushedColumn, kwargs: Kwargs) -> ir.BooleanValue | None:
    if not are_comparable(column.shape, kwargs):
        return None
    is_instant = column.kind is Kind.INSTANT
    return inside(column.values if is_instant else column.numbers, kwargs)


def inside(values: ir.Column, kwargs: Kwargs) -> ir.BooleanValue:
    """Return whether values lie between the bounds, of which there is one.

    Args:
        values: Doubles, or instants.
        kwargs: Holds `min_value` and `max_value`, and whether they are strict.
    """
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    marks = []
    if low is not None:
        end = _end(values, low)
        marks.append(values > end if kwargs.get("strict_min") else values >= end)
    if high is not None:
        end = _end(values, high)
        marks.append(values < end if kwargs.get("strict_max") else values <= end)
    return reduce(and_, marks)


def _end(values: ir.Column, end: float | datetime) -> ir.Scalar:
    if isinstance(end, datetime):
        return ibis.literal(end, values.type())
    return double(end)


def _length_between(column: PushedColumn, kwargs: Kwargs) -> ir.BooleanValue | None:
    if column.kind is not Kind.TEXT:
        return None
    return inside(column.values.length().cast("float64"), kwargs)


def _length_equal(column: PushedColumn, kwargs: Kwargs) -> ir.BooleanValue | None:
    if column.kind is not Kind.TEXT:
        return None
    return column.values.length().cast("float64") == double(kwargs["value"])


ASKS: dict[str, Ask] = {
    "expect_column_values_to_not_be_null": partial(_presence, wanted=True),
    "expect_column_values_to_be_null": partial(_presence, wanted=False),
    "expect_column_values_to_be_in_set": _each_value(_in_set),
    "expect_column_values_to_not_be_in_set": _each_value(_not_in_set),
    "expect_column_values_to_be_between": _each_value(_between),
    "expect_column_value_lengths_to_be_between": _each_value(_length_between),
    "expect_column_value_lengths_to_equal": _each_value(_length_equal),
}
