"""What is expected of a statistic of a column."""

import math
from functools import partial

import numpy as np
import pyarrow as pa

from monitoring_tasks.validate.engine_checks.counting import (
    Answers,
    AnswerT,
    Batch,
    Kind,
    NotCountedError,
    of_kind,
)
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    LARGEST,
    Kwargs,
    number,
    number_or_instant,
    quantile_ranges,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    Rule,
    are_comparable,
    statistic_between,
    statistic_rule,
)

CLOSE = 1e-4
"""A quantile this share beyond its bound still counts as in it."""
LARGEST_SINGLE = float(np.finfo(np.float32).max)
NUMBERS = frozenset({Kind.NUMBER})
"""Of floats of 32 bits pandas makes a statistic of 32 bits, rounded at every step: that
is left to it."""
COUNTED = frozenset({Kind.NUMBER, Kind.FLAG})


def _end(batch: Batch[AnswerT], kwargs: Kwargs, *, which: str) -> AnswerT:
    """Hold the smallest (`min`) or largest (`max`) value against two bounds."""
    column = batch.column(kwargs["column"])
    if not are_comparable(column, kwargs):
        raise NotCountedError(column.kind)
    compared = _as_singles(kwargs) if column.kind is Kind.SINGLE else kwargs
    return batch.asked(
        {"end": column.statistic(which)},
        lambda answers: statistic_between(answers["end"], compared),
    )


def _as_singles(kwargs: Kwargs) -> Kwargs:
    """Return the bounds as pandas compares them with a float of 32 bits: rounded."""
    ends = {
        key: kwargs[key]
        for key in ("min_value", "max_value")
        if kwargs.get(key) is not None
    }
    if any(abs(end) > LARGEST_SINGLE for end in ends.values()):
        raise NotCountedError
    return {**kwargs, **{key: float(np.float32(end)) for key, end in ends.items()}}


def _reckoned(
    batch: Batch[AnswerT], kwargs: Kwargs, *, name: str, kinds: frozenset[Kind]
) -> AnswerT:
    """Hold a statistic that is reckoned from numbers against two bounds."""
    column = of_kind(batch.column(kwargs["column"]), kinds)

    def judge(answers: Answers) -> Outcome | None:
        # Some engines refuse sums that overflow: rows in memory tell of such.
        return None if answers["beyond"] else statistic_between(answers[name], kwargs)

    asked = {n: column.statistic(n) for n in ("beyond", name)}
    return batch.asked(asked, judge)


def _sum(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    column = of_kind(batch.column(kwargs["column"]), COUNTED)
    is_float = pa.types.is_floating(column.type)

    def judge(answers: Answers) -> Outcome | None:
        if answers["beyond"]:
            return None
        total = float(answers["total"] or 0.0)
        # Above, a sum of floats is no longer a whole number's own.
        is_whole = not is_float and (answers["sizes"] or 0.0) <= LARGEST
        return statistic_between(int(total) if is_whole else total, kwargs)

    names = ("beyond", "total") if is_float else ("beyond", "total", "sizes")
    return batch.asked({name: column.statistic(name) for name in names}, judge)


def _quantiles(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    wanted = kwargs["quantile_ranges"]
    # By percent, as pandas reckons: a product may round to another position.
    percent = np.asarray(wanted["quantiles"]) * 100

    def judge(answers: Answers) -> Outcome:
        values = answers["values"]
        pairs = zip(values, wanted["value_ranges"], strict=True)
        return Outcome(
            holds=all(_lies_in(value, *ends) for value, ends in pairs),
            observed={"values": values},
        )

    column = of_kind(batch.column(kwargs["column"]), NUMBERS)
    return batch.asked({"values": column.quantiles(percent.tolist())}, judge)


def _lies_in(value: float, low: float | None, high: float | None) -> bool:
    ends = (-math.inf if low is None else low, math.inf if high is None else high)
    close = any(bool(np.isclose(value, end, rtol=CLOSE)) for end in ends)
    return close or ends[0] <= value <= ends[1]


def _present_share(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    column = batch.column(kwargs["column"])

    def judge(answers: Answers) -> Outcome:
        rows = answers["rows"]
        return statistic_between(answers["present"] / rows if rows else 0, kwargs)

    asked = {"present": column.statistic("present"), "rows": batch.count}
    return batch.asked(asked, judge)


RULES = {
    "expect_column_min_to_be_between": statistic_rule(
        partial(_end, which="min"), number_or_instant
    ),
    "expect_column_max_to_be_between": statistic_rule(
        partial(_end, which="max"), number_or_instant
    ),
    "expect_column_mean_to_be_between": statistic_rule(
        partial(_reckoned, name="mean", kinds=COUNTED), number
    ),
    "expect_column_sum_to_be_between": statistic_rule(_sum, number),
    "expect_column_median_to_be_between": statistic_rule(
        partial(_reckoned, name="median", kinds=NUMBERS), number
    ),
    "expect_column_stdev_to_be_between": statistic_rule(
        partial(_reckoned, name="deviation", kinds=NUMBERS), number
    ),
    "expect_column_proportion_of_non_null_values_to_be_between": statistic_rule(
        _present_share, number
    ),
    "expect_column_quantile_values_to_be_between": Rule(
        kwargs={**COLUMN, "quantile_ranges": quantile_ranges},
        required=frozenset({"column", "quantile_ranges"}),
        count=_quantiles,
    ),
}
