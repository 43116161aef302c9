"""Running expectations on a batch and reading the results.

One ephemeral Great Expectations context per process, no checkpoints and nothing
stored. What is expected is decided elsewhere.
"""

import atexit
import gc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.data_context.types.base import ProgressBarsConfig

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text, short_text

MAX_IDS = 20
MAX_TEXT = 160
POSITION = "position"
BRIEF = {"result_format": "BOOLEAN_ONLY"}
FULL = {"result_format": "SUMMARY", "partial_unexpected_count": MAX_IDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One expectation and the gate it belongs to.

    Attributes:
        gate: The gate, one of `findings.GATES`.
        expectation: A Great Expectations expectation.
        name: What the check is called; by default the type of the expectation.
    """

    gate: str
    expectation: Any
    name: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it speaks of; empty when it is about the table."""
        # `configuration` would do, but Great Expectations rebuilds it on every access.
        keys = ("column", "column_A", "column_B", "column_list", "column_set")
        values = [getattr(self.expectation, key, None) or () for key in keys]
        named = ([v] if isinstance(v, str) else v for v in values)
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    def check(
        self,
        status: str,
        *,
        observed: str = "",
        failing_rows: int = 0,
        failing_ids: tuple[str, ...] = (),
    ) -> Check:
        """Write down how the expectation fared."""
        return Check(
            gate=self.gate,
            name=self.name or self.expectation.expectation_type,
            status=status,
            severity=self.expectation.severity.value,
            column=", ".join(self.columns),
            observed=observed,
            failing_rows=failing_rows,
            failing_ids=failing_ids,
        )


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


def to_frame(
    table: pa.Table, *, columns: Iterable[str], as_text: frozenset[str]
) -> pd.DataFrame:
    """Return the columns as pandas columns Great Expectations can compute with.

    Dictionary columns become plain ones, decimals floats, integers with nulls
    floats; the index counts the rows from 0.
    """
    wanted = {
        name: table.column(name) for name in table.column_names if name in columns
    }
    plain = {
        name: plain_column(column, as_text=name in as_text)
        for name, column in wanted.items()
    }
    if not plain:
        return pd.DataFrame(index=range(table.num_rows))
    frame: pd.DataFrame = pa.table(plain).to_pandas()
    return frame


def plain_column(column: pa.ChunkedArray, *, as_text: bool) -> pa.ChunkedArray:
    """Return a column without dictionary and decimals; with `as_text`, as text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if as_text:
        return column.cast(pa.string())
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    return column


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
    frame: pd.DataFrame, statements: Sequence[Statement], result_format: dict[str, Any]
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
    found = result.result
    positions = found.get("partial_unexpected_index_list") or []
    return statement.check(
        "passed" if result.success else "failed",
        observed=_observed(found, statement.expectation.configuration.kwargs),
        failing_rows=found.get("unexpected_count", 0),
        failing_ids=failing_ids(ids, positions),
    )


def failing_ids(
    ids: pa.ChunkedArray | None, positions: Iterable[int]
) -> tuple[str, ...]:
    """Return the ids at the first 20 positions; rows without an id are left out."""
    if ids is None:
        return ()
    values = (ids[position].as_py() for position in list(positions)[:MAX_IDS])
    return tuple(short_text(str(value)) for value in values if value is not None)


def _raised(info: dict[str, Any]) -> str:
    """Return the first line of what was raised; empty when nothing was."""
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            lines = str(entry.get("exception_message") or "").strip().splitlines()
            return (lines[0] if lines else "no message")[:MAX_TEXT]
    return ""


def _observed(found: dict[str, Any], kwargs: dict[str, Any]) -> str:
    if "unexpected_count" in found:
        values = dict.fromkeys(
            _text(v) for v in found.get("partial_unexpected_list", ())
        )
        seen = ", ".join(list(values)[:3])
    else:
        seen = _text(found.get("observed_value"))
    bounds = [kwargs.get(key) for key in ("min_value", "max_value")]
    if any(bound is not None for bound in bounds):
        seen += (
            f" (agreed {' to '.join('any' if b is None else _text(b) for b in bounds)})"
        )
    return seen[:MAX_TEXT]


def _text(value: object) -> str:
    if isinstance(value, dict) and "values" in value:
        return ", ".join(_text(part) for part in value["values"])
    return f"{value:.6g}" if isinstance(value, float) else escaped_text(str(value))
