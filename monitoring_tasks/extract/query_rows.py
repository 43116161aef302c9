"""The rows of a query as columns of one type each."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

from monitoring_tasks.extract.stacking import stack

SQL_CHUNK_ROWS = 50_000
"""Rows in memory at once as Python objects, before they become columns."""
COPYING = ("postgresql", "psycopg")
"""Dialect and driver through which rows are copied."""
_EXACT = 15  # decimal digits a double always keeps


def fetch(connection: sa.Connection, statement: sa.Select[Any]) -> pa.Table:
    """Return the rows of a query, copied where the database does that; else in parts.

    Args:
        connection: To the database.
        statement: Selects the columns, each under a name.
    """
    if (connection.dialect.name, connection.dialect.driver) == COPYING:
        from monitoring_tasks.extract.copied_rows import (  # noqa: PLC0415 (an extra's driver)
            copied_rows,
        )

        table = copied_rows(connection, statement)
        if table is not None:
            return table
    return fetched_rows(connection, statement)


def fetched_rows(connection: sa.Connection, statement: sa.Select[Any]) -> pa.Table:
    """Return the rows of a query, fetched as objects of Python, in parts.

    Args:
        connection: To the database.
        statement: Selects the columns, each under a name.
    """
    names = [column.name for column in statement.selected_columns]
    streamed = connection.execution_options(stream_results=True).execute(statement)
    chunks = [
        _to_arrow(names, list(rows)) for rows in streamed.partitions(SQL_CHUNK_ROWS)
    ]
    if not chunks:
        # No rows tell no types; null goes with whatever the contract declares.
        return pa.table({name: pa.array([], pa.null()) for name in names})
    return stack(chunks, "the table")


def _to_arrow(names: list[str], rows: list[sa.Row[Any]]) -> pa.Table:
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return pa.table({name: column_of(values) for name, values in columns})


def column_of(values: tuple[object, ...]) -> pa.Array:
    """Return values as one type; those of several types, or of none here, as text."""
    plain: list[Any] = [
        str(value) if isinstance(value, UUID) else value for value in values
    ]
    try:
        instants = _instants(plain)
        return pa.array(plain) if instants is None else instants
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        if _are_short_decimals(plain):  # of which some are NaN or infinite
            return pa.array([None if v is None else float(v) for v in plain])
        return pa.array([None if v is None else _text(v) for v in plain], pa.string())


def _instants(values: list[Any]) -> pa.Array | None:
    """Return instants that have an offset, in the zone of the first; None of others.

    Through UTC: in a process that has done much else PyArrow 25.0.1 was seen to take
    the clock of another zone for that of UTC, hours off.
    """
    present = [value for value in values if value is not None]
    if not present or not all(isinstance(v, datetime) and v.tzinfo for v in present):
        return None
    zone = pa.lib.tzinfo_to_string(present[0].tzinfo)
    in_utc = [None if v is None else v.astimezone(UTC) for v in values]
    return pa.array(in_utc, pa.timestamp("us", tz="UTC")).cast(
        pa.timestamp("us", tz=zone)
    )


def _are_short_decimals(values: list[Any]) -> bool:
    """Say whether all are decimals that a double holds without rounding keys."""
    return all(
        value is None
        or (isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT)
        for value in values
    )


def _text(value: object) -> str:
    is_bytes = isinstance(value, bytes | bytearray | memoryview)
    return bytes(value).hex() if is_bytes else str(value)  # type: ignore[call-overload]
