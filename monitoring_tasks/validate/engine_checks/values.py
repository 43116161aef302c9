"""What is expected of each value of a column, of texts their length and form too."""

from collections.abc import Callable
from functools import partial, reduce
from operator import and_, or_
from typing import Any

import pyarrow as pa

from monitoring_tasks.validate.engine_checks.counting import (
    AnswerT,
    Batch,
    Column,
    Kind,
    NotCountedError,
    Values,
    of_kind,
)
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    MOSTLY,
    Kwargs,
    bounds,
    either,
    flag,
    is_bounded,
    list_of,
    number,
    number_or_instant,
    regex,
    scalar,
    whole,
)
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    are_comparable,
    value_rule,
)

TEXTS = frozenset({Kind.TEXT})
Test = Callable[[Batch[Any], Column, Kwargs], Values]
"""Marks the rows that are as expected; of any truth on rows without a value."""


def each_value(test: Test) -> Count:
    """Return what counts the values of a column that are as expected."""

    def count(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
        column = batch.column(kwargs["column"])
        met = test(batch, column, kwargs)
        considered = batch.count_of(column.is_there)
        unmet = column.is_there & ~met
        return batch.of_rows(unmet, [column], kwargs, considered=considered)

    return count


def _presence(batch: Batch[AnswerT], kwargs: Kwargs, *, wanted: bool) -> AnswerT:
    column = batch.column(kwargs["column"])
    unmet = ~column.is_there if wanted else column.is_there
    return batch.of_rows(unmet, [column], kwargs, considered=batch.count)


def _in_set(_: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    return column.is_in(comparable_values(column, kwargs["value_set"]))


def comparable_values(column: Column, values: list[Any]) -> list[Any]:
    """Return the values of a set the column may hold.

    Raises:
        NotCountedError: If that is not known.
    """
    kind = column.type
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
    raise NotCountedError(column.kind)


def _not_in_set(batch: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    return ~_in_set(batch, column, kwargs)


def _between(batch: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    if not are_comparable(column, kwargs):
        raise NotCountedError(column.kind)
    # A healthy day in memory needs no comparison of each.
    if column.is_within(kwargs):
        return column.is_there
    return inside(batch, column.comparable, kwargs)


def inside(batch: Batch[Any], values: Values, kwargs: Kwargs) -> Values:
    """Mark the values that lie between the bounds, of which there is one.

    Args:
        batch: The rows.
        values: Numbers, or instants.
        kwargs: Holds `min_value` and `max_value`, and whether they are strict.
    """
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    marks = []
    if low is not None:
        end = batch.constant(low, values)
        marks.append(values > end if kwargs.get("strict_min") else values >= end)
    if high is not None:
        end = batch.constant(high, values)
        marks.append(values < end if kwargs.get("strict_max") else values <= end)
    return reduce(and_, marks)


def _z_scores(_: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    return of_kind(column, {Kind.NUMBER}).has_z_scores_below(
        kwargs["threshold"], double_sided=kwargs["double_sided"]
    )


def _length_between(batch: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    return inside(batch, of_kind(column, TEXTS).lengths, kwargs)


def _length_equal(batch: Batch[Any], column: Column, kwargs: Kwargs) -> Values:
    lengths = of_kind(column, TEXTS).lengths
    return lengths == batch.constant(kwargs["value"], lengths)


def _matching(_: Batch[Any], column: Column, kwargs: Kwargs, *, wanted: bool) -> Values:
    """Mark the texts some, or all, of the expressions are found in; or are not."""
    texts = of_kind(column, TEXTS)
    patterns = kwargs.get("regex_list") or [kwargs["regex"]]
    together = and_ if kwargs.get("match_on") == "all" else or_
    met = reduce(together, [texts.contains(pattern) for pattern in patterns])
    return met if wanted else ~met


SET = {"value_set": list_of(scalar)}
MATCH = each_value(partial(_matching, wanted=True))
NO_MATCH = each_value(partial(_matching, wanted=False))
REGEXES = list_of(regex, at_least=1)
RULES = {
    "expect_column_values_to_not_be_null": value_rule(partial(_presence, wanted=True)),
    "expect_column_values_to_be_null": value_rule(partial(_presence, wanted=False)),
    "expect_column_values_to_be_in_set": value_rule(each_value(_in_set), SET, **SET),
    "expect_column_values_to_not_be_in_set": value_rule(
        each_value(_not_in_set), SET, **SET
    ),
    "expect_column_values_to_be_between": Rule(
        kwargs={**COLUMN, **MOSTLY, **bounds(number_or_instant)},
        required=frozenset(COLUMN),
        agrees=is_bounded,
        count=each_value(_between),
    ),
    "expect_column_value_z_scores_to_be_less_than": value_rule(
        each_value(_z_scores),
        ("threshold", "double_sided"),
        threshold=number,
        double_sided=flag,
    ),
    "expect_column_value_lengths_to_be_between": Rule(
        kwargs={**COLUMN, **MOSTLY, **bounds(whole)},
        required=frozenset(COLUMN),
        agrees=is_bounded,
        count=each_value(_length_between),
    ),
    "expect_column_value_lengths_to_equal": value_rule(
        each_value(_length_equal), ("value",), value=number
    ),
    "expect_column_values_to_match_regex": value_rule(MATCH, ("regex",), regex=regex),
    "expect_column_values_to_not_match_regex": value_rule(
        NO_MATCH, ("regex",), regex=regex
    ),
    "expect_column_values_to_match_regex_list": value_rule(
        MATCH, ("regex_list",), regex_list=REGEXES, match_on=either("any", "all")
    ),
    "expect_column_values_to_not_match_regex_list": value_rule(
        NO_MATCH, ("regex_list",), regex_list=REGEXES
    ),
}
