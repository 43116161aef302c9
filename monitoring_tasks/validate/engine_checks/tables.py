"""What is expected of the table as a whole: its rows and its columns."""

from monitoring_tasks.validate.engine_checks.batch import Batch
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    Kwargs,
    bounds,
    flag,
    list_of,
    text,
    whole,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.rules import Rule, statistic_between


def _rows_between(batch: Batch, kwargs: Kwargs) -> Outcome:
    return statistic_between(batch.rows, kwargs)


def _rows_equal(batch: Batch, kwargs: Kwargs) -> Outcome:
    return Outcome(holds=batch.rows == kwargs["value"], observed=batch.rows)


def _column_count(batch: Batch, kwargs: Kwargs) -> Outcome:
    count = batch.table.num_columns
    return Outcome(holds=count == kwargs["value"], observed=count)


def _exists(batch: Batch, kwargs: Kwargs) -> Outcome:
    return Outcome(holds=kwargs["column"] in batch.table.column_names)


def _ordered_columns(batch: Batch, kwargs: Kwargs) -> Outcome:
    names = batch.table.column_names
    return Outcome(holds=names == kwargs["column_list"], observed=names)


def _columns_in_set(batch: Batch, kwargs: Kwargs) -> Outcome:
    names, expected = set(batch.table.column_names), set(kwargs["column_set"])
    is_exact = kwargs.get("exact_match", True)
    holds = names == expected if is_exact else expected <= names
    return Outcome(holds=holds, observed=sorted(names))


RULES = {
    "expect_table_row_count_to_be_between": Rule(
        kwargs=bounds(whole), count=_rows_between
    ),
    "expect_table_row_count_to_equal": Rule(
        kwargs={"value": whole}, required=frozenset({"value"}), count=_rows_equal
    ),
    "expect_table_column_count_to_equal": Rule(
        kwargs={"value": whole}, required=frozenset({"value"}), count=_column_count
    ),
    "expect_table_columns_to_match_ordered_list": Rule(
        kwargs={"column_list": list_of(text)},
        required=frozenset({"column_list"}),
        count=_ordered_columns,
    ),
    "expect_table_columns_to_match_set": Rule(
        kwargs={"column_set": list_of(text), "exact_match": flag},
        required=frozenset({"column_set"}),
        count=_columns_in_set,
    ),
    "expect_column_to_exist": Rule(
        kwargs=COLUMN, required=frozenset(COLUMN), count=_exists
    ),
}
"""Of columns, those the contract declares: others are not in the table of a day."""
