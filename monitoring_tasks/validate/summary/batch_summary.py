"""What a day's rows look like, in a few numbers.

The same measuring serves a day of the reference and a day to be checked. Nothing is
judged here.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.relations import Relations
from monitoring_tasks.validate.summary.column_values import (
    finite_of,
    floats_of,
    is_countable,
    is_number,
    most_common,
    most_common_categories,
    present_values,
    quantiles_of,
)
from monitoring_tasks.validate.summary.distributions import distribution_of
from monitoring_tasks.validate.summary.hours import hours_of
from monitoring_tasks.validate.summary.number_grain import grain_of
from monitoring_tasks.validate.summary.segment_rows import segment_rows

Value = TypeVar("Value")
PARTS = (
    "nulls", "common", "value", "quantiles", "distributions", "grain",
    "categories", "other"
)  # fmt: skip
"""What a summary says of columns, by its own name for it."""
SUMMARY_FORMAT = 3
"""Raised when something is measured otherwise: what was kept is then made again."""
NOTHING_NAMED: Mapping[str, Collection[str]] = MappingProxyType({})


def summarize(
    table: pa.Table,
    day: date,
    contract: Contract,
    *,
    named: Mapping[str, Collection[str]] = NOTHING_NAMED,
) -> BatchSummary:
    """Describe what went into the model on a day and what came out of it.

    A column that is absent, there twice or of another type than declared is left out
    of what cannot be computed with it: the gates before say so. Outputs of rows whose
    scoring failed are left out.

    Args:
        table: The rows, at least one; its texts are short. Not modified.
        day: Their calendar day.
        contract: Declares the columns.
        named: Categorical column -> categories that are counted by name however rare
            they are.
    """
    whole = _summarize(table, day, contract, named=named)
    columns, names = contract.columns, table.column_names
    read = dict.fromkeys((*described(contract), columns.timestamp, columns.error))
    declared = [name for name in read if names.count(name) == 1]
    segments = {
        segment: _summarize(rows, day, contract, named=named, without=column)
        for column, segment, rows in segment_rows(table.select(declared), contract)
    }
    return replace(whole, segments=segments)


def _summarize(
    table: pa.Table,
    day: date,
    contract: Contract,
    *,
    named: Mapping[str, Collection[str]],
    without: str = "",
) -> BatchSummary:
    """Describe rows; a column that is one value by choice of the rows is left out."""
    columns = contract.columns
    continuous = {*columns.continuous, *numeric_outputs(contract)}
    calendar: dict[str, pa.ChunkedArray] = {}
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    # Column by column: each is put in order, which takes as much memory again.
    for name, column in _declared_columns(table, contract).items():
        if name == without:
            continue
        values = present_values(column)
        if len(column):
            parts["nulls"][name] = 1 - len(values) / len(column)
        if not len(values) or not is_countable(values):
            continue
        is_numeric = name in continuous or name in columns.calendar
        if is_numeric and is_number(values):
            _add_numbers(parts, name, values, contract)
        else:
            # Texts in a column of numbers are counted: one placeholder may be all
            # there is.
            counted = pc.value_counts(values)
            texts = counted.field("values").cast(pa.string())
            kept = named.get(name, ())
            counts = most_common_categories(texts, counted.field("counts"), kept)
            _add_common(parts, name, counts[0], len(values))
            if not is_numeric:
                _add_categories(parts, name, dict(counts), len(values))
        if name in columns.calendar and is_number(values):
            calendar[name] = values
    hours = dict(hours_of(table, contract, calendar))
    measured: dict[str, Any] = {**parts, "hours": hours}
    return BatchSummary(day=day, rows=table.num_rows, **measured)


def _add_numbers(
    parts: dict[str, dict[str, Any]],
    name: str,
    values: pa.ChunkedArray,
    contract: Contract,
) -> None:
    # Once, for all that is asked of them.
    ordered = np.sort(floats_of(values))
    _add_common(parts, name, most_common(ordered), len(values))
    finite = finite_of(ordered)
    if not len(finite):
        return
    if name not in contract.columns.calendar:
        parts["quantiles"][name] = quantiles_of(finite)
        parts["distributions"][name] = distribution_of(finite)
    if name not in contract.columns.scores:
        parts["grain"][name] = grain_of(finite)


def _add_common(
    parts: dict[str, dict[str, Any]], name: str, top: tuple[str, int], valid: int
) -> None:
    value, rows = top
    parts["common"][name], parts["value"][name] = rows / valid, value


def _add_categories(
    parts: dict[str, dict[str, Any]], name: str, counts: Mapping[str, int], valid: int
) -> None:
    parts["categories"][name] = counts
    other = valid - sum(counts.values())
    if other:
        parts["other"][name] = other


def summary_digest(contract: Contract, relations: Relations) -> str:
    """Return the SHA-256 of what a summary follows from, beside the rows."""
    parts = (
        f"format {SUMMARY_FORMAT}",
        contract.problem.value,
        contract.timezone,
        contract.columns.model_dump_json(),
        f"{contract.policy.min_rows} {contract.policy.max_segments}",
        repr(relations),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _declared_columns(
    table: pa.Table, contract: Contract
) -> dict[str, pa.ChunkedArray]:
    """Return inputs and outputs that are there once; outputs of scored rows alone."""
    outputs = contract.columns.outputs
    # An output of a failed scoring is none: it would count as a null.
    scored = scored_rows(table, contract)
    return {
        name: (scored if name in outputs else table).column(name)
        for name in described(contract)
        if table.column_names.count(name) == 1
    }


def values_by_column(days: Iterable[Mapping[str, Value]]) -> dict[str, list[Value]]:
    """Collect one part of several summaries by column, in the order of the days."""
    by_column: dict[str, list[Value]] = {}
    for day in days:
        for name, value in day.items():
            by_column.setdefault(name, []).append(value)
    return by_column


def described(contract: Contract) -> tuple[str, ...]:
    """Return the columns a summary is of: inputs, then outputs, each once."""
    columns = contract.columns
    inputs = (*columns.features, *columns.protected, *columns.segments)
    return tuple(dict.fromkeys((*inputs, *columns.scores, columns.prediction)))


def numeric_outputs(contract: Contract) -> tuple[str, ...]:
    """Return the outputs that are numbers; a predicted class is none."""
    columns, is_number = contract.columns, contract.problem is Problem.REGRESSION
    return (*columns.scores, columns.prediction) if is_number else columns.scores


def scored_rows(table: pa.Table, contract: Contract) -> pa.Table:
    """Return the rows whose scoring did not fail."""
    name = contract.columns.error
    if name is None or table.column_names.count(name) != 1:
        return table
    flags = table.column(name)
    if not (pa.types.is_boolean(flags.type) or pa.types.is_integer(flags.type)):
        return table
    failed = pc.fill_null(flags.cast(pa.bool_()), fill_value=False)
    return table.filter(pc.invert(failed))
