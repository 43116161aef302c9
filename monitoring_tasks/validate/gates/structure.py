"""The gates that are read off the columns: schema and nulls.

They say which columns can be computed with at all, so they come before Great
Expectations: on a column of nulls it passes everything, on an absent one it raises.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.gates.day_rows import DayRows
from monitoring_tasks.validate.suites.expectations import MAX_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What a day offers.

    Attributes:
        checks: Those made.
        usable: The columns fit to compute with.
        ids: The column of ids, where it is usable.
    """

    checks: tuple[Check, ...]
    usable: frozenset[str]
    ids: str | None


def inspect_structure(
    rows: DayRows, declared: Mapping[str, Holds], *, id_column: str
) -> Structure:
    """Say which declared columns are present once, of the right type and not empty.

    A column without a single value has no type of its own (files without types say
    null or text), so it fails at `nulls`, never at `schema`. Not-a-number is null.

    Args:
        rows: The rows, at least one.
        declared: Column -> what it must hold. Other columns are left alone.
        id_column: Column to take the ids of failing rows from.
    """
    schema = list(_schema_faults(rows, declared, id_column))
    unfit = {check.column for check in schema}
    nulls = [
        _fault("nulls", "column_is_not_empty", name, f"{rows.count} nulls")
        for name in declared
        if name not in unfit and _is_empty(rows, name)
    ]
    usable = frozenset(declared) - unfit - {check.column for check in nulls}
    return Structure(
        checks=(
            *(schema or [Check.held("schema", "declared_columns_hold_their_types")]),
            *(nulls or [Check.held("nulls", "declared_columns_are_not_empty")]),
        ),
        usable=usable,
        ids=id_column if id_column in usable else None,
    )


def _is_empty(rows: DayRows, name: str) -> bool:
    """Whether not a single row has a value."""
    return rows.missing(name) == rows.count


def _schema_faults(
    rows: DayRows, declared: Mapping[str, Holds], id_column: str
) -> Iterator[Check]:
    ids = id_column if rows.times(id_column) == 1 else None
    for name, holds in declared.items():
        count = rows.times(name)
        if count != 1:
            observed = "absent" if not count else f"present {count} times"
            yield _fault("schema", "column_is_present_once", name, observed)
        elif not (_fits(rows.kind(name), holds) or _is_empty(rows, name)):
            yield _type_fault(rows, name, holds, ids)


def _fits(kind: pa.DataType, holds: Holds) -> bool:
    """Whether a column of a type holds what is declared."""
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


def _type_fault(rows: DayRows, name: str, holds: Holds, ids: str | None) -> Check:
    """Describe a column of the wrong type; of texts, the ones that cannot be read."""
    kind, unreadable = rows.kind(name), rows.unreadable(name, holds, ids=ids)
    is_nested = pa.types.is_nested(kind)
    return Check(
        gate="schema",
        name="column_holds_single_values" if is_nested else f"column_holds_{holds}",
        status="failed",
        severity="critical",
        column=name,
        observed=f"type {kind}"[:MAX_TEXT] + unreadable.example,
        failing_rows=unreadable.count or rows.count,
        failing_ids=unreadable.ids,
    )


def _fault(gate: str, name: str, column: str, observed: str) -> Check:
    """Say that a column is not what it has to be, as a whole."""
    return Check(
        gate=gate,
        name=name,
        status="failed",
        severity="critical",
        column=column,
        observed=observed,
    )
