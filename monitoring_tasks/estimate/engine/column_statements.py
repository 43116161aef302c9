"""What is counted of columns: sums of numbers, categories, latencies."""

import math
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LATENCY_GROWTH, Bins
from monitoring_tasks.engine.grouping_sets import (
    columns_a_scan,
    computed_once,
    in_parts,
)
from monitoring_tasks.engine.values import double, number_of, text_of
from monitoring_tasks.estimate.engine.segment_rows import Cells, SegmentRows
from monitoring_tasks.rows.texts import with_short_texts

SUMS_A_SCAN = 4
"""Columns whose sums one statement reckons: wider ones hold more rows in memory."""
KEYS_A_SCAN = 1
"""Columns one statement counts by: where columns are read alone, more save nothing."""
VALUE = "value"
Sums = dict[str, dict[str, float]]
"""Segment -> `<sum>_<column>` -> the sum."""


def bin_sums(rows: SegmentRows, bins: Mapping[str, Bins]) -> Sums:
    """Return the sums of continuous columns by segment.

    Args:
        rows: The rows.
        bins: Bins by continuous column, under the engine's names.
    """
    sums: Sums = {}
    for names in in_parts(bins, columns_a_scan(rows.rows.table, SUMS_A_SCAN)):
        numbers = {name: number_of(rows.rows.table[name]) for name in names}
        table = computed_once(rows.table(numbers))
        metrics = {
            f"{kind}_{name}": value
            for name in names
            for kind, value in _sums(table[name], bins[name]).items()
        }
        for segment, answer in rows.read(table, rows.sets(()), metrics).items():
            sums.setdefault(segment, {}).update(answer.to_pylist()[0])
    return sums


def _sums(x: ir.FloatingColumn, bins: Bins) -> dict[str, ir.Scalar]:
    low, high = double(bins.low), double(bins.high)
    below, above = x < low, x > high

    def summed(
        value: ir.FloatingColumn, where: ir.BooleanValue | None = None
    ) -> ir.Scalar:
        return value.sum(where=where).fill_null(double(0))

    return {
        "valid": x.count(),
        "below": x.count(where=below),
        "above": x.count(where=above),
        "under_by": summed(low - x, below),
        "over_by": summed(x - high, above),
        "total": summed(x),
        "squares": summed(x * x),
    }


def category_cells(rows: SegmentRows, names: Sequence[str]) -> Cells:
    """Count rows by segment and category; rows without one are in no cell.

    Args:
        rows: The rows.
        names: Categorical columns that are there, under the engine's names.
    """
    table = rows.rows.table
    cells = _key_cells(rows, {name: text_of(table[name]) for name in names})
    # Cut here and not in the engine: different texts stay different.
    return {about: with_short_texts(part, [VALUE]) for about, part in cells.items()}


def latency_cells(rows: SegmentRows, name: str) -> Cells:
    """Count rows by segment and latency bin.

    Args:
        rows: The rows.
        name: The column of seconds, under the engine's name.
    """
    seconds = number_of(rows.rows.table[name])
    # Bins grow by a factor, and 0 has no logarithm.
    lasted = (seconds > 0).ifelse(seconds, ibis.null("float64"))
    number = (lasted.ln() / double(math.log(LATENCY_GROWTH))).floor().cast("int64")
    return _key_cells(rows, {name: number})


def _key_cells(rows: SegmentRows, values: Mapping[str, ir.Value]) -> Cells:
    cells: Cells = {}
    for names in in_parts(values, columns_a_scan(rows.rows.table, KEYS_A_SCAN)):
        keys = {name: f"{VALUE}_{at}" for at, name in enumerate(names)}
        table = rows.table({key: values[name] for name, key in keys.items()})
        sets = [keyed for key in keys.values() for keyed in rows.sets((key,))]
        for segment, answer in rows.read(table, sets).items():
            for name, key in keys.items():
                # Of the groupings of other columns it is null, and null is no cell.
                of_column = answer.filter(pc.is_valid(answer[key]))
                cells[segment, name] = pa.table(
                    {VALUE: of_column[key], "n": of_column["n"]}
                )
    return cells
