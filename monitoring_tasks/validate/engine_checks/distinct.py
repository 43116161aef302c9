"""What is expected of the different values of a column, and of how often each is."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from monitoring_tasks.validate.engine_checks.counting import (
    Answers,
    AnswerT,
    Batch,
    Kind,
    of_kind,
)
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    Kwargs,
    Reader,
    flag,
    list_of,
    number,
    optional,
    scalar,
    whole,
)
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS, Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    statistic_between,
    statistic_rule,
)

LISTED = frozenset({Kind.NUMBER, Kind.SINGLE, Kind.TEXT})
HASHED = LISTED | {Kind.FLAG}


def _counted(batch: Batch[AnswerT], kwargs: Kwargs, *, as_share: bool) -> AnswerT:
    column = of_kind(batch.column(kwargs["column"]), HASHED)

    def judge(answers: Answers) -> Outcome:
        count, present = answers["count"], answers["present"] or 0
        share = count / present if present else 0
        return statistic_between(share if as_share else count, kwargs)

    return batch.of_different(column, judge)


def _against_set(
    batch: Batch[AnswerT], kwargs: Kwargs, *, may_hold_others: bool, holds_all: bool
) -> AnswerT:
    """Hold the different values against a set.

    Args:
        batch: The rows.
        kwargs: Column and set.
        may_hold_others: Whether there may be values that are not in the set.
        holds_all: Whether all of the set has to be there.
    """
    column = of_kind(batch.column(kwargs["column"]), LISTED)

    def judge(others: int, there: AbstractSet[Any]) -> Outcome:
        if others and not may_hold_others:
            return Outcome(holds=False, failing_values=(), failing_rows=others)
        absent = first_values({*kwargs["value_set"]} - there) if holds_all else ()
        observed = f"without {', '.join(map(str, absent))}" if absent else None
        return Outcome(holds=not absent, observed=observed)

    return batch.of_set(column, kwargs["value_set"], judge)


def first_values(values: Iterable[object]) -> tuple[object, ...]:
    """Return the first of some values in order, numbers before texts."""
    ordered = sorted(values, key=lambda value: (isinstance(value, str), value))
    return tuple(ordered[:MOST_ROWS])


def _most_common(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    column = of_kind(batch.column(kwargs["column"]), LISTED)

    def judge(answers: Answers) -> Outcome:
        top = answers["top"]
        wanted = set(kwargs["value_set"]).intersection(top)
        is_only = len(top) == len(wanted) == 1
        holds = bool(wanted) if kwargs.get("ties_okay") else is_only
        return Outcome(holds=holds, observed=top)

    return batch.asked({"top": column.statistic("most_common")}, judge)


def _of_set(count: Count, **readers: Reader) -> Rule:
    return Rule(
        kwargs={**COLUMN, "value_set": list_of(scalar, at_least=1), **readers},
        required=frozenset({"column", "value_set"}),
        count=count,
    )


RULES = {
    "expect_column_unique_value_count_to_be_between": statistic_rule(
        partial(_counted, as_share=False), whole
    ),
    "expect_column_proportion_of_unique_values_to_be_between": statistic_rule(
        partial(_counted, as_share=True), number
    ),
    "expect_column_distinct_values_to_be_in_set": _of_set(
        partial(_against_set, may_hold_others=False, holds_all=False)
    ),
    "expect_column_distinct_values_to_contain_set": _of_set(
        partial(_against_set, may_hold_others=True, holds_all=True)
    ),
    "expect_column_distinct_values_to_equal_set": _of_set(
        partial(_against_set, may_hold_others=False, holds_all=True)
    ),
    "expect_column_most_common_value_to_be_in_set": _of_set(
        _most_common, ties_okay=optional(flag)
    ),
}
