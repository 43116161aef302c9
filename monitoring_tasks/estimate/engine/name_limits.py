"""Bounds inside the engine: which values are counted by name, and the rest as one.

A reference learns its vocabulary first, over all its days, so that every day of it is
counted in the same names and can be taken out of it again.
"""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.estimate.engine.batch import COLUMN, DIMENSION, KEYS, SEGMENT
from monitoring_tasks.rows.names import ALL, DAY

CATEGORY = "category"
OTHER = "is_other"
_NAMED = "__named__"


def limit_categories(
    counted: ir.Table,
    vocabulary: Mapping[str, tuple[str, ...]],
    *,
    most_others: int,
    unlimited: str | None = None,
) -> ir.Table:
    """Count by name the vocabulary and the most common others, all else together.

    Args:
        counted: Rows `n` by day, segment, column and category.
        vocabulary: Column -> values that keep their name.
        most_others: How many other values of a column keep theirs; ties in the order
            of their texts.
        unlimited: A column whose values all keep theirs.

    Returns:
        Rows `n`, and how many `categories` they are in, by day, segment, column,
        category and `OTHER`; the category of what was put together is null.
    """
    listed = {
        COLUMN: [name for name, values in vocabulary.items() for _ in values],
        CATEGORY: [value for values in vocabulary.values() for value in values],
    }
    marked = _marked(counted, listed)
    rank = _rank(marked, [*KEYS, COLUMN, _NAMED], CATEGORY)
    # Null is no category: it is counted apart, whatever its rank.
    is_other = ~marked[_NAMED] & (rank >= most_others) & marked[CATEGORY].notnull()
    # Bins of the latency are added up again later; put together they would be lost.
    is_other &= marked[COLUMN] != (unlimited or "")
    bounded = marked.mutate(**{OTHER: is_other})
    bounded = bounded.mutate(
        **{CATEGORY: bounded[OTHER].ifelse(ibis.null("string"), bounded[CATEGORY])}
    )
    return bounded.group_by([*KEYS, COLUMN, CATEGORY, OTHER]).aggregate(
        n=bounded["n"].sum(), categories=bounded.count()
    )


def limit_segments(
    sizes: ir.Table, named: Sequence[str], *, most: int, most_others: int
) -> ir.Table:
    """Keep the segments that are named, and the largest others up to `most`.

    Args:
        sizes: Rows `n` by day, dimension and segment.
        named: Segments that are kept.
        most: How many segments of a dimension are kept, the named ones too.
        most_others: How many of them may be others.

    Returns:
        The kept ones, and in `of` how many there were of the dimension.
    """
    marked = _marked(sizes, {SEGMENT: list(named)})
    kept_by_name = (
        marked[_NAMED].cast("int64").sum().over(ibis.window(group_by=[DAY, DIMENSION]))
    )
    # Named segments come first: they are those the reference can be compared in.
    free = ibis.greatest(ibis.least(most - kept_by_name, most_others), 0)
    rank = _rank(marked, [DAY, DIMENSION, _NAMED], SEGMENT)
    is_kept = (marked[SEGMENT] == ALL) | marked[_NAMED] | (rank < free)
    of = marked.count().over(ibis.window(group_by=[DAY, DIMENSION]))
    kept = marked.mutate(is_kept=is_kept, of=of)
    return kept.filter(kept["is_kept"]).drop("is_kept", _NAMED)


def most_common(counted: ir.Table, by: str, value: str, most: int) -> ir.Table:
    """Return the `most` most common values by column or dimension, over all days.

    Args:
        counted: Rows `n` by day, `by` and `value`.
        by: What values are ranked within: `COLUMN` or `DIMENSION`.
        value: The column that holds them; null ones are left out.
        most: How many of each, >= 1.
    """
    total = counted.filter(counted[value].notnull())
    total = total.group_by([by, value]).aggregate(n=total["n"].sum())
    ranked = total.mutate(rank=_rank(total, [by], value))
    return ranked.filter(ranked["rank"] < most).select(by, value)


def _marked(counted: ir.Table, listed: Mapping[str, Sequence[str]]) -> ir.Table:
    """Mark the rows that are listed, by their texts in the listed columns."""
    arrays = {
        f"{name}?": pa.array(texts, pa.string()) for name, texts in listed.items()
    }
    # Names no column has, or the engine would rename the columns of both sides.
    table = ibis.memtable(pa.table(arrays))
    same = [counted[name] == table[f"{name}?"] for name in listed]
    joined = counted.left_join(table, same)
    listed_value = joined[next(iter(arrays))]
    return joined.mutate(**{_NAMED: listed_value.notnull()}).drop(*arrays)


def _rank(rows: ir.Table, by: Sequence[str], text: str) -> ir.Value:
    """Number rows from 0, most rows first, then in the order of their texts."""
    order = [rows["n"].desc(), rows[text]]
    return ibis.row_number().over(ibis.window(group_by=list(by), order_by=order))
