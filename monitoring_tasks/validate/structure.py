"""The gates that are read off the Arrow table: schema and nulls.

They say which columns can be computed with at all, so they come before Great
Expectations: on a column of nulls it passes everything, on an absent one it raises.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.validate.expectations import MAX_TEXT, failing_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What the table offers: the checks made, and the columns fit to compute with."""

    checks: tuple[Check, ...]
    usable: frozenset[str]


def inspect_structure(
    table: pa.Table, declared: Mapping[str, Holds], *, id_column: str
) -> Structure:
    """Say which declared columns are present once, of the right type and not empty.

    A column without a single value has no type of its own (files without types say
    null or text), so it fails at `nulls`, never at `schema`. Not-a-number is null.

    Args:
        table: The rows, at least one.
        declared: Column -> what it must hold. Other columns are left alone.
        id_column: Column to take the ids of failing rows from.
    """
    ids = table.column(id_column) if table.column_names.count(id_column) == 1 else None
    schema = list(_schema_faults(table, declared, ids))
    unfit = {check.column for check in schema}
    nulls = [
        fault("nulls", "column_is_not_empty", name, f"{table.num_rows} nulls")
        for name in declared
        if name not in unfit and is_empty(table.column(name))
    ]
    return Structure(
        checks=(
            *(schema or [held("schema", "declared_columns_hold_their_types")]),
            *(nulls or [held("nulls", "declared_columns_are_not_empty")]),
        ),
        usable=frozenset(declared) - unfit - {check.column for check in nulls},
    )


def check_required(
    table: pa.Table,
    columns: Iterable[str],
    *,
    gate: str,
    id_column: str | None,
    exempt: str | None = None,
) -> list[Check]:
    """Say of each column whether every row has a value there; not-a-number is none.

    Args:
        table: The rows; every column is present once.
        columns: Columns that need a value.
        gate: The gate the checks belong to.
        id_column: Column to take the ids of failing rows from; None for no ids.
        exempt: Column that is true on rows that need no value.
    """
    ids = table.column(id_column) if id_column else None
    spared = _flagged(table.column(exempt)) if exempt else None
    checks = []
    for name in columns:
        missing = is_missing(table.column(name))
        if spared is not None:
            missing = pc.and_not(missing, spared)
        positions = pc.indices_nonzero(missing).to_pylist()
        checks.append(
            Check(
                gate=gate,
                name="every_row_has_a_value",
                status="failed" if positions else "passed",
                severity="critical",
                column=name,
                observed="no value" if positions else "",
                failing_rows=len(positions),
                failing_ids=failing_ids(ids, positions),
            )
        )
    return checks


def is_missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Mark the rows that are null or not a number."""
    return pc.is_null(column, nan_is_null=True)


def is_empty(column: pa.ChunkedArray) -> bool:
    """Whether not a single row has a value."""
    return bool(pc.all(is_missing(column)).as_py())


def _flagged(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.bool_()), fill_value=False)


def _schema_faults(
    table: pa.Table, declared: Mapping[str, Holds], ids: pa.ChunkedArray | None
) -> Iterator[Check]:
    for name, holds in declared.items():
        count = table.column_names.count(name)
        if count != 1:
            observed = "absent" if not count else f"present {count} times"
            yield fault("schema", "column_is_present_once", name, observed)
        elif not is_empty(table.column(name)) and not fits(
            _value_type(table.column(name)), holds
        ):
            yield _type_fault(table.column(name), name, holds, ids)


def fits(kind: pa.DataType, holds: Holds) -> bool:
    """Whether a column of this type holds what is declared.

    Args:
        kind: Type of its values.
        holds: What the contract says it holds.
    """
    match holds:
        case Holds.NUMBERS:
            return any(
                is_kind(kind)
                for is_kind in (
                    pa.types.is_integer,
                    pa.types.is_floating,
                    pa.types.is_decimal,
                )
            )
        case Holds.TIMESTAMPS:
            return bool(pa.types.is_timestamp(kind))
        case Holds.FLAGS:
            return bool(pa.types.is_boolean(kind) or pa.types.is_integer(kind))
        case Holds.ANYTHING | Holds.KEYS | Holds.BINARY:
            return not pa.types.is_nested(kind)


def _type_fault(
    column: pa.ChunkedArray, name: str, holds: Holds, ids: pa.ChunkedArray | None
) -> Check:
    """Describe a column of the wrong type; of texts, the ones that cannot be read."""
    positions, example = _unread(column, holds)
    described = type_fault(_value_type(column), name, holds, rows=len(column))
    return replace(
        described,
        observed=described.observed + example,
        failing_rows=len(positions) or len(column),
        failing_ids=failing_ids(ids, positions),
    )


def type_fault(kind: pa.DataType, name: str, holds: Holds, *, rows: int) -> Check:
    """Say that a column is of another type than declared.

    Args:
        kind: Type of its values.
        name: The column.
        holds: What the contract says it holds.
        rows: How many rows it has.
    """
    is_nested = pa.types.is_nested(kind)
    return Check(
        gate="schema",
        name="column_holds_single_values" if is_nested else f"column_holds_{holds}",
        status="failed",
        severity="critical",
        column=name,
        observed=f"type {kind}"[:MAX_TEXT],
        failing_rows=rows,
    )


def _unread(column: pa.ChunkedArray, holds: Holds) -> tuple[list[int], str]:
    """Return where texts are no numbers or instants, and one of them in short."""
    kind = _value_type(column)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return [], ""
    # pandas reads with a remainder; an Arrow cast fails as a whole and names no row.
    values = column.cast(pa.string()).to_pandas()
    if holds is Holds.NUMBERS:
        read = pd.to_numeric(values, errors="coerce")
    elif holds is Holds.TIMESTAMPS:
        read = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=True)
    else:
        return [], ""
    unread = (read.isna() & values.notna()).to_numpy().nonzero()[0]
    if not len(unread):
        return [], "; with and without an offset" if holds is Holds.TIMESTAMPS else ""
    positions = [int(position) for position in unread]
    return positions, f", such as {quoted_text(values.iloc[positions[0]])}"


def _value_type(column: pa.ChunkedArray) -> pa.DataType:
    kind = column.type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def fault(gate: str, name: str, column: str, observed: str) -> Check:
    """Say that a column is not what it has to be, as a whole."""
    return Check(
        gate=gate,
        name=name,
        status="failed",
        severity="critical",
        column=column,
        observed=observed,
    )


def held(gate: str, name: str) -> Check:
    """Say that all columns are what they have to be."""
    return Check(gate=gate, name=name, status="passed", severity="critical")
