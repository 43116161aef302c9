"""Running expectations on a batch and reading the results.

One ephemeral Great Expectations context per process, no checkpoints and nothing
stored. What is expected is decided elsewhere.
"""

import atexit
import gc
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.data_context.types.base import ProgressBarsConfig

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.texts import escaped_text, short_text
from monitoring_tasks.validate.gx_frame import to_frame
from monitoring_tasks.validate.statements import Statement

MAX_IDS = 20
MAX_TEXT = 160
POSITION = "position"
BRIEF: JsonObject = {"result_format": "BOOLEAN_ONLY"}
FULL: JsonObject = {"result_format": "SUMMARY", "partial_unexpected_count": MAX_IDS}


def run_statements(
    table: pa.Table,
    statements: Sequence[Statement],
    *,
    id_column: str | None,
    as_text: frozenset[str] = frozenset(),
) -> list[Check]:
    """Hold every statement against the rows; one check per statement, in order.

    Everything is evaluated without details first; only what did not hold is
    evaluated again for counts and ids, which costs twice as much.

    Args:
        table: The rows, at least one. Every column spoken of is present once.
        statements: What is expected.
        id_column: Column to take the ids of failing rows from; None for no ids.
        as_text: Columns whose values are compared as text.

    Returns:
        Checks with status `passed`, `failed`, or `errored` when Great Expectations
        raised; at most 20 ids each.
    """
    if not statements:
        return []
    frame = to_frame(table, columns=_needed(table, statements), as_text=as_text)
    for position, statement in enumerate(statements):
        statement.expectation.meta = {POSITION: position}
    checks = [statement.check("passed") for statement in statements]
    brief = _validate(frame, statements, BRIEF)
    unmet = [s for i, s in enumerate(statements) if not brief[i].success]
    if unmet:
        ids = table.column(id_column) if id_column else None
        for position, result in _validate(frame, unmet, FULL).items():
            checks[position] = _unmet(statements[position], result, ids)
    return checks


def _needed(table: pa.Table, statements: Sequence[Statement]) -> set[str]:
    """Return the columns to evaluate on: a condition on rows may name any of them."""
    if any(getattr(s.expectation, "row_condition", None) for s in statements):
        names = table.column_names
        return {name for name in names if names.count(name) == 1}
    return {name for statement in statements for name in statement.columns}


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
    frame: pd.DataFrame, statements: Sequence[Statement], result_format: JsonObject
) -> dict[int, Any]:
    """Return the results by position: Great Expectations reorders them."""
    expectations = [statement.expectation for statement in statements]
    suite = gx.ExpectationSuite(name="day", expectations=expectations)
    batch = _batch_definition().get_batch({"dataframe": frame})
    results = batch.validate(suite, result_format=result_format).results
    return {result.expectation_config.meta[POSITION]: result for result in results}


def _unmet(statement: Statement, result: Any, ids: pa.ChunkedArray | None) -> Check:  # noqa: ANN401 (a GX result)
    message = _raised(result.exception_info)
    if message:
        return statement.check("errored", observed=message)
    details = result.result
    positions = details.get("partial_unexpected_index_list") or []
    return statement.check(
        "passed" if result.success else "failed",
        observed=_observed(details, statement.expectation.configuration.kwargs),
        failing_rows=details.get("unexpected_count", 0),
        failing_ids=failing_ids(ids, positions),
    )


def failing_ids(
    ids: pa.ChunkedArray | None, positions: Iterable[int]
) -> tuple[str, ...]:
    """Return the ids at the first 20 positions; rows without an id are left out.

    Args:
        ids: The id of every row; None where the batch has none.
        positions: Rows that failed, from 0.
    """
    if ids is None:
        return ()
    values = (ids[position].as_py() for position in list(positions)[:MAX_IDS])
    return tuple(short_text(str(value)) for value in values if value is not None)


def _raised(info: JsonObject) -> str:
    """Return the first line of what was raised; empty when nothing was."""
    # One entry, or one for each metric that was computed for the expectation.
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            lines = str(entry.get("exception_message") or "").strip().splitlines()
            return (lines[0] if lines else "no message")[:MAX_TEXT]
    return ""


def _observed(details: JsonObject, kwargs: JsonObject) -> str:
    """Return in words what was seen, and between which bounds it was agreed to lie."""
    if "unexpected_count" in details:
        # Each value once: the first twenty may all be the same.
        values = dict.fromkeys(
            _text(v) for v in details.get("partial_unexpected_list", ())
        )
        observed = ", ".join(list(values)[:3])
    else:
        observed = _text(details.get("observed_value"))
    bounds = [kwargs.get(key) for key in ("min_value", "max_value")]
    if any(bound is not None for bound in bounds):
        observed += (
            f" (agreed {' to '.join('any' if b is None else _text(b) for b in bounds)})"
        )
    return observed[:MAX_TEXT]


def _text(value: object) -> str:
    if isinstance(value, dict) and "values" in value:
        return ", ".join(_text(part) for part in value["values"])
    return f"{value:.6g}" if isinstance(value, float) else escaped_text(str(value))
