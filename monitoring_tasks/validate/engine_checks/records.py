"""What is expected of whole rows: none twice, columns that go together."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.rows.keys import is_increasing
from monitoring_tasks.validate.engine_checks.batch import Batch, Column, Kind
from monitoring_tasks.validate.engine_checks.distinct import with_one_zero
from monitoring_tasks.validate.engine_checks.kwargs import (
    MOSTLY,
    Kwargs,
    Reader,
    either,
    flag,
    list_of,
    number,
    optional,
    text,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome, of_rows
from monitoring_tasks.validate.engine_checks.rules import Rule
from monitoring_tasks.validate.engine_checks.values import value_rule

ROW = "row"
ORDERED = frozenset({Kind.NUMBER, Kind.SINGLE, Kind.INSTANT})
ALL, ANY, NEVER = "all_values_are_missing", "any_value_is_missing", "never"
BOTH, EITHER, NEITHER = "both_values_are_missing", "either_value_is_missing", "neither"


def names_of(kwargs: Kwargs) -> list[str]:
    """Return the columns an expectation of rows speaks of."""
    listed: list[str] | None = kwargs.get("column_list")
    return listed or [kwargs["column_A"], kwargs["column_B"]]


def _counted(
    batch: Batch, kwargs: Kwargs, mark: Callable[..., pa.ChunkedArray | None]
) -> Outcome | None:
    """Count the rows that are not as expected.

    Args:
        batch: The rows.
        kwargs: Columns, which rows are left out, and `mostly`.
        mark: Given columns, arguments and the rows spoken of, marks those that are not
            as expected; None for columns it does not count.
    """
    names = names_of(kwargs)
    columns = batch.columns(names)
    spoken_of = _spoken_of(columns, kwargs.get("ignore_row_if", ALL))
    unmet = mark(columns, kwargs, spoken_of)
    if unmet is None:
        return None
    return of_rows(
        unmet,
        columns,
        considered=pc.sum(spoken_of).as_py() or 0,
        mostly=kwargs.get("mostly", 1.0),
        show=(lambda *row: dict(zip(names, row, strict=True)))
        if "column_list" in kwargs
        else (lambda *row: row),
    )


def _spoken_of(columns: Sequence[Column], ignored: str) -> pa.ChunkedArray:
    """Mark the rows that are spoken of, by which of them are left out."""
    valid = [column.values.is_valid() for column in columns]
    if ignored in {ALL, BOTH}:
        return reduce(pc.or_, valid)
    if ignored in {ANY, EITHER}:
        return reduce(pc.and_, valid)
    return pc.or_(valid[0], pc.invert(valid[0]))


def _unique(batch: Batch, kwargs: Kwargs) -> Outcome | None:
    column = batch.column(kwargs["column"])
    if column.kind is Kind.OTHER:
        return None
    # Most often nothing repeats, and rows lie in the order of their id.
    is_ordered = column.kind in {*ORDERED, Kind.TEXT} and is_increasing(column.values)
    values = column.present
    if is_ordered or len(with_one_zero(values).unique()) == len(values):
        return Outcome(holds=True, failing_values=())
    return of_rows(
        _repeated([column], kwargs, column.values.is_valid()),
        [column],
        considered=len(column.present),
        mostly=kwargs.get("mostly", 1.0),
    )


def _repeated(
    columns: Sequence[Column], _: Kwargs, spoken_of: pa.ChunkedArray
) -> pa.ChunkedArray | None:
    """Mark the rows whose values are those of another row; nulls are alike."""
    if any(column.kind is Kind.OTHER for column in columns):
        return None
    keys = {str(i): with_one_zero(c.values) for i, c in enumerate(columns)}
    rows = pa.chunked_array([pa.array(range(len(spoken_of)), pa.int64())])
    table = pa.table({**keys, ROW: rows}).filter(spoken_of)
    groups = table.group_by(list(keys)).aggregate([(ROW, "list")])[f"{ROW}_list"]
    repeated = groups.filter(pc.greater(pc.list_value_length(groups), 1))
    return pc.is_in(rows, value_set=pc.list_flatten(repeated))


def _unlike(
    columns: Sequence[Column], _: Kwargs, spoken_of: pa.ChunkedArray
) -> pa.ChunkedArray | None:
    """Mark the rows whose two values differ."""
    if not are_alike(columns, {*ORDERED, Kind.TEXT}):
        return None
    return _unmet(pc.equal(*(column.values for column in columns)), spoken_of)


def _not_greater(
    columns: Sequence[Column], kwargs: Kwargs, spoken_of: pa.ChunkedArray
) -> pa.ChunkedArray | None:
    """Mark the rows whose first value is not above the second."""
    if not are_alike(columns, ORDERED):
        return None
    compare = pc.greater_equal if kwargs.get("or_equal") else pc.greater
    return _unmet(compare(*(column.values for column in columns)), spoken_of)


def _other_sum(
    columns: Sequence[Column], kwargs: Kwargs, spoken_of: pa.ChunkedArray
) -> pa.ChunkedArray | None:
    """Mark the rows whose values add up to another sum, or not at all."""
    if not are_alike(columns, {Kind.NUMBER}):
        return None
    numbers = [column.values.cast(pa.float64(), safe=False) for column in columns]
    met = pc.equal(reduce(pc.add, numbers), pa.scalar(kwargs["sum_total"]))
    return _unmet(met, spoken_of)


def are_alike(columns: Sequence[Column], kinds: AbstractSet[Kind]) -> bool:
    """Whether all columns are of one kind, and it is one of these."""
    kind = columns[0].kind
    return kind in kinds and all(column.kind is kind for column in columns)


def _unmet(met: pa.ChunkedArray, spoken_of: pa.ChunkedArray) -> pa.ChunkedArray:
    # A comparison with nothing is not met.
    return pc.and_(pc.invert(pc.fill_null(met, fill_value=False)), spoken_of)


def _pair(mark: Callable[..., pa.ChunkedArray | None], **readers: Reader) -> Rule:
    ignored = either(BOTH, EITHER, NEITHER)
    pair = {"column_A": text, "column_B": text}
    return Rule(
        kwargs={**MOSTLY, **pair, "ignore_row_if": ignored, **readers},
        required=frozenset(pair),
        agrees=_are_different,
        count=partial(_counted, mark=mark),
    )


def _several(mark: Callable[..., pa.ChunkedArray | None], **readers: Reader) -> Rule:
    columns = {"column_list": list_of(text, at_least=2)}
    ignored = either(ALL, ANY, NEVER)
    return Rule(
        kwargs={**MOSTLY, **columns, "ignore_row_if": ignored, **readers},
        required=frozenset({*columns, *readers}),
        agrees=_are_different,
        count=partial(_counted, mark=mark),
    )


def _are_different(kwargs: Kwargs) -> bool:
    names = names_of(kwargs)
    return len(set(names)) == len(names)


RULES = {
    "expect_column_values_to_be_unique": value_rule(_unique),
    "expect_compound_columns_to_be_unique": _several(_repeated),
    "expect_column_pair_values_to_be_equal": _pair(_unlike),
    "expect_column_pair_values_a_to_be_greater_than_b": _pair(
        _not_greater, or_equal=optional(flag)
    ),
    "expect_multicolumn_sum_to_equal": _several(_other_sum, sum_total=number),
}
