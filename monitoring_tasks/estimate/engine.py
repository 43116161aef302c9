"""The door into the engine: a batch under names of ours, and what its values are there.

Engines compare names without regard to capitals: `Repaid` and `repaid` would be one
column. So a column of the batch is called `c0`, `c1`, ... inside, whatever its name is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.rows.names import ALL, DAY

SEGMENT, DIMENSION = "__segment__", "__dimension__"
COLUMN, VALUE = "__column__", "__value__"
KEYS = (DAY, SEGMENT)
"""Names of ours beside the batch's own."""
WHOLE = 2.0**53
"""Below this every whole number is a double of its own."""
Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EngineBatch:
    """A batch inside the engine.

    Attributes:
        table: Its declared columns under names of ours, and `DAY`.
        contract: The contract in those names.
        names: A column's own name -> ours.
    """

    table: ir.Table
    contract: Contract
    names: Mapping[str, str]

    def by_engine_name(self, columns: Mapping[str, Any]) -> dict[str, Any]:
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

    def with_own_names(self, records: Records) -> Records:
        """Return records with the batch's own names of columns and segments."""
        back = {engine_name: name for name, engine_name in self.names.items()}
        for record in records:
            if "column" in record:
                record["column"] = back[record["column"]]
            name, is_part, value = record.get("segment", ALL).partition("=")
            if is_part:
                record["segment"] = f"{back[name]}={value}"
        return records


def load_batch(batch: pa.Table, contract: Contract) -> EngineBatch:
    """Load the declared columns of a batch into the engine.

    A column that is there twice is left out: nobody knows which one is meant.

    Args:
        batch: Rows with the day each belongs to in the column `DAY`.
        contract: Names the declared columns.
    """
    columns = contract.columns
    declared = dict.fromkeys((*columns.of_predictions, columns.label))
    names = {name: f"c{number}" for number, name in enumerate(declared)}
    present = [name for name in names if batch.column_names.count(name) == 1]
    arrays = {names[name]: batch.column(name) for name in present}
    table = pa.table(arrays | {DAY: batch.column(DAY)})
    roles = {
        role: _renamed(value, names) for role, value in columns.model_dump().items()
    }
    renamed = contract.model_copy(update={"columns": Columns.model_validate(roles)})
    return EngineBatch(ibis.memtable(table), renamed, names)


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
    usable = double.notnull() & ~double.isnan() & (double.abs() <= LARGEST)
    return usable.ifelse(double, ibis.null("float64"))


def records_of(table: ir.Table) -> Records:
    """Execute a statement and return its rows, under plain names."""
    executed = table.to_pyarrow()
    names = [name.strip("_") for name in executed.column_names]
    columns = [column.to_pylist() for column in executed.columns]
    # By column: several times faster than pyarrow's own row by row.
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
