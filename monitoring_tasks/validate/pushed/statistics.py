"""What is expected of a statistic of a column, asked of an engine."""

from collections.abc import Callable

import ibis.expr.types as ir

from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.engine.values import double
from monitoring_tasks.validate.engine_checks.batch import Kind
from monitoring_tasks.validate.engine_checks.kwargs import LARGEST as LARGEST_WHOLE
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    are_comparable,
    statistic_between,
)
from monitoring_tasks.validate.engine_checks.statistics import (
    COUNTED,
    NUMBERS,
    as_singles,
)
from monitoring_tasks.validate.pushed.batch import PushedBatch, PushedColumn
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Answers,
    Ask,
    Question,
    count_of,
)

Reckon = Callable[[Answers], object]


def _end(which: str) -> Ask:
    """Return what asks for the smallest (`min`) or largest (`max`) value."""

    def ask(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
        column = batch.column(kwargs["column"])
        if not are_comparable(column.shape, kwargs):
            return None
        compared = as_singles(kwargs) if column.kind is Kind.SINGLE else kwargs
        if compared is None:
            return None
        return Question(
            asked={"end": getattr(column.values, which)()},
            judge=lambda answers: statistic_between(answers["end"], compared),
        )

    return ask


def _reckoned(
    metrics: Callable[[ir.FloatingColumn], dict[str, ir.Scalar]],
    reckon: Callable[[PushedColumn], Reckon],
    kinds: frozenset[Kind],
) -> Ask:
    """Return what asks for a statistic that is reckoned from sums.

    Args:
        metrics: What is asked of a column of doubles.
        reckon: From a column to what reckons its statistic from the answers.
        kinds: Of which columns.
    """

    def ask(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
        column = batch.column(kwargs["column"])
        if column.kind not in kinds:
            return None
        numbers = column.numbers
        # Some engines refuse sums that overflow: rows in memory tell of such.
        beyond = numbers.abs() > double(LARGEST)
        usable = beyond.ifelse(double(0), numbers)
        statistic = reckon(column)

        def judge(answers: Answers) -> Outcome | None:
            if answers["beyond"]:
                return None
            return statistic_between(statistic(answers), kwargs)

        return Question(
            asked={"beyond": count_of(beyond.fill_null(FALSE)), **metrics(usable)},
            judge=judge,
        )

    return ask


def _sum_of(column: PushedColumn) -> Reckon:
    is_float = column.values.type().is_floating()

    def total(answers: Answers) -> float:
        added = float(answers["total"] or 0.0)
        if is_float:
            return added
        # Above, a sum of floats is no longer a whole number's own.
        return int(added) if (answers["sizes"] or 0.0) <= LARGEST_WHOLE else added

    return total


def _present_share(batch: PushedBatch, kwargs: Kwargs) -> Question:
    column = batch.column(kwargs["column"])

    def judge(answers: Answers) -> Outcome:
        rows = answers["rows"]
        return statistic_between(answers["present"] / rows if rows else 0, kwargs)

    return Question(
        asked={"present": column.values.count(), "rows": batch.table.count()},
        judge=judge,
    )


ASKS: dict[str, Ask] = {
    "expect_column_min_to_be_between": _end("min"),
    "expect_column_max_to_be_between": _end("max"),
    "expect_column_mean_to_be_between": _reckoned(
        lambda x: {"mean": x.mean()}, lambda _: lambda a: a["mean"], COUNTED
    ),
    "expect_column_sum_to_be_between": _reckoned(
        lambda x: {"total": x.sum(), "sizes": x.abs().sum()}, _sum_of, COUNTED
    ),
    "expect_column_stdev_to_be_between": _reckoned(
        lambda x: {"deviation": x.std(how="sample")},
        lambda _: lambda a: a["deviation"],
        NUMBERS,
    ),
    "expect_column_proportion_of_non_null_values_to_be_between": _present_share,
}
