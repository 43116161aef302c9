"""The door into the engine: a batch under names of ours, and what its values are there.

Engines compare names without regard to capitals: `Repaid` and `repaid` would be one
column. So a column of the batch is called `c0`, `c1`, ... inside, whatever its name is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.rows.names import DAY

SEGMENT, DIMENSION = "__segment__", "__dimension__"
COLUMN, VALUE = "__column__", "__value__"
KEYS = (DAY, SEGMENT)
"""Names of ours beside the batch's own."""
WHOLE = 2.0**53
"""Below this every whole number is a double of its own."""
Value = TypeVar("Value")
Record = TypeVar("Record", bound=Mapping[str, object])
"""The shape of a statement's rows, one of `count_records`."""


@dataclass(frozen=True, slots=True)
class EngineBatch:
    """A batch inside the engine.

    Attributes:
        table: Its declared columns under names of ours, and `DAY`.
        contract: The contract in those names.
        names: A column's own name -> ours.
        own_names: The way back.
    """

    table: ir.Table
    contract: Contract
    names: Mapping[str, str]
    own_names: Mapping[str, str]

    def by_engine_name(self, columns: Mapping[str, Value]) -> dict[str, Value]:
        """Return a mapping of columns by engine name; absent ones are left out."""
        present = self.table.columns
        return {
            self.names[name]: value
            for name, value in columns.items()
            if self.names.get(name) in present
        }

    def engine_segments(self, segments: Iterable[str]) -> list[str]:
        """Return segments (`column=value`) with the engine names of their columns."""
        columns = self.contract.columns
        split = {*columns.segments, *columns.protected}
        prefixes = {
            f"{name}=": f"{engine_name}="
            for name, engine_name in self.names.items()
            if engine_name in split
        }
        return [
            prefix + segment.removeprefix(name)
            for segment in segments
            for name, prefix in prefixes.items()
            if segment.startswith(name)
        ]

    def own_segment(self, segment: str) -> str:
        """Return a segment (`column=value`) with its column's own name."""
        name, is_part, value = segment.partition("=")
        return f"{self.own_names[name]}={value}" if is_part else segment

    def read(self, statement: ir.Table, shape: type[Record]) -> list[Record]:
        """Execute a statement; its rows carry the batch's own names.

        Args:
            statement: About columns or segments under the engine's names.
            shape: What its rows are.
        """
        columns = _executed(statement)
        if "column" in columns:
            columns["column"] = [self.own_names[name] for name in columns["column"]]
        if "segment" in columns:
            columns["segment"] = [self.own_segment(name) for name in columns["segment"]]
        return _as_records(columns, shape)


def load_batch(batch: pa.Table, contract: Contract) -> EngineBatch:
    """Load the declared columns of a batch into the engine.

    A column that is there twice is left out: nobody knows which one is meant.

    Args:
        batch: Rows with the day each belongs to in the column `DAY`.
        contract: Names the declared columns.
    """
    columns = contract.columns
    declared = dict.fromkeys((*columns.of_predictions, columns.label))
    # Numbered, for engines do not tell `Repaid` from `repaid`.
    names = {name: f"c{number}" for number, name in enumerate(declared)}
    present = [name for name in names if batch.column_names.count(name) == 1]
    arrays = {names[name]: batch.column(name) for name in present}
    table = pa.table(arrays | {DAY: batch.column(DAY)})
    roles = {
        role: _renamed(value, names) for role, value in columns.model_dump().items()
    }
    renamed = contract.model_copy(update={"columns": Columns.model_validate(roles)})
    own_names = {engine_name: name for name, engine_name in names.items()}
    return EngineBatch(ibis.memtable(table), renamed, names, own_names)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 (a role)
    if isinstance(value, dict):
        return {key: names[name] for key, name in value.items()}
    if isinstance(value, str):
        return names[value]
    return [names[name] for name in value] if value is not None else None


def text_of(rows: ir.Table, name: str) -> ir.StringValue:
    """Return values as texts, the same whether read as 1 or, beside nulls, as 1.0.

    Args:
        rows: Rows in the engine.
        name: The column.
    """
    if not rows[name].type().is_floating():
        return rows[name].cast("string")
    double = rows[name].cast("float64")
    value = (double.isnan() | double.isinf()).ifelse(ibis.null("float64"), double)
    small = (value.abs() < WHOLE).ifelse(value, 0.5)  # what is larger is left as it is
    integer = small.floor().cast("int64")
    return (integer == small).ifelse(integer.cast("string"), value.cast("string"))


def number_of(value: ir.Value) -> ir.FloatingValue:
    """Return a value as a double, null where it is no number that can be added up."""
    double = value.cast("float64")
    # Engines differ in how NaN compares, so it is asked for by name.
    usable = double.notnull() & ~double.isnan() & (double.abs() <= LARGEST)
    return usable.ifelse(double, ibis.null("float64"))


def records_of(statement: ir.Table, shape: type[Record]) -> list[Record]:
    """Execute a statement and return its rows, under the engine's names.

    Args:
        statement: What to execute.
        shape: What its rows are.
    """
    return _as_records(_executed(statement), shape)


def _executed(statement: ir.Table) -> dict[str, list[Any]]:
    """Return the columns of the answer under plain names."""
    table = statement.to_pyarrow()
    names = [name.strip("_") for name in table.column_names]
    return dict(
        zip(names, (column.to_pylist() for column in table.columns), strict=True)
    )


def _as_records(columns: dict[str, list[Any]], _: type[Record]) -> list[Record]:
    """Return the rows of columns; the shape is for the type checker alone."""
    # By column: several times faster than pyarrow's own row by row.
    rows = zip(*columns.values(), strict=True)
    return cast("list[Record]", [dict(zip(columns, row, strict=True)) for row in rows])
