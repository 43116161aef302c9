"""A batch in an engine as standard expectations are asked of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir

from monitoring_tasks.engine.key_groups import COUNT, GROUPS_A_PART, KeyGroups
from monitoring_tasks.engine.values import double
from monitoring_tasks.validate.engine_checks.counting import (
    Answers,
    Judge,
)
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import (
    MOST_ROWS,
    Outcome,
    of_failing,
    shown_by,
)
from monitoring_tasks.validate.engine_checks.values import comparable_values
from monitoring_tasks.validate.pushed.column import (
    PushedColumn,
    is_one_of,
    pushed_column,
)
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Examples,
    Question,
    count_of,
)

VALUE = "value"


@dataclass(frozen=True, kw_only=True)
class PushedBatch:
    """The rows of a day in an engine; see `Batch`.

    Attributes:
        table: The rows.
        names: A column's own name -> its name in `table`, in the order of the columns.
        as_text: Columns whose values are compared as text, by their own names.
        groups_a_part: So many different values an engine holds at a time.
    """

    table: ir.Table
    names: Mapping[str, str]
    as_text: frozenset[str] = frozenset()
    groups_a_part: int = GROUPS_A_PART
    # Not handed on to a copy, whose columns may be text.
    _columns: dict[str, PushedColumn] = field(default_factory=dict, init=False)

    @property
    def count(self) -> ir.Scalar:
        """What asks for the number of rows."""
        return self.table.count()

    def column(self, name: str) -> PushedColumn:
        """Return a column.

        Raises:
            KeyError: If it is not there.
        """
        if name not in self._columns:
            values = self.table[self.names[name]]
            self._columns[name] = pushed_column(values, as_text=name in self.as_text)
        return self._columns[name]

    def columns(self, names: Iterable[str]) -> list[PushedColumn]:
        """Return several columns."""
        return [self.column(name) for name in names]

    def constant(self, value: float | datetime, beside: ir.Column) -> ir.Scalar:
        """Return a bound as an engine compares it."""
        if isinstance(value, datetime):
            return ibis.literal(value, beside.type())
        return double(value)

    def every_row(self) -> ir.BooleanScalar:
        """Return true."""
        return ~FALSE

    def count_of(self, marks: ir.BooleanValue) -> ir.Scalar:
        """Return what asks for the number of marked rows."""
        return self.count if isinstance(marks, ir.Scalar) else count_of(marks)

    def is_not_true(self, marks: ir.BooleanValue) -> ir.BooleanValue:
        """Return true where marks are false or null."""
        return ~marks.fill_null(FALSE)

    def asked(self, numbers: Answers, judge: Judge) -> Question:
        """Ask for numbers of the rows."""
        return Question(asked=numbers, judge=judge)

    def of_rows(
        self,
        unmet: ir.BooleanValue,
        columns: Sequence[PushedColumn],
        kwargs: Kwargs,
        *,
        considered: ir.Scalar,
    ) -> Question:
        """Ask about rows of which each is as expected or not."""
        is_unmet = unmet.fill_null(FALSE)
        return Question(
            asked={"failing": count_of(is_unmet), "considered": considered},
            judge=lambda answers: _judged(answers, kwargs),
            examples=lambda: Examples(
                rows=self.table.filter(is_unmet),
                shown=[column.values for column in columns],
                show=shown_by(kwargs),
            ),
        )

    def repeated(
        self,
        columns: Sequence[PushedColumn],
        spoken_of: ir.BooleanValue,
        kwargs: Kwargs,
    ) -> Question:
        """Ask how many rows have the values of another row; nulls are alike."""
        keyed = {f"key{at}": column.keys for at, column in enumerate(columns)}
        shown = {f"{VALUE}{at}": column.values for at, column in enumerate(columns)}
        # Under names of its own, so that rows and groups can be joined.
        rows = self.table.filter(spoken_of).mutate(**keyed, **shown)
        groups = self._groups(rows, [*keyed])

        def examples() -> Examples:
            # Each stands for two rows at least: so many are more than are shown.
            few = groups.first(lambda group: group[COUNT] > 1, MOST_ROWS).view()
            same = rows.semi_join(few, [rows[k].identical_to(few[k]) for k in keyed])
            return Examples(
                rows=same,
                shown=[same[name] for name in shown],
                show=shown_by(kwargs),
            )

        return Question(
            apart=partial(groups.added_up, _rows_alike),
            judge=lambda answers: _judged(answers, kwargs),
            examples=examples,
        )

    def different(self, column: PushedColumn) -> KeyGroups:
        """Return each value of a column once, as `value`.

        Grouped and not counted as distinct: engines put groups that are many on disk.
        """
        held = self.table.select(**{VALUE: column.keys})
        return self._groups(held.filter(held[VALUE].notnull()), [VALUE])

    def of_different(self, column: PushedColumn, judge: Judge) -> Question:
        """Ask how many different values there are of all."""
        values = self.different(column)

        def counted(groups: ir.Table) -> dict[str, ir.Scalar]:
            return {"count": groups.count(), "present": groups[COUNT].sum()}

        return Question(apart=partial(values.added_up, counted), judge=judge)

    def of_set(
        self,
        column: PushedColumn,
        wanted: Sequence[Any],
        judge: Callable[[int, AbstractSet[Any]], Outcome],
    ) -> Question:
        """Ask which values of a set there are, and how many that are not in it."""
        values, listed = self.different(column), comparable_values(column, [*wanted])

        def is_other(groups: ir.Table) -> ir.BooleanValue:
            return ~is_one_of(groups[VALUE], listed)

        def counted(groups: ir.Table) -> dict[str, ir.Scalar]:
            # As they are named in the answer: a value of the set each.
            marks = {
                f"has{at}": count_of(is_one_of(groups[VALUE], [value]))
                for at, value in enumerate(listed)
            }
            return {"others": count_of(is_other(groups)), **marks}

        def judged(answers: Answers) -> Outcome:
            there = {value for at, value in enumerate(listed) if answers[f"has{at}"]}
            return judge(int(answers["others"]), there)

        def examples() -> Examples:
            others = values.first(is_other, MOST_ROWS)
            return Examples(rows=others, shown=[others[VALUE]], are_rows=False)

        return Question(
            apart=partial(values.added_up, counted), judge=judged, examples=examples
        )

    def _groups(self, rows: ir.Table, keys: Sequence[str]) -> KeyGroups:
        return KeyGroups(rows=rows, keys=keys, most=self.groups_a_part)


def _rows_alike(groups: ir.Table) -> dict[str, ir.Scalar]:
    count = groups[COUNT]
    return {
        "failing": (count > 1).ifelse(count, 0).sum().fill_null(0),
        "considered": count.sum().fill_null(0),
    }


def _judged(answers: Answers, kwargs: Kwargs) -> Outcome:
    return of_failing(int(answers["failing"]), int(answers["considered"]), kwargs)
