"""What a day's rows look like, asked of an engine; see `batch_summary`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import MAX_CATEGORIES
from monitoring_tasks.engine.grouping_sets import columns_a_scan, count_by, in_parts
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import double, present_number, text_of
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.batch_summary import (
    NOTHING_NAMED,
    BatchSummary,
    numeric_outputs,
    outputs_of,
    summarize,
)
from monitoring_tasks.validate.hours import HOURS, NOON
from monitoring_tasks.validate.pushed.catalogue import answers_to
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Question,
    count_of,
)
from monitoring_tasks.validate.pushed.statements import Sample

SPAN = 900
"""Seconds of the shortest part of an hour by which zones lie apart."""
FEW = 500
"""Different numbers in the sample up to which all of a column's are counted."""
CANDIDATES = 3
"""Of other columns, numbers of the sample that may be the most common of the day."""
VALUE = "value"
Pairs = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A declared column that is there: its values, and the rows it speaks of."""

    values: ir.Column
    of: ir.BooleanValue

    @property
    def is_number(self) -> bool:
        """Whether the values are whole numbers or floats."""
        return bool(self.values.type().is_numeric())

    @property
    def is_countable(self) -> bool:
        """Whether values can be counted: lists, records and bytes cannot."""
        kind = self.values.type()
        return not (kind.is_nested() or kind.is_binary())

    @property
    def present(self) -> ir.Column:
        """The values, null where there is none or their row does not count."""
        plain = present_number(self.values) if self.is_number else self.values
        return self.of.ifelse(plain, ibis.null(plain.type()))


def summarize_pushed(
    rows: EngineRows,
    day: date,
    contract: Contract,
    *,
    sample: Sample,
    named: Mapping[str, Collection[str]] = NOTHING_NAMED,
) -> BatchSummary:
    """Describe what went into the model on a day and what came out of it.

    Counts are those of all rows. Quantiles are those of the sample. So is the choice of
    the most common number in a column of many: its rows are counted, and one that is
    notably common is among the sample's own most common ones.

    Args:
        rows: The rows, at least one.
        day: Their calendar day.
        contract: Declares the columns, by their own names.
        sample: Rows of the day, their texts short.
        named: Categorical column -> categories that are counted by name however rare
            they are.
    """
    sampled = summarize(sample.rows, day, contract, named=named)
    if not sample.remark:
        return sampled
    columns = _declared(rows, contract)
    sizes = _sizes(rows, columns)
    present = {n: sizes[n]["present"] for n in columns if sizes[n]["present"]}
    usable = {n: c for n, c in columns.items() if n in present and c.is_countable}
    continuous = {*contract.columns.continuous, *numeric_outputs(contract)}
    numeric = continuous | {*contract.columns.calendar}
    numbers = {n: c for n, c in usable.items() if c.is_number and n in numeric}
    texts = {n: c for n, c in usable.items() if n not in numbers}
    counts = dict(_category_counts(rows, texts, named))
    tops = {n: pairs[0] for n, (pairs, _) in counts.items() if pairs}
    tops |= _most_common(rows, numbers, sample)
    categories = {
        n: dict(pairs) for n, (pairs, _) in counts.items() if n not in numeric
    }
    other = {n: counts[n][1] for n in categories if counts[n][1]}
    return BatchSummary(
        day=day,
        rows=sample.of,
        nulls={
            n: 1 - of["present"] / of["rows"] for n, of in sizes.items() if of["rows"]
        },
        common={n: top / present[n] for n, (_, top) in tops.items()},
        value={n: value for n, (value, _) in tops.items()},
        quantiles={n: q for n, q in sampled.quantiles.items() if n in numbers},
        categories=categories,
        other=other,
        hours=dict(_hours(rows, contract, numbers)),
    )


def _declared(rows: EngineRows, contract: Contract) -> dict[str, _Column]:
    """Return inputs and outputs that are there; outputs of scored rows alone."""
    columns, outputs = contract.columns, outputs_of(contract)
    inputs = (*columns.features, *columns.protected, *columns.segments)
    all_rows: ir.BooleanValue = ~FALSE
    scored = all_rows
    error = rows.names.get(columns.error or "")
    if error is not None and rows.has(error):
        flags = rows.table[error]
        kind = flags.type()
        if kind.is_boolean() or kind.is_integer():
            failed = flags if kind.is_boolean() else flags != 0
            # An output of a failed scoring is none: it would count as a null.
            scored = ~failed.fill_null(FALSE)
    return {
        name: _Column(
            values=rows.table[rows.names[name]],
            of=scored if name in outputs else all_rows,
        )
        for name in dict.fromkeys((*inputs, *outputs))
        if rows.has(rows.names[name])
    }


def _sizes(
    rows: EngineRows, columns: Mapping[str, _Column]
) -> dict[str, dict[str, int]]:
    """Return of each column its rows, and those that have a value."""
    asked = [
        Question(
            asked={
                "present": count_of(column.of & column.present.notnull()),
                "rows": rows.table.count()
                if isinstance(column.of, ir.Scalar)
                else count_of(column.of),
            },
            judge=lambda _: None,
        )
        for column in columns.values()
    ]
    return dict(zip(columns, answers_to(rows.table, asked), strict=True))


def _category_counts(
    rows: EngineRows,
    columns: Mapping[str, _Column],
    named: Mapping[str, Collection[str]],
) -> Iterator[tuple[str, tuple[Pairs, int]]]:
    """Yield of each column its categories, most common first, and all other rows."""
    for names in in_parts(columns, columns_a_scan(rows.table, 1)):
        keys = {f"k{at}": text_of(columns[n].present) for at, n in enumerate(names)}
        answer = count_by(rows.table.select(**keys), [(key,) for key in keys])
        for key, name in zip(keys, names, strict=True):
            own = answer.filter(pc.is_valid(answer[key])).select([key, "n"])
            yield name, _limited(own.rename_columns([VALUE, "n"]), named.get(name, ()))


def _limited(counted: pa.Table, named: Collection[str]) -> tuple[Pairs, int]:
    """Return the named and the most common categories, and the rows of all others."""
    short = with_short_texts(counted, [VALUE])
    total = pc.sum(short["n"]).as_py() or 0
    if len(short) > MAX_CATEGORIES:
        order = [("n", "descending"), (VALUE, "ascending")]
        most = pc.select_k_unstable(short, MAX_CATEGORIES, order)
        names = pa.array(sorted(named), short[VALUE].type)
        is_named = pc.indices_nonzero(pc.is_in(short[VALUE], value_set=names))
        short = short.take(
            pc.unique(pa.concat_arrays([most, is_named.cast(most.type)]))
        )
    pairs = zip(short[VALUE].to_pylist(), short["n"].to_pylist(), strict=True)
    ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return ordered, total - sum(n for _, n in ordered)


def _most_common(
    rows: EngineRows, columns: Mapping[str, _Column], sample: Sample
) -> dict[str, tuple[str, int]]:
    """Return of each column of numbers the most common one, and its rows."""
    frequent = {name: _frequent(sample.rows[name]) for name in columns}
    few = {n: columns[n] for n, values in frequent.items() if len(values) <= FEW}
    many = {n: v[:CANDIDATES] for n, v in frequent.items() if n not in few}
    questions = [
        Question(
            asked={
                f"n{at}": count_of(_equals(columns[name], value))
                for at, value in enumerate(values)
            },
            judge=lambda _: None,
        )
        for name, values in many.items()
    ]
    answers = answers_to(rows.table, questions)
    counted = {
        name: [(value, answer[f"n{at}"]) for at, value in enumerate(values)]
        for (name, values), answer in zip(many.items(), answers, strict=True)
    }
    for name, column in few.items():
        keyed = rows.table.select(**{VALUE: column.present.cast("float64")})
        counted[name] = _cells(count_by(keyed, [(VALUE,)]), VALUE)
    # Of several alike the smallest counts, as in memory.
    tops = {
        n: min((-count, value) for value, count in cells)
        for n, cells in counted.items()
    }
    return {name: (f"{value:.6g}", -count) for name, (count, value) in tops.items()}


def _equals(column: _Column, value: float) -> ir.BooleanValue:
    return (column.present.cast("float64") == double(value)).fill_null(FALSE)


def _frequent(values: pa.ChunkedArray) -> list[float]:
    """Return the different numbers of a sample, the most frequent first."""
    numbers = values.cast(pa.float64(), safe=False).drop_null().to_numpy()
    finite = numbers[np.isfinite(numbers)]
    different, counts = np.unique(finite, return_counts=True)
    order = np.lexsort((different, -counts))
    return [float(value) for value in different[order]]


def _hours(
    rows: EngineRows, contract: Contract, numbers: Mapping[str, _Column]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield rows by hour: of the timestamp, and of columns that count hours."""
    name = contract.columns.timestamp
    at = rows.table[rows.names[name]] if rows.has(rows.names[name]) else None
    if at is not None and at.type().is_timestamp():
        span = (at.epoch_seconds() / SPAN).floor().cast("int64")
        answer = count_by(rows.table.select(span=span), [("span",)])
        by_hour = [0] * HOURS
        has_zone = at.type().timezone is not None
        for number, count in _cells(answer, "span"):
            instant = datetime.fromtimestamp(number * SPAN, UTC)
            # Instants without an offset are the model's local time already.
            local = instant.astimezone(contract.zone) if has_zone else instant
            by_hour[local.hour] += count
        if any(by_hour):
            yield name, tuple(by_hour)
    for name in contract.columns.calendar:
        if name in numbers:
            hours = _hours_of(rows, numbers[name])
            if hours:
                yield name, hours


def _hours_of(rows: EngineRows, column: _Column) -> tuple[int, ...]:
    """Return a calendar column's rows by hour; none where it counts no hours."""
    values = column.present.cast("float64")
    question = Question(
        asked={
            "low": values.min(),
            "high": values.max(),
            "broken": count_of((values != values.floor()).fill_null(FALSE)),
        },
        judge=lambda _: None,
    )
    (ends,) = answers_to(rows.table, [question])
    # Months end at 12, so a larger number has to occur.
    if ends["broken"] or not (ends["low"] >= 0 and NOON < ends["high"] < HOURS):
        return ()
    answer = count_by(rows.table.select(hour=values.cast("int64")), [("hour",)])
    by_hour = [0] * HOURS
    for hour, count in _cells(answer, "hour"):
        by_hour[hour] += count
    return tuple(by_hour)


def _cells(answer: pa.Table, key: str) -> list[tuple[Any, int]]:
    pairs = zip(answer[key].to_pylist(), answer["n"].to_pylist(), strict=True)
    return [(value, count) for value, count in pairs if value is not None]
