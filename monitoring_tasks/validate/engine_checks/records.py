"""What is expected of whole rows: none twice, columns that go together."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial, reduce
from operator import add, and_, or_
from typing import Any

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
    MOSTLY,
    Kwargs,
    Reader,
    either,
    flag,
    list_of,
    number,
    optional,
    text,
)
from monitoring_tasks.validate.engine_checks.rules import Rule, value_rule

ORDERED = frozenset({Kind.NUMBER, Kind.SINGLE, Kind.INSTANT})
COUNTED = frozenset(Kind) - {Kind.OTHER}
ALL, ANY, NEVER = "all_values_are_missing", "any_value_is_missing", "never"
BOTH, EITHER, NEITHER = "both_values_are_missing", "either_value_is_missing", "neither"
Test = Callable[[Batch[Any], Sequence[Column], Kwargs], Values]
"""Marks the rows whose columns go together as expected."""


def _names_of(kwargs: Kwargs) -> list[str]:
    """Return the columns an expectation of rows speaks of."""
    listed: list[str] | None = kwargs.get("column_list")
    return listed or [kwargs["column_A"], kwargs["column_B"]]


def _spoken_of(batch: Batch[Any], columns: Sequence[Column], kwargs: Kwargs) -> Values:
    """Mark the rows that are spoken of, by which of them are left out."""
    there = [column.is_there for column in columns]
    ignored = kwargs.get("ignore_row_if", ALL)
    if ignored in {ALL, BOTH}:
        return reduce(or_, there)
    return reduce(and_, there) if ignored in {ANY, EITHER} else batch.every_row()


def _counted(batch: Batch[AnswerT], kwargs: Kwargs, test: Test) -> AnswerT:
    """Count the rows that are not as expected; a comparison with nothing is not."""
    columns = batch.columns(_names_of(kwargs))
    met = test(batch, columns, kwargs)
    spoken_of = _spoken_of(batch, columns, kwargs)
    return batch.of_rows(
        spoken_of & batch.is_not_true(met),
        columns,
        kwargs,
        considered=batch.count_of(spoken_of),
    )


def _unique(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    column = of_kind(batch.column(kwargs["column"]), COUNTED)
    return batch.repeated([column], column.is_there, kwargs)


def _compound(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    columns = [of_kind(c, COUNTED) for c in batch.columns(_names_of(kwargs))]
    return batch.repeated(columns, _spoken_of(batch, columns, kwargs), kwargs)


def _equal(_: Batch[Any], columns: Sequence[Column], __: Kwargs) -> Values:
    first, second = _alike(columns, ORDERED | {Kind.TEXT})
    return first.values == second.values


def _greater(_: Batch[Any], columns: Sequence[Column], kwargs: Kwargs) -> Values:
    first, second = (column.values for column in _alike(columns, ORDERED))
    return first >= second if kwargs.get("or_equal") else first > second


def _sum(batch: Batch[Any], columns: Sequence[Column], kwargs: Kwargs) -> Values:
    numbers = [column.doubles for column in _alike(columns, {Kind.NUMBER})]
    total = reduce(add, numbers)
    return total == batch.constant(kwargs["sum_total"], total)


def _alike(columns: Sequence[Column], kinds: AbstractSet[Kind]) -> Sequence[Column]:
    """Return columns that are all of one kind, which is one of these."""
    if len({column.kind for column in columns}) > 1:
        raise NotCountedError
    return [of_kind(column, kinds) for column in columns]


def _pair(test: Test, **readers: Reader) -> Rule:
    ignored = either(BOTH, EITHER, NEITHER)
    pair = {"column_A": text, "column_B": text}
    return Rule(
        kwargs={**MOSTLY, **pair, "ignore_row_if": ignored, **readers},
        required=frozenset(pair),
        agrees=_are_different,
        count=partial(_counted, test=test),
    )


def _several(count: Callable[..., Any], **readers: Reader) -> Rule:
    columns = {"column_list": list_of(text, at_least=2)}
    ignored = either(ALL, ANY, NEVER)
    return Rule(
        kwargs={**MOSTLY, **columns, "ignore_row_if": ignored, **readers},
        required=frozenset({*columns, *readers}),
        agrees=_are_different,
        count=count,
    )


def _are_different(kwargs: Kwargs) -> bool:
    names = _names_of(kwargs)
    return len(set(names)) == len(names)


RULES = {
    "expect_column_values_to_be_unique": value_rule(_unique),
    "expect_compound_columns_to_be_unique": _several(_compound),
    "expect_column_pair_values_to_be_equal": _pair(_equal),
    "expect_column_pair_values_a_to_be_greater_than_b": _pair(
        _greater, or_equal=optional(flag)
    ),
    "expect_multicolumn_sum_to_equal": _several(
        partial(_counted, test=_sum), sum_total=number
    ),
}
