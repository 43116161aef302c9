"""The columns a day's look is made of, in an engine: values, rows, cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import present_number
from monitoring_tasks.validate.pushed.answered import answers_to
from monitoring_tasks.validate.pushed.question import FALSE, Question, count_of
from monitoring_tasks.validate.summary.batch_summary import described


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryColumn:
    """A declared column that is there: its values, and the rows it speaks of."""

    values: ir.Column
    of: ir.BooleanValue

    @property
    def is_number(self) -> bool:
        """Whether the values are whole numbers or floats."""
        return bool(self.values.type().is_numeric())

    @property
    def is_countable(self) -> bool:
        """Whether values can be counted: lists, records and bytes cannot."""
        kind = self.values.type()
        return not (kind.is_nested() or kind.is_binary())

    @property
    def present(self) -> ir.Column:
        """The values, null where there is none or their row does not count."""
        plain = present_number(self.values) if self.is_number else self.values
        if isinstance(self.of, ir.Scalar):
            return plain
        return self.of.ifelse(plain, ibis.null(plain.type()))


def declared_columns(rows: EngineRows, contract: Contract) -> dict[str, SummaryColumn]:
    """Return inputs and outputs that are there; outputs of scored rows alone."""
    outputs = contract.columns.outputs
    all_rows: ir.BooleanValue = ~FALSE
    scored = all_rows
    error = rows.names.get(contract.columns.error or "")
    if error is not None and rows.has(error):
        flags = rows.table[error]
        kind = flags.type()
        if kind.is_boolean() or kind.is_integer():
            failed = flags if kind.is_boolean() else flags != 0
            # An output of a failed scoring is none: it would count as a null.
            scored = ~failed.fill_null(FALSE)
    return {
        name: SummaryColumn(
            values=rows.table[rows.names[name]],
            of=scored if name in outputs else all_rows,
        )
        for name in described(contract)
        if rows.has(rows.names[name])
    }


def column_sizes(
    rows: EngineRows, columns: Mapping[str, SummaryColumn]
) -> dict[str, dict[str, int]]:
    """Return of each column its rows, and those that have a value."""
    asked = [
        Question(
            asked={
                "present": column.present.count(),
                "rows": rows.table.count()
                if isinstance(column.of, ir.Scalar)
                else count_of(column.of),
            },
            judge=lambda _: None,
        )
        for column in columns.values()
    ]
    return dict(zip(columns, answers_to(rows.table, asked), strict=True))


def cells_of(answer: pa.Table, key: str) -> list[tuple[Any, int]]:
    """Return the values of an answer and their rows; null is no value."""
    pairs = zip(answer[key].to_pylist(), answer["n"].to_pylist(), strict=True)
    return [(value, count) for value, count in pairs if value is not None]
