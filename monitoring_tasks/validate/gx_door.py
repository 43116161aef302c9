"""Great Expectations itself: what it says of a suite, and the rest of what is expected.

The only module that imports it, and loaded only where the engine does not count. One
ephemeral context per process, no checkpoints and nothing stored.
"""

import atexit
import gc
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.exceptions.exceptions import GreatExpectationsError
from great_expectations.execution_engine.pandas_execution_engine import (
    PandasExecutionEngine,
)
from great_expectations.expectations import core as _  # noqa: F401 (registers the types)
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.registry import (
    list_registered_expectation_implementations,
)
from great_expectations.expectations.row_conditions import PassThroughCondition

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS, Outcome
from monitoring_tasks.validate.engine_checks.table_column import plain_column
from monitoring_tasks.validate.suites.statements import Statement

POSITION = "position"
BRIEF: JsonObject = {"result_format": "BOOLEAN_ONLY"}
FULL: JsonObject = {"result_format": "SUMMARY", "partial_unexpected_count": MOST_ROWS}


def registered_types() -> list[str]:
    """Return the types of expectations there are."""
    return list(list_registered_expectation_implementations())


def build_faults(raw: JsonObject, columns: Sequence[str]) -> Iterator[str]:
    """Say what Great Expectations finds wrong with an expectation of a known type.

    Args:
        raw: The expectation as it stands in the suite.
        columns: Those a condition on rows may name.
    """
    try:
        expectation = build_expectation(raw)
    # pydantic's ValidationError is a ValueError.
    except (GreatExpectationsError, OverflowError, TypeError, ValueError) as error:
        yield " ".join(str(error).split())
    else:
        yield from _condition_faults(expectation, columns)


def _condition_faults(expectation: Any, columns: Sequence[str]) -> Iterator[str]:  # noqa: ANN401 (a GX Expectation)
    """Refuse a condition on rows that names columns no day of rows has."""
    condition = getattr(expectation, "row_condition", None)
    if condition is None:
        return
    if isinstance(condition, PassThroughCondition):
        clause = condition.pass_through_filter
    else:
        clause = PandasExecutionEngine().condition_to_filter_clause(condition)
    # On a day without rows, as `DataFrame.query` reads it on a day with rows.
    try:
        pd.DataFrame(columns=list(columns)).query(clause)
    except pd.errors.UndefinedVariableError as error:
        yield f"row_condition: {error}; the contract does not declare such a column"
    except (SyntaxError, TypeError, ValueError) as error:
        yield f"row_condition {clause!r} cannot be evaluated: {error}"


def build_expectation(raw: JsonObject) -> Any:  # noqa: ANN401 (a GX Expectation)
    """Make the expectation a suite states; its `id` is left out."""
    return ExpectationConfiguration(
        **{key: value for key, value in raw.items() if key != "id"}
    ).to_domain_obj()


def evaluate(
    table: pa.Table, statements: Sequence[Statement], as_text: frozenset[str]
) -> list[Outcome]:
    """Return how the rows fare by each statement.

    Everything is evaluated without details first; only what did not hold is
    evaluated again for counts and ids, which costs twice as much.

    Args:
        table: The rows, at least one. Every column spoken of is present once.
        statements: What is expected, at least one.
        as_text: Columns whose values are compared as text.
    """
    built = [
        build_expectation(
            {"type": s.kind, "kwargs": s.kwargs, "meta": {POSITION: position}}
        )
        for position, s in enumerate(statements)
    ]
    frame = _to_frame(table, columns=_needed(table, statements), as_text=as_text)
    outcomes = [Outcome(holds=True) for _statement in statements]
    brief = _validate(frame, built, BRIEF)
    unmet = [e for position, e in enumerate(built) if not brief[position].success]
    if unmet:
        for position, result in _validate(frame, unmet, FULL).items():
            outcomes[position] = _outcome(result)
    return outcomes


def _needed(table: pa.Table, statements: Sequence[Statement]) -> set[str]:
    """Return the columns to evaluate on: a condition on rows may name any of them."""
    if any(s.kwargs.get("row_condition") for s in statements):
        names = table.column_names
        return {name for name in names if names.count(name) == 1}
    return {name for statement in statements for name in statement.columns}


def _to_frame(
    table: pa.Table, *, columns: Iterable[str], as_text: frozenset[str]
) -> pd.DataFrame:
    """Return columns for pandas: plain, decimals and integers with nulls as floats."""
    plain = {
        name: plain_column(table.column(name), as_text=name in as_text)
        for name in table.column_names
        if name in columns
    }
    # Without a column Arrow has no rows either, and their number may be asked for.
    if not plain:
        return pd.DataFrame(index=range(table.num_rows))
    frame: pd.DataFrame = pa.table(plain).to_pandas()
    return frame


@cache
def _batch_definition() -> Any:  # noqa: ANN401 (a GX BatchDefinition)
    """Make the process's one context; a new one a day would never be released."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(
        globally=False, metric_calculations=False
    )
    source = context.data_sources.add_pandas("daywatch")
    # Great Expectations keeps so much in memory that walking it again and again to
    # look for garbage costs a fifth of every validation.
    gc.collect()
    gc.freeze()
    # What is still frozen at the end is never released; DuckDB then reports leaks.
    atexit.register(gc.unfreeze)
    return source.add_dataframe_asset("batch").add_batch_definition_whole_dataframe(
        "all"
    )


def _validate(
    frame: pd.DataFrame, built: Sequence[Any], result_format: JsonObject
) -> dict[int, Any]:
    """Return the results by position: Great Expectations reorders them."""
    suite = gx.ExpectationSuite(name="day", expectations=list(built))
    batch = _batch_definition().get_batch({"dataframe": frame})
    results = batch.validate(suite, result_format=result_format).results
    return {result.expectation_config.meta[POSITION]: result for result in results}


def _outcome(result: Any) -> Outcome:  # noqa: ANN401 (a GX result)
    details, message = result.result, _raised(result.exception_info)
    is_counted = "unexpected_count" in details
    return Outcome(
        holds=bool(result.success),
        observed=details.get("observed_value"),
        failing_values=tuple(details.get("partial_unexpected_list", ()))
        if is_counted
        else None,
        failing_rows=details.get("unexpected_count", 0),
        positions=tuple(details.get("partial_unexpected_index_list") or ()),
        error=message,
    )


def _raised(info: JsonObject) -> str:
    """Return the first line of what was raised; empty when nothing was."""
    # One entry, or one for each metric that was computed for the expectation.
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            lines = str(entry.get("exception_message") or "").strip().splitlines()
            return lines[0] if lines else "no message"
    return ""
