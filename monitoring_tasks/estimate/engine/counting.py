"""Batches counted where they lie: rows in an engine in, `DayProfile`s out.

`estimate/counting.py` counts the same of rows in memory; a test holds the two against
each other. No row is repeated: a segment is one more grouping of the same scan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np

from monitoring_tasks.contract.column_kinds import category_columns
from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.texts import short_text
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary, vocabulary_of
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import integer_of_flag, text_of
from monitoring_tasks.estimate.engine.bin_statements import bin_cells
from monitoring_tasks.estimate.engine.column_statements import (
    bin_sums,
    category_cells,
    latency_cells,
)
from monitoring_tasks.estimate.engine.outcome_statements import read_outcomes
from monitoring_tasks.estimate.engine.profile_columns import (
    categorical_counts,
    continuous_counts,
    service_counts,
)
from monitoring_tasks.estimate.engine.segment_rows import (
    Cells,
    Kept,
    SegmentRows,
    values_by_key,
)
from monitoring_tasks.estimate.segment_tally import SegmentTally
from monitoring_tasks.rows.names import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """Rows of a segment: all, and failed ones."""

    n: int
    failed: int


def count_day(
    rows: EngineRows,
    *,
    day: date,
    version: str,
    bins: Mapping[str, Bins],
    vocabulary: Vocabulary = OPEN,
    labelled: EngineRows | None = None,
) -> list[DayProfile]:
    """Count the rows of one model version, as a whole and by segment.

    Args:
        rows: The rows of the day.
        day: The model's own calendar day.
        version: Only rows scored with this version are counted.
        bins: Bins by continuous column, from the version's reference; a continuous
            column without bins is left out.
        vocabulary: Values that are counted by name, from the version's reference.
        labelled: The rows with the label column joined on, read by the one statement
            that asks for labels; `rows` has it unless given.

    Returns:
        The profile of all rows first, then one per value of every declared segment and
        protected column (`column=value`), as far as those are counted by name; a null
        value is the segment `column=unknown`. None at all for a version without rows.
    """
    columns = rows.contract.columns
    of_version = _of_version(rows, version)
    split = dict.fromkeys((*columns.segments, *columns.protected))
    own = rows.own_names
    keys = {f"s{number}": own[name] for number, name in enumerate(split)}
    every = SegmentRows(rows=of_version, keys=keys, kept={})
    sizes = _sizes(every)
    if not sizes[ALL].n:
        return []
    kept = _kept(sizes, every, vocabulary)
    values = values_by_key(sizes, keys, kept)
    segments = SegmentRows(rows=of_version, keys=keys, kept=kept, values=values)
    with_labels = of_version if labelled is None else _of_version(labelled, version)
    profiles = _profiles(
        segments,
        replace(segments, rows=with_labels),
        {s: size for s, size in sizes.items() if segments.is_counted_by_name(s)},
        day=day,
        version=version,
        bins=rows.by_engine_name(dict(sorted(bins.items()))),
        vocabulary=vocabulary,
    )
    # The whole day first: that is where readers look for it.
    return sorted(profiles, key=lambda p: (p.segment != ALL, p.segment))


def _of_version(rows: EngineRows, version: str) -> EngineRows:
    text = text_of(rows.table[rows.contract.columns.model_version])
    return rows.with_table(rows.table.filter(text == version))


def count_versions_in_engine(
    rows: EngineRows,
    labelled: EngineRows,
    *,
    day: date,
    versions: Iterable[str],
    reference_of: Callable[[str], ReferenceProfile | None],
) -> dict[str, Sequence[DayProfile]]:
    """Return the profiles of every version: the whole day first, then its segments.

    Args:
        rows: The rows of the day.
        labelled: The rows with the label column joined on.
        day: The model's own calendar day.
        versions: Those that scored some of them.
        reference_of: From a version to its reference, which brings bins and
            vocabulary; None where it has none.
    """
    references = {version: reference_of(version) for version in sorted(versions)}
    return {
        version: count_day(
            rows,
            day=day,
            version=version,
            bins=reference.bins if reference else {},
            vocabulary=vocabulary_of(reference),
            labelled=labelled,
        )
        for version, reference in references.items()
    }


def _short(segment: str, columns: Iterable[str]) -> str:
    """Return a segment with its value cut as texts in memory are."""
    for own in columns:
        if segment.startswith(f"{own}="):
            return f"{own}={short_text(segment.removeprefix(f'{own}='))}"
    return segment


def _sizes(rows: SegmentRows) -> dict[str, _Size]:
    """Return rows and failed ones of every segment."""
    columns, engine = rows.rows.contract.columns, rows.rows
    error = columns.error
    failed: ir.Value = ibis.literal(0)
    if error is not None and engine.has(error):
        value = engine.table[error]
        is_flag = value.type().is_boolean()
        failed = integer_of_flag(value) if is_flag else value.cast("int64")
    counted = rows.table({"failed": failed})
    # An error that is counted from -1 on would take failures away.
    positive = ibis.greatest(counted["failed"].fill_null(0), 0)
    metrics = {"failed": positive.sum().fill_null(0).cast("int64")}
    answers = rows.read(counted, rows.sets(()), metrics)
    return {
        segment: _Size(**answer.select(["n", "failed"]).to_pylist()[0])
        for segment, answer in answers.items()
    }


def _kept(
    sizes: Mapping[str, _Size], rows: SegmentRows, vocabulary: Vocabulary
) -> Kept:
    """Choose the segments that are counted by name, of the columns that have more."""
    most = rows.rows.contract.policy.max_segments
    most_others = 0 if vocabulary.is_closed else most
    kept = {}
    for key, own in rows.keys.items():
        tally = SegmentTally(own)
        values, counts = [], []
        for segment, size in sizes.items():
            if segment.startswith(f"{own}="):
                value = segment.removeprefix(f"{own}=")
                tally.texts.code(short_text(value))
                values.append(value)
                counts.append(size.n)
        tally.rows = np.array(counts, dtype=np.int64)
        codes = tally.kept(vocabulary.segments, most=most, most_others=most_others)
        if len(codes) < len(counts):
            kept[key] = [values[code] for code in codes]
    return kept


def _profiles(
    rows: SegmentRows,
    with_labels: SegmentRows,
    sizes: Mapping[str, _Size],
    *,
    day: date,
    version: str,
    bins: Mapping[str, Bins],
    vocabulary: Vocabulary,
) -> list[DayProfile]:
    contract, own = rows.rows.contract, rows.rows.own_names
    columns = contract.columns
    categorical = [name for name in category_columns(contract) if rows.rows.has(name)]
    cells = bin_cells(rows, bins)
    sums = bin_sums(rows, bins)
    named = category_cells(rows, categorical)
    latencies: Cells = {}
    if columns.latency is not None and rows.rows.has(columns.latency):
        latencies = latency_cells(rows, columns.latency)
    outcomes, labelled = read_outcomes(with_labels)
    has_service = columns.latency is not None or columns.error is not None
    return [
        DayProfile(
            model=contract.model,
            day=day,
            version=version,
            segment=_short(segment, rows.keys.values()),
            rows=size.n,
            labelled=labelled[segment],
            columns={
                own[name]: continuous_counts(
                    size.n, name, sums[segment], cells.get((segment, name))
                )
                for name in bins
            }
            | {
                own[name]: categorical_counts(
                    size.n,
                    named.get((segment, name)),
                    vocabulary.categories.get(own[name], ()),
                    is_closed=vocabulary.is_closed,
                )
                for name in categorical
            },
            outcome=outcomes[segment],
            service=service_counts(
                size.n, size.failed, latencies.get((segment, str(columns.latency)))
            )
            if has_service
            else None,
        )
        for segment, size in sizes.items()
    ]
