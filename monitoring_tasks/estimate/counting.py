"""Batches counted where they lie: rows in, `DayProfile`s out.

Written once in Ibis, five statements for any number of days and columns, executed
by the engine that holds the batch (DuckDB over Arrow by default). Rows meet a small
table of what to count, so the statements stay short; they use nothing but CASE,
joins, windows and GROUP BY. Bin numbers follow `numpy.histogram` to the last bit, on
every engine with IEEE doubles.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.column_kinds import counted_categories
from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    LATENCY_GROWTH,
    MAX_CATEGORIES,
    SCORE_BINS,
    Bins,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary
from monitoring_tasks.estimate.engine import (
    COLUMN,
    DIMENSION,
    KEYS,
    SEGMENT,
    VALUE,
    Entered,
    Records,
    enter,
    number_of,
    records_of,
    text_of,
)
from monitoring_tasks.estimate.name_limits import (
    CATEGORY,
    limit_categories,
    limit_segments,
    most_common,
)
from monitoring_tasks.estimate.profile_records import profiles_from
from monitoring_tasks.rows.names import ALL, DAY

UNKNOWN = "unknown"
LOW, HIGH, COARSE, FINE = "__low__", "__high__", "__coarse_bins__", "__fine_bins__"


def count_days(
    batch: pa.Table,
    *,
    contract: Contract,
    version: str,
    bins: Mapping[str, Bins],
    vocabulary: Vocabulary = OPEN,
) -> list[DayProfile]:
    """Count the rows of one model version, by day, as a whole and by segment.

    Args:
        batch: Predictions with the label column joined on and the day each row
            belongs to in the column `DAY`; shape (n_rows, ...).
        contract: Says which column plays which role.
        version: Only rows scored with this version are counted.
        bins: Bins by continuous column, from the version's reference; a continuous
            column without bins is left out.
        vocabulary: Values that are counted by name, from the version's reference.

    Returns:
        Day by day: the profile of all rows first, then one per value of every
        declared segment and protected column (`column=value`), as far as those are
        counted by name; a null value is the segment `column=unknown`.
    """
    entered = enter(batch, contract)
    rows = _by_segment(_of_version(entered, version), entered.contract.columns)
    sizes, rows = _bounded(rows, entered, vocabulary)
    present = entered.inside(bins)
    categories = _categories(rows, entered.contract)
    if categories is not None:
        categories = limit_categories(
            categories,
            entered.inside(vocabulary.categories),
            more=0 if vocabulary.is_closed else MAX_CATEGORIES,
            whole=entered.contract.columns.latency,
        )
    statements = (
        _sums(rows, present) if present else None,
        _cells(rows, present) if present else None,
        categories,
        _outcome(rows, entered.contract),
    )
    parts = tuple(
        [] if statement is None else entered.outside(records_of(statement))
        for statement in statements
    )
    profiles = profiles_from(contract, version, entered.outside(sizes), parts)
    return sorted(profiles, key=lambda p: (p.day, p.segment != ALL, p.segment))


def learn_vocabulary(
    batch: pa.Table, *, contract: Contract, version: str
) -> Vocabulary:
    """Choose what is counted by name of a reference: its most common values.

    Args:
        batch: As for `count_days`.
        contract: Says which column plays which role, and how many segments to watch.
        version: Only rows scored with this version are looked at.
    """
    entered = enter(batch, contract)
    rows = _by_segment(_of_version(entered, version), entered.contract.columns)
    sizes = _sizes(rows, entered.contract.columns).filter(ibis._[SEGMENT] != ALL)
    segments = most_common(sizes, DIMENSION, SEGMENT, contract.policy.max_segments)
    watched = (r["segment"] for r in entered.outside(records_of(segments)))
    counted = _categories(rows.filter(rows[SEGMENT] == ALL), entered.contract)
    named: dict[str, list[str]] = defaultdict(list)
    if counted is not None:
        common = most_common(counted, COLUMN, CATEGORY, MAX_CATEGORIES)
        for record in entered.outside(records_of(common)):
            named[record["column"]].append(record["category"])
    return Vocabulary(
        categories={name: tuple(sorted(values)) for name, values in named.items()},
        segments=tuple(sorted(watched)),
        is_closed=True,
    )


def count_day(
    batch: pa.Table,
    *,
    contract: Contract,
    day: date,
    version: str,
    bins: Mapping[str, Bins],
) -> list[DayProfile]:
    """Count one day; as `count_days`, for a batch whose rows are all of `day`."""
    days = pa.array([day] * batch.num_rows, pa.date32())
    return count_days(
        batch.append_column(DAY, days), contract=contract, version=version, bins=bins
    )


def _of_version(entered: Entered, version: str) -> ir.Table:
    table = entered.table
    return table.filter(
        text_of(table, entered.contract.columns.model_version) == version
    )


def _bounded(
    rows: ir.Table, entered: Entered, vocabulary: Vocabulary
) -> tuple[Records, ir.Table]:
    """Give the sizes of the segments that are counted, and their rows alone."""
    most = entered.contract.policy.max_segments
    sizes = limit_segments(
        _sizes(rows, entered.contract.columns),
        entered.inside_segments(vocabulary.segments),
        most=most,
        more=0 if vocabulary.is_closed else most,
    )
    records = records_of(sizes)
    if all(record["of"] <= most for record in records):
        return records, rows
    kept = pa.table(
        {
            DAY: pa.array([record["day"] for record in records], pa.date32()),
            SEGMENT: pa.array([record["segment"] for record in records], pa.string()),
        }
    )
    return records, rows.semi_join(ibis.memtable(kept), KEYS)


def _by_segment(table: ir.Table, columns: Columns) -> ir.Table:
    """Repeat every row for each dimension, with the segment it falls in there."""
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


def _sizes(rows: ir.Table, columns: Columns) -> ir.Table:
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


def _sums(rows: ir.Table, bins: Mapping[str, Bins]) -> ir.Table:
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


def _cells(rows: ir.Table, bins: Mapping[str, Bins]) -> ir.Table:
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
    share = (width > 0).ifelse((x - low) / width, 1.0)
    guess = ibis.greatest(ibis.least((share * n).floor(), n - 1.0), 0.0)
    number = ibis.cases(
        (x < guess * step + low, guess - 1.0),
        ((x >= (guess + 1.0) * step + low) & (guess < n - 1.0), guess + 1.0),
        else_=guess,
    )
    return number.cast("int64")


def _categories(rows: ir.Table, contract: Contract) -> ir.Table | None:
    """Count by category, and by latency bin under the latency column's name."""
    columns = contract.columns
    names = [name for name in counted_categories(contract) if name in rows.columns]
    values = {name: text_of(rows, name) for name in names}
    if columns.latency and columns.latency in rows.columns:
        seconds = number_of(rows[columns.latency])
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


def _outcome(rows: ir.Table, contract: Contract) -> ir.Table:
    if contract.problem is Problem.BINARY:
        return _binary(rows, contract.columns)
    if contract.problem is Problem.MULTICLASS:
        return _multiclass(rows, contract.columns)
    return _regression(rows, contract.columns)


def _binary(rows: ir.Table, columns: Columns) -> ir.Table:
    score = rows[str(columns.score)].cast("float64")
    usable = score.between(0, 1) & score.notnull() & ~score.isnan()
    cells = rows.mutate(
        bin=usable.ifelse((score * SCORE_BINS).floor().clip(0, SCORE_BINS - 1), -1.0)
        .fill_null(-1.0)
        .cast("int64"),
        predicted=rows[columns.prediction].cast("int64").fill_null(-1),
        label=rows[columns.label].cast("int64").fill_null(-1),
        score=usable.ifelse(score, 0.0).fill_null(0.0),
    )
    return cells.group_by([*KEYS, "bin", "predicted", "label"]).aggregate(
        n=cells.count(), scores=cells["score"].sum()
    )


def _multiclass(rows: ir.Table, columns: Columns) -> ir.Table:
    cells = rows.mutate(
        predicted=text_of(rows, columns.prediction), label=text_of(rows, columns.label)
    )
    return cells.group_by([*KEYS, "predicted", "label"]).aggregate(n=cells.count())


def _regression(rows: ir.Table, columns: Columns) -> ir.Table:
    predicted = number_of(rows[columns.prediction])
    label = number_of(rows[columns.label])
    error = predicted - label
    logs = (predicted > -1) & (label > -1)
    log_error = logs.ifelse(
        (predicted + 1).ln() - (label + 1).ln(), ibis.null("float64")
    )
    sums = {
        "e": error,
        "e2": error**2,
        "e4": error**4,
        "abs": error.abs(),
        "y": error.notnull().ifelse(label, ibis.null("float64")),
        "y2": error.notnull().ifelse(label**2, ibis.null("float64")),
        "sq_log": log_error**2,
        "sq_log2": log_error**4,
    }
    return rows.group_by(KEYS).aggregate(
        n=rows.count(),
        labelled=error.count(),
        logs=log_error.count(),
        **{name: value.sum().fill_null(0.0) for name, value in sums.items()},
    )
