"""Checks of the columns that can be computed with; those of others are skipped."""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from monitoring_tasks.contract.column_types import (
    Holds,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.bounds import check_sizes
from monitoring_tasks.validate.expectations import run_statements
from monitoring_tasks.validate.statements import Statement
from monitoring_tasks.validate.structure import Structure


def run_usable(
    table: pa.Table,
    statements: list[Statement],
    *,
    structure: Structure,
    contract: Contract,
    as_text: frozenset[str],
) -> list[Check]:
    """Run what can be run; a statement about an unusable column is skipped.

    Args:
        table: The rows, at least one.
        statements: What is expected of them.
        structure: Which columns can be computed with.
        contract: Names the id, from which the ids of failing rows are taken.
        as_text: Columns whose values are compared as text.
    """
    # On a column of nulls Great Expectations passes everything, on an absent one it
    # raises.
    possible = [s for s in statements if structure.usable.issuperset(s.columns)]
    skipped = [s for s in statements if not structure.usable.issuperset(s.columns)]
    id_column = contract.columns.id
    return [
        *run_statements(
            table,
            possible,
            id_column=id_column if id_column in structure.usable else None,
            as_text=as_text,
        ),
        *(s.check("skipped", observed="the column cannot be used") for s in skipped),
    ]


def check_usable_sizes(
    table: pa.Table, declared: Mapping[str, Holds], structure: Structure, id_column: str
) -> Iterator[Check]:
    """Warn of numbers so large that they count as no value.

    Args:
        table: The rows, at least one.
        declared: Column -> what it must hold.
        structure: Which columns can be computed with.
        id_column: Column to take the ids of the rows from.
    """
    numbers = [n for n, holds in declared.items() if holds is Holds.NUMBERS]
    return check_sizes(
        table,
        [name for name in numbers if name in structure.usable],
        id_column=id_column if id_column in structure.usable else None,
    )
