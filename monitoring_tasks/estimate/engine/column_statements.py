"""What is counted of columns: sums and bins of numbers, categories, latencies."""

import math
from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LATENCY_GROWTH, Bins
from monitoring_tasks.engine.grouping_sets import computed_once, in_parts
from monitoring_tasks.engine.values import double, number_of, text_of
from monitoring_tasks.estimate.engine.segment_rows import SegmentRows
from monitoring_tasks.rows.texts import with_short_texts

SUMS_A_SCAN = 4
"""Columns whose sums one statement reckons: wider ones hold more rows in memory."""
COARSE, FINE, VALUE = "coarse", "fine", "value"
Cells = dict[tuple[str, str], pa.Table]
"""Segment and column -> its cells: a row each, and `n`."""
Sums = dict[str, dict[str, float]]
"""Segment -> `<sum>_<column>` -> the sum."""


def bin_sums(rows: SegmentRows, bins: Mapping[str, Bins]) -> Sums:
    """Return the sums of continuous columns by segment.

    Args:
        rows: The rows.
        bins: Bins by continuous column, under the engine's names.
    """
    sums: Sums = {}
    for names in in_parts(bins, SUMS_A_SCAN):
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
    low, high, nothing = double(bins.low), double(bins.high), double(0)
    below, above = x < low, x > high

    def counted(condition: ir.BooleanValue) -> ir.Scalar:
        return condition.ifelse(1, 0).sum().fill_null(0).cast("int64")

    def summed(value: ir.FloatingValue) -> ir.Scalar:
        return value.sum().fill_null(nothing)

    return {
        "valid": x.count(),
        "below": counted(below),
        "above": counted(above),
        "under_by": summed(below.ifelse(low - x, nothing)),
        "over_by": summed(above.ifelse(x - high, nothing)),
        "total": summed(x),
        "squares": summed(x * x),
    }


def bin_cells(rows: SegmentRows, bins: Mapping[str, Bins]) -> Cells:
    """Count the values of continuous columns by segment and bin.

    Args:
        rows: The rows.
        bins: Bins by continuous column, under the engine's names.

    Returns:
        Rows by `coarse` bin; of the whole day by `coarse` and `fine`.
    """
    cells: Cells = {}
    for name, of_column in bins.items():
        number = rows.table({VALUE: number_of(rows.rows.table[name])})
        table = computed_once(number)
        keys = {
            COARSE: bin_number(table[VALUE], of_column, of_column.coarse),
            FINE: bin_number(table[VALUE], of_column, of_column.fine),
        }
        binned = table.select(*rows.keys, **keys)
        sets = rows.sets((COARSE, FINE), (COARSE,))
        for segment, answer in rows.read(binned, sets).items():
            cells[segment, name] = _cells(answer, keys, by=COARSE)
    return cells


def _cells(answer: pa.Table, names: Iterable[str], *, by: str) -> pa.Table:
    """Return the cells of one column; null is no cell."""
    return answer.filter(pc.is_valid(answer[by])).select([*names, "n"])


def bin_number(x: ir.FloatingColumn, bins: Bins, count: int) -> ir.IntegerValue:
    """Number the equal-width bin of a value, corrected at the edges as numpy does.

    The edges are `i * step + low`, as `numpy.linspace` computes them.

    Args:
        x: Doubles; null where there is none.
        bins: Its first and last edge.
        count: How many bins there are.

    Returns:
        Null where the value is none, or outside the bins.
    """
    width = bins.high - bins.low
    low, high, step = double(bins.low), double(bins.high), double(width / count)
    last, one = double(count - 1), double(1)
    # Bins around a constant so large that 0.5 is lost in it have no width.
    share = (x - low) / double(width) if width > 0 else one
    scaled = (share * double(count)).floor()
    guess = ibis.greatest(ibis.least(scaled, last), double(0))
    number = ibis.cases(
        (x < guess * step + low, guess - one),
        ((x >= (guess + one) * step + low) & (guess < last), guess + one),
        else_=guess,
    )
    # The number inside the branch: outside the bins it may be none an integer holds.
    return ((x >= low) & (x <= high)).ifelse(number.cast("int64"), ibis.null("int64"))


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
    for name, value in values.items():
        table = rows.table({VALUE: value})
        for segment, answer in rows.read(table, rows.sets((VALUE,))).items():
            cells[segment, name] = _cells(answer, (VALUE,), by=VALUE)
    return cells
