"""Batches counted where they lie: rows in, `DayProfile`s out.

Written once in Ibis, five statements for any number of days and columns, executed
by the engine that holds the batch (DuckDB over Arrow by default); the statements lie in
`count_statements` and `outcome_statements`.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    MAX_CATEGORIES,
    Bins,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary
from monitoring_tasks.estimate.engine.batch import (
    COLUMN,
    DIMENSION,
    KEYS,
    SEGMENT,
    EngineBatch,
    load_batch,
    records_of,
    text_of,
)
from monitoring_tasks.estimate.engine.count_records import (
    BinCell,
    BinSums,
    CategoryCell,
    NamedCategory,
    NamedSegment,
    SegmentSize,
)
from monitoring_tasks.estimate.engine.count_statements import (
    bin_cells,
    bin_sums,
    by_segment,
    category_counts,
    segment_sizes,
)
from monitoring_tasks.estimate.engine.name_limits import (
    CATEGORY,
    limit_categories,
    limit_segments,
    most_common,
)
from monitoring_tasks.estimate.engine.outcome_records import read_outcomes
from monitoring_tasks.estimate.engine.outcome_statements import outcome_counts
from monitoring_tasks.estimate.engine.profile_records import Counted, profiles_from
from monitoring_tasks.rows.names import ALL, DAY


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
    loaded = load_batch(batch, contract)
    rows = by_segment(_of_version(loaded, version), loaded.contract.columns)
    sizes, rows = _bounded(rows, loaded, vocabulary)
    present = loaded.by_engine_name(bins)
    categories = _named_categories(rows, loaded, vocabulary)
    counted = Counted(
        sizes=sizes,
        sums=loaded.read(bin_sums(rows, present), BinSums) if present else [],
        cells=loaded.read(bin_cells(rows, present), BinCell) if present else [],
        categories=[] if categories is None else loaded.read(categories, CategoryCell),
        outcomes=read_outcomes(loaded, outcome_counts(rows, loaded.contract)),
    )
    profiles = profiles_from(contract, version, counted)
    # The whole day first: that is where readers look for it.
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
    loaded = load_batch(batch, contract)
    rows = by_segment(_of_version(loaded, version), loaded.contract.columns)
    sizes = segment_sizes(rows, loaded.contract.columns).filter(ibis._[SEGMENT] != ALL)
    segments = most_common(sizes, DIMENSION, SEGMENT, contract.policy.max_segments)
    watched = (record["segment"] for record in loaded.read(segments, NamedSegment))
    counted = category_counts(rows.filter(rows[SEGMENT] == ALL), loaded.contract)
    named: dict[str, list[str]] = defaultdict(list)
    if counted is not None:
        common = most_common(counted, COLUMN, CATEGORY, MAX_CATEGORIES)
        for record in loaded.read(common, NamedCategory):
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
    """Count one day; as `count_days`, for a batch whose rows are all of `day`.

    Args:
        batch: Predictions with the label column joined on, shape (n_rows, ...).
        contract: Says which column plays which role.
        day: The model's own calendar day.
        version: Only rows scored with this version are counted.
        bins: Bins by continuous column, from the version's reference.
    """
    days = pa.array([day] * batch.num_rows, pa.date32())
    return count_days(
        batch.append_column(DAY, days), contract=contract, version=version, bins=bins
    )


def _of_version(loaded: EngineBatch, version: str) -> ir.Table:
    table = loaded.table
    return table.filter(
        text_of(table, loaded.contract.columns.model_version) == version
    )


def _bounded(
    rows: ir.Table, loaded: EngineBatch, vocabulary: Vocabulary
) -> tuple[list[SegmentSize], ir.Table]:
    """Return the sizes of the segments that are counted, and their rows alone."""
    most = loaded.contract.policy.max_segments
    sizes = limit_segments(
        segment_sizes(rows, loaded.contract.columns),
        loaded.engine_segments(vocabulary.segments),
        most=most,
        most_others=0 if vocabulary.is_closed else most,
    )
    records = records_of(sizes, SegmentSize)
    own = [_with_own_segment(record, loaded) for record in records]
    # Nothing was left out: a join that keeps every row would only cost time.
    if all(record["of"] <= most for record in records):
        return own, rows
    kept = pa.table(
        {
            DAY: pa.array([record["day"] for record in records], pa.date32()),
            SEGMENT: pa.array([record["segment"] for record in records], pa.string()),
        }
    )
    return own, rows.semi_join(ibis.memtable(kept), KEYS)


def _with_own_segment(size: SegmentSize, loaded: EngineBatch) -> SegmentSize:
    return {**size, "segment": loaded.own_segment(size["segment"])}


def _named_categories(
    rows: ir.Table, loaded: EngineBatch, vocabulary: Vocabulary
) -> ir.Table | None:
    """Count categories, by name as far as the vocabulary and its bound allow."""
    counted = category_counts(rows, loaded.contract)
    if counted is None:
        return None
    return limit_categories(
        counted,
        loaded.by_engine_name(vocabulary.categories),
        most_others=0 if vocabulary.is_closed else MAX_CATEGORIES,
        unlimited=loaded.contract.columns.latency,
    )
