"""What is expected of each text of a column: its length, its form."""

import warnings
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.validate.engine_checks.batch import Column, Kind
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
from monitoring_tasks.validate.engine_checks.rules import Rule
from monitoring_tasks.validate.engine_checks.values import (
    each_value,
    inside,
    value_rule,
)


def _length_between(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    if column.kind is not Kind.TEXT:
        return None
    return inside(pc.utf8_length(column.values), kwargs)


def _length_equal(column: Column, kwargs: Kwargs) -> pa.ChunkedArray | None:
    if column.kind is not Kind.TEXT:
        return None
    return pc.equal(pc.utf8_length(column.values), pa.scalar(kwargs["value"]))


def _matching(
    column: Column, kwargs: Kwargs, *, wanted: bool
) -> pa.ChunkedArray | None:
    """Mark the texts some, or all, of the expressions are found in; or are not."""
    if column.kind is not Kind.TEXT:
        return None
    patterns = kwargs.get("regex_list") or [kwargs["regex"]]
    together = pc.and_ if kwargs.get("match_on") == "all" else pc.or_
    met = reduce(together, [_contains(column, pattern) for pattern in patterns])
    return met if wanted else pc.invert(met)


def _contains(column: Column, pattern: str) -> pa.ChunkedArray:
    texts = column.values.to_pandas()
    # pandas knows where Arrow reads an expression as Python does, and where not.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # groups are no mistake
        return pa.chunked_array([pa.array(texts.str.contains(pattern), pa.bool_())])


LENGTHS = Rule(
    kwargs={**COLUMN, **MOSTLY, **bounds(whole)},
    required=frozenset(COLUMN),
    agrees=is_bounded,
    count=each_value(_length_between),
)
MATCH = each_value(partial(_matching, wanted=True))
NO_MATCH = each_value(partial(_matching, wanted=False))
REGEXES = list_of(regex, at_least=1)
RULES = {
    "expect_column_value_lengths_to_be_between": LENGTHS,
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
