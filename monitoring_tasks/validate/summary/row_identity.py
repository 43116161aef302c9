"""Rows as what went into the model: which are there twice, and which were yesterday's.

Rows are known by a hash of their inputs, whatever their ids, and days are compared by
the smallest hashes of each: those of equal rows are the same on every day, so that a
few hundred of them tell which share two days have in common (a bottom-k sketch: Cohen
and Kaplan 2007, Summarizing Data Using Bottom-k Sketches, PODC).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.rows.column_arrays import filled
from monitoring_tasks.validate.summary.related_columns import (
    categories_of,
    holds_categories,
    holds_numbers,
)

Hashes = NDArray[np.uint64]
COPIED = "copied"
STALE = "stale"
SKETCHED = 512
"""Smallest hashes that are kept of a day."""
BITS = 40
"""Of a hash that are kept: what is equal by chance stays below a day's rows / 2**40."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd, its bits at random (splitmix64: Steele, Lea and Flood 2014, OOPSLA)."""


def with_identity(
    summary: BatchSummary, table: pa.Table, contract: Contract
) -> BatchSummary:
    """Return a summary that also knows its rows by their inputs.

    Calendar columns are left out: rows delivered again are dated anew. Where an input
    is absent or of another type, nothing is known.

    Args:
        summary: Of the rows.
        table: The rows, their texts short.
        contract: Declares the inputs.
    """
    hashes = input_hashes(table, contract)
    if hashes is None:
        return summary
    distinct, rows = np.unique(_smallest(hashes), return_counts=True)
    kept = distinct[:SKETCHED]
    counted = rows[:SKETCHED]
    copied = int(counted[counted > 1].sum()), int(counted.sum())
    return replace(
        summary,
        sketch=tuple(kept.tolist()),
        unlike={**summary.unlike, f"{COPIED}/": copied},
    )


def held_against(summary: BatchSummary, before: BatchSummary | None) -> BatchSummary:
    """Return a summary that also counts the rows that were in the day before.

    Of the distinct inputs of the day, those the day before had too.

    Args:
        summary: Of the day.
        before: Of the last day before; None where there is none.
    """
    if before is None or not (summary.sketch and before.sketch):
        return summary
    # Below the smaller end both sketches are complete.
    ends = [s.sketch[-1] for s in (summary, before) if len(s.sketch) == SKETCHED]
    end = min(ends, default=2**BITS)
    asked = [value for value in summary.sketch if value <= end]
    if not asked:
        return summary
    again = len(set(asked) & set(before.sketch))
    return replace(summary, unlike={**summary.unlike, f"{STALE}/": (again, len(asked))})


def each_held_against_the_last(days: Sequence[BatchSummary]) -> list[BatchSummary]:
    """Return days, each held against the one before it; the first against none.

    Args:
        days: Oldest first.
    """
    return [*days[:1], *(held_against(day, last) for last, day in pairwise(days))]


def input_hashes(table: pa.Table, contract: Contract) -> Hashes | None:
    """Return a hash of every row's inputs, the same in every process.

    Args:
        table: The rows, their texts short.
        contract: Declares the inputs.

    Returns:
        Shape (n_rows,), below 2**40; None where an input cannot be read, or where there
        is none.
    """
    columns, names = contract.columns, table.column_names
    inputs = dict.fromkeys((*columns.continuous, *columns.categorical))
    if not inputs or any(names.count(name) != 1 for name in inputs):
        return None
    hashes = np.zeros(table.num_rows, dtype=np.uint64)
    for name in inputs:
        is_numeric, column = name in columns.continuous, table.column(name)
        if not (holds_numbers(column) if is_numeric else holds_categories(column)):
            return None
        hashes *= _MIX
        hashes ^= _of_numbers(column) if is_numeric else _of_categories(column)
        hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    hashes >>= np.uint64(64 - BITS)
    return hashes


def _smallest(hashes: Hashes) -> Hashes:
    """Return all rows of the smallest hashes, more distinct ones than are kept."""
    width = 4 * SKETCHED
    while width < len(hashes):
        end = np.partition(hashes, width)[width]
        smallest: Hashes = hashes[hashes <= end]
        if len(np.unique(smallest)) > SKETCHED:
            return smallest
        width *= 8
    return hashes


def _of_numbers(column: pa.ChunkedArray) -> Hashes:
    values = filled(column.cast(pa.float64()), np.nan).to_numpy()
    # Minus nothing is nothing. In place: large days have millions of rows.
    hashes: Hashes = (values + 0.0).view(np.uint64)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _of_categories(column: pa.ChunkedArray) -> Hashes:
    coded = categories_of(column)
    digests = [
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        for text in coded.texts
    ]
    # A null picks the last entry.
    return np.array([*digests, 0], dtype=np.uint64)[coded.codes]
