"""A batch in memory as standard expectations are counted on it."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import starmap
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.rows.keys import is_increasing
from monitoring_tasks.validate.engine_checks.cells import Cells
from monitoring_tasks.validate.engine_checks.counting import (
    Answers,
    Judge,
    Kind,
)
from monitoring_tasks.validate.engine_checks.distinct import first_values
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import (
    MOST_ROWS,
    Outcome,
    of_failing,
    shown_by,
)
from monitoring_tasks.validate.engine_checks.records import ORDERED
from monitoring_tasks.validate.engine_checks.table_column import (
    TableColumn,
    plain_column,
    with_one_zero,
    without_nan,
)

HELD = 4
"""Columns kept at a time: each may be as large as the batch's own."""
ROW = "row"


@dataclass(frozen=True)
class TableBatch:
    """The rows of a day; see `Batch`. Everything is answered at once.

    Attributes:
        table: The rows. Not modified.
        as_text: Columns whose values become text.
    """

    table: pa.Table
    as_text: frozenset[str] = frozenset()
    _held: dict[str, TableColumn] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The names of the columns in their order."""
        return list(self.table.column_names)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def column(self, name: str) -> TableColumn:
        """Return a column that is there once; the last few are kept."""
        if name not in self._held:
            if len(self._held) >= HELD:
                self._held.clear()
            column = self.table.column(name)
            plain = plain_column(column, as_text=name in self.as_text)
            self._held[name] = TableColumn(without_nan(plain))
        return self._held[name]

    def columns(self, names: Iterable[str]) -> list[TableColumn]:
        """Return several columns."""
        return [self.column(name) for name in names]

    def constant(self, value: Any, beside: Cells) -> Any:  # noqa: ANN401, ARG002 (see `Batch`)
        """Return a bound as it is."""
        return value

    def every_row(self) -> Cells:
        """Return true on all rows."""
        return Cells(pa.chunked_array([pa.repeat(pa.scalar(value=True), self.count)]))

    def count_of(self, marks: Cells) -> int:
        """Return how many rows are marked."""
        return int(pc.sum(marks.array).as_py() or 0)

    def is_not_true(self, marks: Cells) -> Cells:
        """Return true where marks are false or null."""
        return Cells(pc.invert(pc.fill_null(marks.array, fill_value=False)))

    def asked(self, numbers: Answers, judge: Judge) -> Outcome | None:
        """Answer by numbers of the rows."""
        return judge(numbers)

    def of_rows(
        self,
        unmet: Cells,
        columns: Sequence[TableColumn],
        kwargs: Kwargs,
        *,
        considered: int,
    ) -> Outcome:
        """Answer of rows of which each is as expected or not."""
        outcome = of_failing(self.count_of(unmet), considered, kwargs)
        if outcome.holds:
            return outcome
        first = pc.indices_nonzero(unmet.array)[:MOST_ROWS]
        shown = [column.array.take(first).to_pylist() for column in columns]
        values = tuple(starmap(shown_by(kwargs), zip(*shown, strict=True)))
        positions = tuple(first.to_pylist())
        return replace(outcome, failing_values=values, positions=positions)

    def repeated(
        self, columns: Sequence[TableColumn], spoken_of: Cells, kwargs: Kwargs
    ) -> Outcome:
        """Answer of rows whose values are those of another row; nulls are alike."""
        # Most often nothing repeats.
        if len(columns) == 1 and _is_unique(columns[0]):
            return Outcome(holds=True, failing_values=())
        keys = {str(i): with_one_zero(c.array) for i, c in enumerate(columns)}
        rows = pa.chunked_array([pa.array(range(self.count), pa.int64())])
        table = pa.table({**keys, ROW: rows}).filter(spoken_of.array)
        groups = table.group_by([*keys]).aggregate([(ROW, "list")])[f"{ROW}_list"]
        several = groups.filter(pc.greater(pc.list_value_length(groups), 1))
        unmet = Cells(pc.is_in(rows, value_set=pc.list_flatten(several)))
        considered = self.count_of(spoken_of)
        return self.of_rows(unmet, columns, kwargs, considered=considered)

    def of_different(self, column: TableColumn, judge: Judge) -> Outcome | None:
        """Answer by how many different values there are of all."""
        different = with_one_zero(column.present).unique()
        return judge({"count": len(different), "present": len(column.present)})

    def of_set(
        self,
        column: TableColumn,
        wanted: Sequence[Any],
        judge: Callable[[int, AbstractSet[Any]], Outcome],
    ) -> Outcome:
        """Answer by the different values that are in a set, and those that are not."""
        values = set(with_one_zero(column.present).unique().to_pylist())
        others = values - set(wanted)
        outcome = judge(len(others), values & set(wanted))
        if not outcome.failing_rows:
            return outcome
        return replace(outcome, failing_values=first_values(others))


def _is_unique(column: TableColumn) -> bool:
    # Rows lie in the order of their id.
    is_ordered = column.kind in {*ORDERED, Kind.TEXT} and is_increasing(column.array)
    values = column.present
    return is_ordered or len(with_one_zero(values).unique()) == len(values)
