"""What a day's rows look like, in a few numbers.

The same measuring serves a day of the reference and a day to be checked. Nothing is
judged here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST, MAX_CATEGORIES
from monitoring_tasks.domain.problems import Problem

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
HOURS = 24
NOON = 12
NOTHING_NAMED: Mapping[str, Collection[str]] = MappingProxyType({})
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """What a day's rows look like.

    Attributes:
        day: The calendar day.
        rows: How many rows.
        nulls: Column -> share of rows without a value; not-a-number is none.
        common: Column -> share of the most common value among the values.
        value: Column -> that value, as text.
        quantiles: Continuous column -> its 5, 25, 50, 75 and 95 % quantiles.
        categories: Categorical column -> category -> rows; the most common ones, and
            those that were asked for.
        other: Categorical column -> rows in all other categories; where there are any.
        hours: Timestamp, and calendar columns that count hours -> rows by hour.
    """

    day: date
    rows: int
    nulls: Mapping[str, float] = field(default_factory=dict)
    common: Mapping[str, float] = field(default_factory=dict)
    value: Mapping[str, str] = field(default_factory=dict)
    quantiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    other: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


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
    columns = contract.columns
    outputs = outputs_of(contract)
    inputs = (*columns.features, *columns.protected, *columns.segments)
    once = [
        name
        for name in dict.fromkeys((*inputs, *outputs))
        if table.column_names.count(name) == 1
    ]
    scored = _scored(table, contract)
    held = {n: (scored if n in outputs else table).column(n) for n in once}
    present = {n: _present(column) for n, column in held.items()}
    known = {n: v for n, v in present.items() if len(v) and not _is_odd(v)}
    plain = {n: v for n, v in known.items() if not _is_number(v)}
    numbers = {n: v for n, v in known.items() if _is_number(v)}
    continuous = (*columns.continuous, *numeric_outputs(contract))
    numeric = {*continuous, *columns.calendar}
    counts = {
        n: _counts(v, named.get(n, ()))
        for n, v in known.items()
        if n not in numeric or n in plain
    }
    tops = {n: c[0] for n, c in counts.items()}
    tops |= {n: _mode(v) for n, v in numbers.items() if n in numeric}
    categories = {n: dict(c) for n, c in counts.items() if n not in numeric}
    other = {n: len(known[n]) - sum(c.values()) for n, c in categories.items()}
    return BatchSummary(
        day=day,
        rows=table.num_rows,
        nulls={
            n: 1 - len(values) / len(held[n])
            for n, values in present.items()
            if len(held[n])
        },
        common={n: count / len(known[n]) for n, (_, count) in tops.items()},
        value={n: value for n, (value, _) in tops.items()},
        quantiles={
            n: quantiles
            for n in continuous
            if n in numbers and (quantiles := _quantiles(numbers[n]))
        },
        categories=categories,
        other={n: rows for n, rows in other.items() if rows},
        hours=dict(_hours(table, contract, numbers)),
    )


def outputs_of(contract: Contract) -> tuple[str, ...]:
    """Return the columns the model writes: its scores and the prediction."""
    return tuple(dict.fromkeys((*contract.columns.scores, contract.columns.prediction)))


def numeric_outputs(contract: Contract) -> tuple[str, ...]:
    """Return the outputs that are numbers; a predicted class is none."""
    is_number = contract.problem is Problem.REGRESSION
    return outputs_of(contract) if is_number else contract.columns.scores


def _scored(table: pa.Table, contract: Contract) -> pa.Table:
    """Return the rows whose scoring did not fail."""
    name = contract.columns.error
    if name is None or table.column_names.count(name) != 1:
        return table
    flags = table.column(name)
    if not (pa.types.is_boolean(flags.type) or pa.types.is_integer(flags.type)):
        return table
    failed = pc.fill_null(flags.cast(pa.bool_()), fill_value=False)
    return table.filter(pc.invert(failed))


def _present(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values that are there, without a dictionary and as plain numbers."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type) or pa.types.is_float16(column.type):
        column = column.cast(pa.float64())
    return column.filter(pc.invert(pc.is_null(column, nan_is_null=True)))


def _is_odd(values: pa.ChunkedArray) -> bool:
    """Whether values are lists, records or bytes, which nobody can count."""
    kind = values.type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return bool(pa.types.is_nested(kind) or is_bytes)


def _is_number(values: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_integer(values.type) or pa.types.is_floating(values.type))


def _counts(values: pa.ChunkedArray, named: Collection[str]) -> list[tuple[str, int]]:
    """Count rows by category as text, the most common first.

    Of more than `MAX_CATEGORIES` categories the named and the most common ones.
    """
    counted = pc.value_counts(values)
    table = pa.table(
        [counted.field("values").cast(pa.string()), counted.field("counts")],
        names=["text", "rows"],
    )
    if len(table) > MAX_CATEGORIES:
        order = [("rows", "descending"), ("text", "ascending")]
        most = pc.select_k_unstable(table, MAX_CATEGORIES, order)
        asked = pa.array(sorted(named), pa.string())
        is_asked = pc.indices_nonzero(pc.is_in(table["text"], value_set=asked))
        both = pa.concat_arrays([most, is_asked.cast(most.type)])
        table = table.take(pc.unique(both))
    pairs = zip(table["text"].to_pylist(), table["rows"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _mode(values: pa.ChunkedArray) -> tuple[str, int]:
    top = pc.mode(values)[0]
    return f"{top['mode'].as_py():.6g}", int(top["count"].as_py())


def _quantiles(values: pa.ChunkedArray) -> tuple[float, ...]:
    numbers = _floats(values)
    finite = numbers[np.abs(numbers) <= LARGEST]
    if not len(finite):
        return ()
    return tuple(float(q) for q in np.quantile(finite, QUANTILES))


def _floats(values: pa.ChunkedArray) -> Floats:
    numbers: Floats = values.cast(pa.float64()).to_numpy()
    return numbers


def _hours(
    table: pa.Table, contract: Contract, numbers: Mapping[str, pa.ChunkedArray]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    at = contract.columns.timestamp
    if table.column_names.count(at) == 1:
        instants = _present(table.column(at))
        if len(instants) and pa.types.is_timestamp(instants.type):
            yield at, _by_hour(_local(instants, contract.zone))
    for name in contract.columns.calendar:
        if name in numbers:
            hours = _floats(numbers[name])
            if _are_hours(hours):
                yield name, _by_hour(hours.astype(np.int64))


def _local(instants: pa.ChunkedArray, zone: ZoneInfo) -> NDArray[np.int64]:
    if instants.type.tz is not None:
        instants = instants.cast(pa.timestamp(instants.type.unit, tz=zone.key))
    hours: NDArray[np.int64] = pc.hour(instants).to_numpy()
    return hours


def _are_hours(values: Floats) -> bool:
    """Whether a column counts the hours of a day, and not weekdays or months."""
    if not np.array_equal(values, np.rint(values)) or not np.isfinite(values).all():
        return False
    return bool(values.min() >= 0 and NOON < values.max() < HOURS)


def _by_hour(hours: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(rows) for rows in np.bincount(hours, minlength=HOURS))
