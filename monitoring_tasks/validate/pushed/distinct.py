"""What is expected of the different values of a column, asked of an engine."""

from functools import partial
from typing import Any

import ibis.expr.types as ir

from monitoring_tasks.engine.values import double
from monitoring_tasks.validate.engine_checks.distinct import (
    HASHED,
    LISTED,
    first_values,
)
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import statistic_between
from monitoring_tasks.validate.engine_checks.values import comparable_values
from monitoring_tasks.validate.pushed.batch import PushedBatch, PushedColumn
from monitoring_tasks.validate.pushed.question import (
    Answers,
    Ask,
    Examples,
    Question,
    count_of,
)

VALUE = "value"


def different(batch: PushedBatch, column: PushedColumn) -> ir.Table:
    """Return each value of a column once, with its rows: `value`, `n`.

    Grouped and not counted as distinct: engines put groups that are many on disk.
    """
    held = batch.table.select(**{VALUE: column.keys})
    there = held.filter(held[VALUE].notnull())
    return there.group_by(VALUE).aggregate(n=there.count())


def _counted(batch: PushedBatch, kwargs: Kwargs, *, as_share: bool) -> Question | None:
    column = batch.column(kwargs["column"])
    if column.kind not in HASHED:
        return None
    values = different(batch, column)

    def judge(answers: Answers) -> Outcome:
        count, present = answers["count"], answers["present"] or 0
        share = count / present if present else 0
        return statistic_between(share if as_share else count, kwargs)

    asked = {"count": values.count(), "present": values["n"].sum()}
    return Question(apart=values.aggregate(**asked), judge=judge)


def _against_set(
    batch: PushedBatch, kwargs: Kwargs, *, may_hold_others: bool, holds_all: bool
) -> Question | None:
    """Hold the different values against a set, as in memory.

    Args:
        batch: The rows.
        kwargs: Column and set.
        may_hold_others: Whether there may be values that are not in the set.
        holds_all: Whether all of the set has to be there.
    """
    column = batch.column(kwargs["column"])
    if column.kind not in LISTED:
        return None
    wanted = comparable_values(column.shape, kwargs["value_set"]) or []
    values = different(batch, column)
    is_wanted = _is_one_of(values, wanted)
    others = values.filter(~is_wanted)
    # As they are named in the answer: a value of the set each.
    marks = {
        f"has{at}": count_of(_is_one_of(values, [v])) for at, v in enumerate(wanted)
    }

    def judge(answers: Answers) -> Outcome:
        unknown = 0 if may_hold_others else int(answers["others"])
        if unknown:
            return Outcome(holds=False, failing_values=(), failing_rows=unknown)
        if not holds_all:
            return Outcome(holds=True)
        there = {value for at, value in enumerate(wanted) if answers[f"has{at}"]}
        absent = first_values({*kwargs["value_set"]} - there)
        observed = f"without {', '.join(map(str, absent))}" if absent else None
        return Outcome(holds=not absent, observed=observed)

    return Question(
        apart=values.aggregate(others=count_of(~is_wanted), **marks),
        judge=judge,
        examples=Examples(rows=others, shown={VALUE: others[VALUE]}, are_rows=False),
    )


def _is_one_of(values: ir.Table, wanted: list[Any]) -> ir.BooleanValue:
    if not wanted:
        return values[VALUE].isnull()  # none of them is
    if values[VALUE].type().is_floating():
        return values[VALUE].cast("float64").isin([double(v) for v in wanted])
    return values[VALUE].isin(wanted)


ASKS: dict[str, Ask] = {
    "expect_column_unique_value_count_to_be_between": partial(_counted, as_share=False),
    "expect_column_proportion_of_unique_values_to_be_between": partial(
        _counted, as_share=True
    ),
    "expect_column_distinct_values_to_be_in_set": partial(
        _against_set, may_hold_others=False, holds_all=False
    ),
    "expect_column_distinct_values_to_contain_set": partial(
        _against_set, may_hold_others=True, holds_all=True
    ),
    "expect_column_distinct_values_to_equal_set": partial(
        _against_set, may_hold_others=False, holds_all=True
    ),
}
