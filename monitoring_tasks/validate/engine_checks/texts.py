"""What is expected of each text of a column: its length, its form."""

from functools import partial, reduce
from operator import and_, or_
from typing import Any

from monitoring_tasks.validate.engine_checks.counting import (
    Batch,
    Column,
    Kind,
    Values,
    of_kind,
)
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    MOSTLY,
    Kwargs,
    bounds,
    either,
    is_bounded,
    list_of,
    number,
    regex,
    whole,
)
from monitoring_tasks.validate.engine_checks.rules import Rule, value_rule
from monitoring_tasks.validate.engine_checks.values import each_value, inside

TEXTS = frozenset({Kind.TEXT})


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


MATCH = each_value(partial(_matching, wanted=True))
NO_MATCH = each_value(partial(_matching, wanted=False))
REGEXES = list_of(regex, at_least=1)
RULES = {
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
