"""What is counted of columns: sums and bins of numbers, categories, latencies."""

import math
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LATENCY_GROWTH, Bins
from monitoring_tasks.engine.grouping_sets import columns_a_scan, in_parts
from monitoring_tasks.engine.values import double, number_of, text_of
from monitoring_tasks.estimate.engine.segment_rows import SegmentRows
from monitoring_tasks.rows.texts import with_short_texts

MOST_SUMS = 50
"""Columns whose sums one statement may reckon, seven each: engines bound its width."""
SUMS_A_BIN = 4
"""How many times as many columns are summed at once as are counted in bins: wider
statements hold more of the rows in memory."""
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
    a_scan = columns_a_scan(rows.rows.table, 1 + len(rows.keys))
    for names in in_parts(bins, min(SUMS_A_BIN * a_scan, MOST_SUMS)):
        table = rows.table({n: number_of(rows.rows.table[n]) for n in names})
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
    a_scan = columns_a_scan(rows.rows.table, 1 + len(rows.keys))
    for names in in_parts(bins, a_scan):
        keys = {
            f"{kind}_{name}": bin_number(
                number_of(rows.rows.table[name]), bins[name], n
            )
            for name in names
            for kind, n in ((COARSE, bins[name].coarse), (FINE, bins[name].fine))
        }
        sets = [
            keys_
            for name in names
            for keys_ in rows.sets(
                (f"{COARSE}_{name}", f"{FINE}_{name}"), (f"{COARSE}_{name}",)
            )
        ]
        for segment, answer in rows.read(rows.table(keys), sets).items():
            for name in names:
                coarse = f"{COARSE}_{name}"
                cells[segment, name] = _cells(
                    answer, {coarse: COARSE, f"{FINE}_{name}": FINE}, by=coarse
                )
    return cells


def _cells(answer: pa.Table, names: Mapping[str, str], *, by: str) -> pa.Table:
    """Return the cells of one column, by plain names; null is no cell."""
    own = answer.filter(pc.is_valid(answer[by]))
    return own.select([*names, "n"]).rename_columns([*names.values(), "n"])


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
    a_scan = columns_a_scan(rows.rows.table, 1 + len(rows.keys))
    for names in in_parts(values, a_scan):
        sets = [keys for name in names for keys in rows.sets((name,))]
        table = rows.table({name: values[name] for name in names})
        for segment, answer in rows.read(table, sets).items():
            for name in names:
                cells[segment, name] = _cells(answer, {name: VALUE}, by=name)
    return cells
