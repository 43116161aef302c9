"""The statements that count columns, and the rows they count.

Rows meet a small table of what to count, so the statements stay short; they use nothing
but CASE, joins, windows and GROUP BY. Bin numbers follow `numpy.histogram` to the last
bit, on every engine with IEEE doubles.
"""

import math
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.column_kinds import category_columns
from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LATENCY_GROWTH, Bins
from monitoring_tasks.estimate.engine.batch import (
    COLUMN,
    DIMENSION,
    KEYS,
    SEGMENT,
    VALUE,
    number_of,
    text_of,
)
from monitoring_tasks.rows.names import ALL, DAY

UNKNOWN = "unknown"
"""The segment of the rows whose value is null."""
LOW, HIGH, COARSE, FINE = "__low__", "__high__", "__coarse_bins__", "__fine_bins__"
"""Names of ours for the bins of a continuous column."""


def by_segment(table: ir.Table, columns: Columns) -> ir.Table:
    """Repeat every row for each dimension, with the segment it falls in there.

    Args:
        table: Rows under the engine's names.
        columns: The contract's columns in those names; dimension 0 is the whole day.
    """
    dimensions = tuple(dict.fromkeys((*columns.segments, *columns.protected)))
    numbers = dict(enumerate(dimensions, start=1))
    listed = ibis.memtable({DIMENSION: [0, *numbers]})
    rows = table.cross_join(listed)
    segment = ibis.cases(
        (rows[DIMENSION] == 0, ALL),
        *(
            (
                rows[DIMENSION] == number,
                ibis.literal(f"{name}=") + text_of(rows, name).fill_null(UNKNOWN),
            )
            for number, name in numbers.items()
        ),
    )
    return rows.mutate(**{SEGMENT: segment, DAY: rows[DAY].cast("date")})


def segment_sizes(rows: ir.Table, columns: Columns) -> ir.Table:
    """Count all, labelled and failed rows by dimension, day and segment.

    Args:
        rows: Rows under the engine's names, repeated by segment.
        columns: The contract's columns in those names.
    """
    failed = (
        rows[columns.error].cast("int64").sum().fill_null(0)
        if columns.error in rows.columns
        else ibis.literal(0, "int64")
    )
    return rows.group_by([DIMENSION, *KEYS]).aggregate(
        n=rows.count(), labelled=rows[columns.label].count(), failed=failed
    )


def _long(rows: ir.Table, bins: Mapping[str, Bins]) -> ir.Table:
    """Repeat every row for each continuous column: its name, value and bins."""
    # A table of what to count, not a statement a column: the number of statements does
    # not grow with the columns (decision 1).
    names = list(bins)
    listed = ibis.memtable(
        {
            COLUMN: names,
            LOW: [float(bins[name].low) for name in names],
            HIGH: [float(bins[name].high) for name in names],
            COARSE: [bins[name].coarse for name in names],
            FINE: [bins[name].fine for name in names],
        }
    )
    long = rows.cross_join(listed)
    value = ibis.cases(
        *((long[COLUMN] == name, long[name].cast("float64")) for name in names)
    )
    return long.select(*KEYS, *listed.columns, **{VALUE: number_of(value)})


def bin_sums(rows: ir.Table, bins: Mapping[str, Bins]) -> ir.Table:
    """Sum every continuous column by day and segment: rows, values, squares, outliers.

    Args:
        rows: Rows under the engine's names, repeated by segment.
        bins: Bins by continuous column, under the engine's names.
    """
    long = _long(rows, bins)
    x, low, high = long[VALUE], long[LOW], long[HIGH]
    below, above = x < low, x > high
    return long.group_by([*KEYS, COLUMN]).aggregate(
        n=long.count(),
        valid=x.count(),
        below=below.sum().fill_null(0).cast("int64"),
        above=above.sum().fill_null(0).cast("int64"),
        below_distance=below.ifelse(low - x, 0.0).sum().fill_null(0.0),
        above_distance=above.ifelse(x - high, 0.0).sum().fill_null(0.0),
        total=x.sum().fill_null(0.0),
        squares=(x * x).sum().fill_null(0.0),
    )


def bin_cells(rows: ir.Table, bins: Mapping[str, Bins]) -> ir.Table:
    """Count the values of every continuous column by day, segment and bin.

    Args:
        rows: Rows under the engine's names, repeated by segment.
        bins: Bins by continuous column, under the engine's names.

    Returns:
        Rows `n` by `coarse` and `fine` bin; segments have no fine bins (-1).
    """
    long = _long(rows, bins)
    inside = long.filter(long[VALUE].between(long[LOW], long[HIGH]))
    fine = (inside[SEGMENT] == ALL).ifelse(_bin_number(inside, inside[FINE]), -1)
    numbered = inside.mutate(coarse=_bin_number(inside, inside[COARSE]), fine=fine)
    return numbered.group_by([*KEYS, COLUMN, "coarse", "fine"]).aggregate(
        n=numbered.count()
    )


def _bin_number(rows: ir.Table, count: ir.IntegerColumn) -> ir.Value:
    """Number the equal-width bin of `x`, corrected at the edges as numpy does.

    The edges are `i * step + low`, as `numpy.linspace` computes them.
    """
    x, low = rows[VALUE], rows[LOW]
    n, width = count.cast("float64"), rows[HIGH] - low
    step = width / n
    # Bins around a constant so large that 0.5 is lost in it have no width.
    share = (width > 0).ifelse((x - low) / width, 1.0)
    guess = ibis.greatest(ibis.least((share * n).floor(), n - 1.0), 0.0)
    number = ibis.cases(
        (x < guess * step + low, guess - 1.0),
        ((x >= (guess + 1.0) * step + low) & (guess < n - 1.0), guess + 1.0),
        else_=guess,
    )
    return number.cast("int64")


def category_counts(rows: ir.Table, contract: Contract) -> ir.Table | None:
    """Count by category, and by latency bin under the latency column's name.

    Args:
        rows: Rows under the engine's names, repeated by segment.
        contract: The contract in those names.

    Returns:
        Rows `n` by day, segment, column and category; None without such a column.
    """
    columns = contract.columns
    names = [name for name in category_columns(contract) if name in rows.columns]
    values = {name: text_of(rows, name) for name in names}
    if columns.latency and columns.latency in rows.columns:
        seconds = number_of(rows[columns.latency])
        # Bins grow by a factor, and 0 has no logarithm.
        lasted = (seconds > 0).ifelse(seconds, ibis.null("float64"))
        number = (lasted.ln() / math.log(LATENCY_GROWTH)).floor().cast("int64")
        values[columns.latency] = number.cast("string")
    if not values:
        return None
    wide = rows.mutate(**{f"{VALUE}{name}": value for name, value in values.items()})
    long = wide.cross_join(ibis.memtable({COLUMN: pa.array(list(values), "string")}))
    category = ibis.cases(
        *((long[COLUMN] == name, long[f"{VALUE}{name}"]) for name in values),
        else_=ibis.null("string"),
    )
    long = long.mutate(category=category)
    return long.group_by([*KEYS, COLUMN, "category"]).aggregate(n=long.count())
