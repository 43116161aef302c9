"""Reading one day from a table or view of a database, through SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from monitoring_tasks.contract.sources import SqlSource
from monitoring_tasks.errors import (
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.day_filter import days_in
from monitoring_tasks.extract.query_rows import SQL_CHUNK_ROWS, column_of, fetch
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.database_engine import open_engine
from monitoring_tasks.sources.request import Request


def read_table(source: SqlSource, request: Request) -> tuple[pa.Table, str]:
    """Read the rows of the day, and say in words what was asked for.

    Args:
        source: The table.
        request: Says which day and columns.

    Raises:
        NoDataError: If there is no such table.
        UnreadableDataError: If a column is missing or the database itself cannot give
            its values.
        SourceUnavailableError: If the database did not answer.
        ConfigurationError: If the connection is unknown.
    """
    where = source.connection.split("://", 1)[0]
    query = f"table {source.table} of {where}, day {request.day}"
    with _asked(source, query, request.look_up) as connection:
        statement = _select(connection, source, request)
        try:
            table = fetch(connection, statement)
        except (ValueError, TypeError):
            # A value does not fit its column's type: as the database stores it.
            table = fetch(connection, _untyped(statement))
    return table, query


def days_of_table(
    source: SqlSource,
    column: str,
    *,
    timezone: str,
    look_up: ConnectionLookup | None = None,
) -> set[date]:
    """Return the days on which a table has rows, as `read_table` picks them.

    Args:
        source: The table.
        column: Column with the day or the instant of a row.
        timezone: The model's; instants with a zone are put on its calendar.
        look_up: From a connection's name to its URL.

    Raises:
        NoDataError: If there is no such table.
        UnreadableDataError: If there is no such column or it holds no days.
        SourceUnavailableError: If the database did not answer.
        ConfigurationError: If the connection is unknown.
    """
    query = f"table {source.table} of {source.connection.split('://', 1)[0]}"
    with _asked(source, query, look_up) as connection:
        key = _day_key(reflect(connection, source.table), source, column)
        day = _day_of(key, timezone, connection.dialect.name).label(column)
        statement = sa.select(day).where(key.is_not(None)).distinct()
        # In parts: where a database cannot cut instants they come one by one.
        result = connection.execution_options(stream_results=True).execute(statement)
        days: set[date] = set()
        for rows in result.partitions(SQL_CHUNK_ROWS):
            values = pa.chunked_array([column_of(tuple(row[0] for row in rows))])
            days |= days_in(values, column, timezone)
    return days


@contextmanager
def _asked(
    source: SqlSource, query: str, look_up: ConnectionLookup | None
) -> Iterator[sa.Connection]:
    """Open the database for a query; what it refuses is one of our errors."""
    engine = open_engine(source.connection, look_up)
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.NoSuchTableError as error:
        msg = f"{query}: there is no such table"
        raise NoDataError(msg) from error
    except sa.exc.DataError as error:
        # The driver's own text may carry a value; its class is enough.
        kind = type(error.orig).__name__
        msg = (
            f"{query}: the driver cannot read a value of it ({kind}); give it a view "
            "without values beyond the years 1 to 9999 or the range of their type"
        )
        raise UnreadableDataError(msg) from None
    except sa.exc.DBAPIError as error:
        # The driver's own text may carry the address; its class is enough.
        msg = f"{query}: the database did not answer ({type(error.orig).__name__})"
        raise SourceUnavailableError(msg) from None
    finally:
        engine.dispose()


def reflect(connection: sa.Connection, table: str) -> sa.Table:
    """Return a table or view as the database has it.

    Args:
        connection: To the database.
        table: Its name; `schema.table` is allowed.

    Raises:
        sqlalchemy.exc.NoSuchTableError: If there is none.
    """
    schema, _, name = table.rpartition(".")
    return sa.Table(
        name, sa.MetaData(), schema=schema or None, autoload_with=connection
    )


def _select(
    connection: sa.Connection, source: SqlSource, request: Request
) -> sa.Select[Any]:
    reflected = reflect(connection, source.table)
    back = {new: old for old, new in source.rename.items()}
    names = [*request.columns, source.arrived_at, source.day_column]
    # By both names: a view may use the contract's own already.
    wanted = {back.get(name, name) for name in names if name} | set(names)
    columns = [column for column in reflected.columns if column.name in wanted]
    if not columns:
        msg = (
            f"table {source.table} has none of the declared columns; "
            f"it has: {', '.join(reflected.columns.keys())}"
        )
        raise UnreadableDataError(msg)
    is_text = connection.dialect.name == "sqlite"
    statement = sa.select(*(_exact(column, is_text=is_text) for column in columns))
    if source.day_column is None:
        return statement
    key = _day_key(reflected, source, source.day_column)
    return statement.where(_on_day(key, request, is_text=is_text))


def _day_key(table: sa.Table, source: SqlSource, name: str) -> sa.Column[object]:
    """Return the column that picks the rows of a day, by the contract's name of it."""
    back = {new: old for old, new in source.rename.items()}
    name = back.get(name, name)
    key = table.columns.get(name)
    if key is None:
        msg = (
            f"table {source.table} has no column '{name}' "
            f"to pick a day by; it has: {', '.join(table.columns.keys())}"
        )
        raise UnreadableDataError(msg)
    return key


def _day_of(
    key: sa.Column[object], timezone: str, dialect: str
) -> sa.ColumnElement[Any]:
    """Return the day of each row, as `_on_day` picks it; else what tells the day."""
    if isinstance(key.type, sa.String):
        return sa.func.substr(key, 1, len("2024-03-01"))
    if dialect == "sqlite":
        # It keeps instants as texts, and reads every form of them itself.
        return sa.func.date(key)
    has_zone = bool(getattr(key.type, "timezone", False))
    if dialect == "postgresql" and isinstance(key.type, sa.DateTime | sa.Date):
        at = sa.func.timezone(timezone, key) if has_zone else key
        # As text: its days reach further than Python's, and to infinity.
        return sa.func.to_char(at, "YYYY-MM-DD")
    if isinstance(key.type, sa.DateTime) and not has_zone:
        return sa.cast(key, sa.Date)
    return key  # a day, or an instant that the model's calendar puts into one


def _exact(column: sa.Column[object], *, is_text: bool) -> sa.ColumnElement[Any]:
    """Return an exact number of SQLite as it is stored; a double would round it."""
    is_number = isinstance(column.type, sa.Numeric) and not isinstance(
        column.type, sa.Float
    )
    if not (is_text and is_number):
        return column
    return sa.type_coerce(column, sa.types.NullType()).label(column.name)


def _on_day(
    key: sa.Column[object], request: Request, *, is_text: bool
) -> sa.ColumnElement[bool]:
    """Pick the day; SQLite keeps instants as texts, in whatever form they came."""
    if isinstance(key.type, sa.Date) and not isinstance(key.type, sa.DateTime):
        return key == request.day
    if isinstance(key.type, sa.String):
        # ISO 8601 begins with the day, whatever follows.
        return key.startswith(request.day.isoformat())
    has_zone = bool(getattr(key.type, "timezone", False))
    start, end = request.edges(has_zone=has_zone)
    if is_text:
        at = sa.func.datetime(key)
        return sa.and_(at >= start.isoformat(" "), at < end.isoformat(" "))
    return sa.and_(key >= start, key < end)


def _untyped(
    statement: sa.Select[Any],
) -> sa.Select[Any]:
    """Return the same statement with values as the driver gives them."""
    raw: list[Any] = [
        sa.type_coerce(column, sa.types.NullType()).label(column.name)
        for column in statement.selected_columns
    ]
    return statement.with_only_columns(*raw)
