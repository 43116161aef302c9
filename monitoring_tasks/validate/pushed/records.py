"""What is expected of whole rows, asked of an engine."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add, and_, or_

import ibis
import ibis.expr.types as ir

from monitoring_tasks.engine.values import double
from monitoring_tasks.validate.engine_checks.batch import Kind
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS
from monitoring_tasks.validate.engine_checks.records import (
    ALL,
    ANY,
    BOTH,
    EITHER,
    ORDERED,
    are_alike,
    names_of,
)
from monitoring_tasks.validate.pushed.batch import PushedBatch, PushedColumn
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Ask,
    Examples,
    Question,
    about_rows,
    count_of,
    judged_rows,
)

Columns = Sequence[PushedColumn]
Test = Callable[[Columns, Kwargs], ir.BooleanValue | None]


def _spoken_of(columns: Columns, ignored: str) -> ir.BooleanValue:
    """Return whether a row is spoken of, by which rows are left out."""
    valid = [column.values.notnull() for column in columns]
    if ignored in {ALL, BOTH}:
        return reduce(or_, valid)
    if ignored in {ANY, EITHER}:
        return reduce(and_, valid)
    return ibis.literal(value=True)


def _shown(kwargs: Kwargs) -> Callable[..., object]:
    """Return what makes one value of the values of a row."""
    if "column" in kwargs:
        return lambda value: value
    if "column_list" in kwargs:
        return lambda *row: dict(zip(names_of(kwargs), row, strict=True))
    return lambda *row: row


def _each_row(test: Test) -> Ask:
    """Return what asks about rows whose columns go together."""

    def ask(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
        names = names_of(kwargs)
        columns = batch.columns(names)
        met = test(columns, kwargs)
        if met is None:
            return None
        spoken_of = _spoken_of(columns, kwargs.get("ignore_row_if", ALL))
        return about_rows(
            batch,
            # A comparison with nothing is not met.
            spoken_of & ~met.fill_null(FALSE),
            dict(zip(names, columns, strict=True)),
            considered=_rows(batch, spoken_of),
            mostly=kwargs.get("mostly", 1.0),
            show=_shown(kwargs),
        )

    return ask


def _rows(batch: PushedBatch, spoken_of: ir.BooleanValue) -> ir.Scalar:
    is_all = isinstance(spoken_of, ir.Scalar)
    return batch.table.count() if is_all else count_of(spoken_of)


def _unlike(columns: Columns, _: Kwargs) -> ir.BooleanValue | None:
    if not are_alike([c.shape for c in columns], {*ORDERED, Kind.TEXT}):
        return None
    return columns[0].values == columns[1].values


def _greater(columns: Columns, kwargs: Kwargs) -> ir.BooleanValue | None:
    if not are_alike([c.shape for c in columns], ORDERED):
        return None
    first, second = (column.values for column in columns)
    return first >= second if kwargs.get("or_equal") else first > second


def _sum(columns: Columns, kwargs: Kwargs) -> ir.BooleanValue | None:
    if not are_alike([c.shape for c in columns], {Kind.NUMBER}):
        return None
    total = reduce(add, [column.numbers for column in columns])
    return total == double(kwargs["sum_total"])


def _unique(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
    name = kwargs["column"]
    column = batch.column(name)
    if column.kind is Kind.OTHER:
        return None
    is_there = column.values.notnull()
    return _repeated(batch, kwargs, {name: column}, spoken_of=is_there)


def _compound(batch: PushedBatch, kwargs: Kwargs) -> Question | None:
    names = names_of(kwargs)
    columns = dict(zip(names, batch.columns(names), strict=True))
    if any(column.kind is Kind.OTHER for column in columns.values()):
        return None
    ignored = kwargs.get("ignore_row_if", ALL)
    spoken_of = _spoken_of([*columns.values()], ignored)
    return _repeated(batch, kwargs, columns, spoken_of=spoken_of)


def _repeated(
    batch: PushedBatch,
    kwargs: Kwargs,
    columns: Mapping[str, PushedColumn],
    *,
    spoken_of: ir.BooleanValue,
) -> Question:
    """Ask how many rows have the values of another row; nulls are alike."""
    keyed = {f"key{at}": column.keys for at, column in enumerate(columns.values())}
    shown = {f"value{at}": c.values for at, c in enumerate(columns.values())}
    # Under names of its own, so that rows and groups can be joined.
    rows = batch.table.filter(spoken_of).mutate(**keyed, **shown)
    groups = rows.group_by([*keyed]).aggregate(n=rows.count())
    repeated = groups.filter(groups["n"] > 1)
    # Each stands for two rows at least: so many are more than are shown.
    few = repeated.order_by([*keyed]).limit(MOST_ROWS).view()
    same = [rows[key].identical_to(few[key]) for key in keyed]
    examples = rows.semi_join(few, same)
    return Question(
        apart=groups.aggregate(
            failing=(groups["n"] > 1).ifelse(groups["n"], 0).sum().fill_null(0),
            considered=groups["n"].sum().fill_null(0),
        ),
        judge=lambda answers: judged_rows(answers, kwargs.get("mostly", 1.0)),
        examples=Examples(
            rows=examples,
            shown={name: examples[name] for name in shown},
            show=_shown(kwargs),
        ),
    )


ASKS: dict[str, Ask] = {
    "expect_column_values_to_be_unique": _unique,
    "expect_compound_columns_to_be_unique": _compound,
    "expect_column_pair_values_to_be_equal": _each_row(_unlike),
    "expect_column_pair_values_a_to_be_greater_than_b": _each_row(_greater),
    "expect_multicolumn_sum_to_equal": _each_row(_sum),
}
