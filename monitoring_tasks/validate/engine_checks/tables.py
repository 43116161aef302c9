"""What is expected of the table as a whole: its rows and its columns."""

from monitoring_tasks.validate.engine_checks.counting import AnswerT, Batch
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    Kwargs,
    Reader,
    bounds,
    flag,
    list_of,
    text,
    whole,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    statistic_between,
)


def _rows_between(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    return batch.asked(
        {"rows": batch.count},
        lambda answers: statistic_between(answers["rows"], kwargs),
    )


def _rows_equal(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    return batch.asked(
        {"rows": batch.count},
        lambda answers: Outcome(
            holds=answers["rows"] == kwargs["value"], observed=answers["rows"]
        ),
    )


def _column_count(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    count = len(batch.names)
    outcome = Outcome(holds=count == kwargs["value"], observed=count)
    return batch.asked({}, lambda _: outcome)


def _exists(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    outcome = Outcome(holds=kwargs["column"] in batch.names)
    return batch.asked({}, lambda _: outcome)


def _ordered_columns(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    names = list(batch.names)
    outcome = Outcome(holds=names == kwargs["column_list"], observed=names)
    return batch.asked({}, lambda _: outcome)


def _columns_in_set(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    names, expected = set(batch.names), set(kwargs["column_set"])
    is_exact = kwargs.get("exact_match", True)
    holds = names == expected if is_exact else expected <= names
    outcome = Outcome(holds=holds, observed=sorted(names))
    return batch.asked({}, lambda _: outcome)


def _rule(count: Count, **readers: Reader) -> Rule:
    return Rule(kwargs=readers, required=frozenset(readers), count=count)


RULES = {
    "expect_table_row_count_to_be_between": Rule(
        kwargs=bounds(whole), count=_rows_between
    ),
    "expect_table_row_count_to_equal": _rule(_rows_equal, value=whole),
    "expect_table_column_count_to_equal": _rule(_column_count, value=whole),
    "expect_table_columns_to_match_ordered_list": _rule(
        _ordered_columns, column_list=list_of(text)
    ),
    "expect_table_columns_to_match_set": Rule(
        kwargs={"column_set": list_of(text), "exact_match": flag},
        required=frozenset({"column_set"}),
        count=_columns_in_set,
    ),
    "expect_column_to_exist": _rule(_exists, **COLUMN),
}
"""Of columns, those the contract declares: others are not in the table of a day."""
