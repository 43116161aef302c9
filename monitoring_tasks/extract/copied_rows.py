"""The rows of a query as Postgres copies them: as CSV, never as objects of Python.

Where all columns are of types whose text says all; else rows are fetched.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
import pyarrow as pa
import sqlalchemy as sa

from monitoring_tasks.sources.copied_csv import copied_csv

TYPES: Mapping[type[sa.types.TypeEngine[Any]], pa.DataType] = {
    sa.Boolean: pa.bool_(),
    sa.Integer: pa.int64(),
    sa.Float: pa.float64(),
    sa.String: pa.string(),
    sa.Date: pa.date32(),
}
"""Types of columns whose text says all, and what their values are here."""
NOT_COPIED = (
    psycopg.DataError,
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
    pa.ArrowException,
)
"""What says that values, types or the server do not go with copying.

Not that a query was cancelled, took too long or lost the server: it is not asked again.
"""


def copied_rows(
    connection: sa.Connection, statement: sa.Select[Any]
) -> pa.Table | None:
    """Return the rows of a query; None where they cannot be read so.

    Columns are of the types that the same rows have when they are fetched.

    Args:
        connection: To Postgres, through psycopg; None leaves it as it was.
        statement: Selects the columns, each under a name.

    Raises:
        sqlalchemy.exc.DBAPIError: If the database does not answer, as where rows are
            fetched; nothing is asked a second time.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        return None
    zone = str(driver.info.timezone)
    told = {c.name: _type_of(c.type, zone) for c in statement.selected_columns}
    types = {name: kind for name, kind in told.items() if kind is not None}
    if not types or len(types) < len(told):
        return None
    compiled = statement.compile(dialect=connection.dialect)
    try:
        with driver.transaction():
            # Not left to the role: other forms of instants are not read.
            driver.execute("SET LOCAL DateStyle = 'ISO'")
            table = copied_csv(driver, str(compiled), types, compiled.params)
    except NOT_COPIED:
        # Fetching tells what there is, such as an instant at infinity.
        return None
    except psycopg.Error as error:
        raise _as_fetching_raises(error, driver, connection, compiled) from error
    # Nulls alone tell no type, as where rows are fetched.
    untold = [n for n in types if table[n].null_count == table.num_rows]
    for name in untold:
        nulls = pa.nulls(table.num_rows)
        table = table.set_column(table.schema.get_field_index(name), name, nulls)
    return table


def _as_fetching_raises(
    error: psycopg.Error,
    driver: psycopg.Connection,
    connection: sa.Connection,
    statement: sa.Compiled,
) -> sa.exc.StatementError:
    """Return a driver's error as SQLAlchemy's; a connection that was lost is let go."""
    is_lost = driver.closed
    if is_lost:
        connection.invalidate(error)
    return sa.exc.DBAPIError.instance(
        str(statement),
        statement.params,
        error,
        psycopg.Error,
        hide_parameters=connection.engine.hide_parameters,
        connection_invalidated=is_lost,
        dialect=connection.dialect,
    )


def _type_of(kind: sa.types.TypeEngine[Any], zone: str) -> pa.DataType | None:
    """Return the type that values have when they are fetched; None for any other."""
    if isinstance(kind, sa.DateTime):
        return pa.timestamp("us", zone if kind.timezone else None)
    if isinstance(kind, sa.Enum):
        return None
    there = (known for family, known in TYPES.items() if isinstance(kind, family))
    return next(there, None)
