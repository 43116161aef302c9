"""Rows that lie in an engine, under names of ours.

Engines compare names without regard to capitals: `Repaid` and `repaid` would be one
column. So a declared column is called `c0`, `c1`, ... inside, whatever its name is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import ibis.expr.types as ir

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRows:
    """The rows of one day in an engine.

    Attributes:
        table: Their declared columns under names of ours; those that are absent, or
            there twice, are not among them.
        contract: The contract in those names.
        names: A column's own name -> ours; of every declared column.
    """

    table: ir.Table
    contract: Contract
    names: Mapping[str, str]

    @property
    def own_names(self) -> dict[str, str]:
        """The way back: our name -> the column's own."""
        return {engine_name: name for name, engine_name in self.names.items()}

    def has(self, name: str | None) -> bool:
        """Whether a column is there, by its name in the engine."""
        return name is not None and name in self.table.columns

    def by_engine_name(self, columns: Mapping[str, Value]) -> dict[str, Value]:
        """Return a mapping of columns by engine name; absent ones are left out."""
        return {
            self.names[name]: value
            for name, value in columns.items()
            if self.has(self.names.get(name))
        }

    def with_table(self, table: ir.Table) -> "EngineRows":
        """Return other rows with the same columns."""
        return EngineRows(table=table, contract=self.contract, names=self.names)


def engine_names(contract: Contract) -> dict[str, str]:
    """Return our name of every declared column, of predictions and the label."""
    columns = contract.columns
    declared = dict.fromkeys((*columns.of_predictions, columns.label))
    return {name: f"c{number}" for number, name in enumerate(declared)}


def engine_rows(
    table: ir.Table, contract: Contract, sources: Mapping[str, str]
) -> EngineRows:
    """Return a table of an engine under names of ours.

    Args:
        table: Any relation. Columns that are not declared are left alone.
        contract: Names the declared columns.
        sources: A declared column's own name -> its name in `table`; those the table
            lacks are not named.
    """
    names = engine_names(contract)
    picked = {
        names[name]: table[source] for name, source in sources.items() if name in names
    }
    roles = {
        role: _renamed(value, names)
        for role, value in contract.columns.model_dump().items()
    }
    return EngineRows(
        table=table.select(**picked),
        contract=contract.model_copy(update={"columns": Columns.model_validate(roles)}),
        names=names,
    )


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 (a role)
    if isinstance(value, dict):
        return {key: names.get(name, name) for key, name in value.items()}
    if isinstance(value, str):
        return names[value]
    return [names[name] for name in value] if value is not None else None
