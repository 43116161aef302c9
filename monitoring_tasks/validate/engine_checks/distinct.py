"""What is expected of the different values of a column, and of how often each is."""

from collections.abc import Iterable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.validate.engine_checks.batch import Batch, Column, Kind
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    Kwargs,
    Reader,
    bounds,
    flag,
    list_of,
    number,
    optional,
    scalar,
    whole,
)
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS, Outcome
from monitoring_tasks.validate.engine_checks.rules import (
    Count,
    Rule,
    statistic_between,
)

LISTED = frozenset({Kind.NUMBER, Kind.SINGLE, Kind.TEXT})
HASHED = LISTED | {Kind.FLAG}


def _value_count(batch: Batch, kwargs: Kwargs) -> Outcome | None:
    column = batch.column(kwargs["column"])
    if column.kind not in HASHED:
        return None
    return statistic_between(len(_different(column)), kwargs)


def _unique_share(batch: Batch, kwargs: Kwargs) -> Outcome | None:
    column = batch.column(kwargs["column"])
    if column.kind not in HASHED:
        return None
    present = len(column.present)
    share = len(_different(column)) / present if present else 0
    return statistic_between(share, kwargs)


def _different(column: Column) -> pa.ChunkedArray:
    return with_one_zero(column.present).unique()


def with_one_zero(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values with one zero only: hashes tell -0.0 from 0.0."""
    return pc.add(values, 0) if pa.types.is_floating(values.type) else values


def _against_set(
    batch: Batch, kwargs: Kwargs, *, may_hold_others: bool, holds_all: bool
) -> Outcome | None:
    """Hold the different values against a set.

    Args:
        batch: The rows.
        kwargs: Column and set.
        may_hold_others: Whether there may be values that are not in the set.
        holds_all: Whether all of the set has to be there.
    """
    column = batch.column(kwargs["column"])
    if column.kind not in LISTED:
        return None
    values, wanted = set(_different(column).to_pylist()), set(kwargs["value_set"])
    unknown = set() if may_hold_others else values - wanted
    if unknown:
        return Outcome(
            holds=False, failing_values=first_values(unknown), failing_rows=len(unknown)
        )
    absent = first_values(wanted - values) if holds_all else ()
    observed = f"without {', '.join(map(str, absent))}" if absent else None
    return Outcome(holds=not absent, observed=observed)


def first_values(values: Iterable[object]) -> tuple[object, ...]:
    """Return the first of some values in order, numbers before texts."""
    ordered = sorted(values, key=lambda value: (isinstance(value, str), value))
    return tuple(ordered[:MOST_ROWS])


def _most_common(batch: Batch, kwargs: Kwargs) -> Outcome | None:
    column = batch.column(kwargs["column"])
    if column.kind not in LISTED:
        return None
    pairs = with_one_zero(column.present).value_counts()
    counts = pairs.field("counts")
    top = sorted(
        pairs.field("values").filter(pc.equal(counts, pc.max(counts))).to_pylist()
    )
    wanted = set(kwargs["value_set"]).intersection(top)
    holds = bool(wanted) if kwargs.get("ties_okay") else len(top) == len(wanted) == 1
    return Outcome(holds=holds, observed=top)


def _between(count: Count, reader: Reader) -> Rule:
    return Rule(
        kwargs={**COLUMN, **bounds(reader)}, required=frozenset(COLUMN), count=count
    )


def _of_set(count: Count, **readers: Reader) -> Rule:
    return Rule(
        kwargs={**COLUMN, "value_set": list_of(scalar, at_least=1), **readers},
        required=frozenset({"column", "value_set"}),
        count=count,
    )


RULES = {
    "expect_column_unique_value_count_to_be_between": _between(_value_count, whole),
    "expect_column_proportion_of_unique_values_to_be_between": _between(
        _unique_share, number
    ),
    "expect_column_distinct_values_to_be_in_set": _of_set(
        partial(_against_set, may_hold_others=False, holds_all=False)
    ),
    "expect_column_distinct_values_to_contain_set": _of_set(
        partial(_against_set, may_hold_others=True, holds_all=True)
    ),
    "expect_column_distinct_values_to_equal_set": _of_set(
        partial(_against_set, may_hold_others=False, holds_all=True)
    ),
    "expect_column_most_common_value_to_be_in_set": _of_set(
        _most_common, ties_okay=optional(flag)
    ),
}
