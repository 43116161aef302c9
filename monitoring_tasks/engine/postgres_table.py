"""A table of Postgres, read where it lies in one snapshot that writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BytesIO

import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pyarrow.csv
import sqlalchemy as sa
from ibis.backends.postgres import Backend

from monitoring_tasks.contract.sources import SqlSource, require_engine
from monitoring_tasks.engine.opened import LABELS, Opened, Upload
from monitoring_tasks.engine.table_snapshot import begin_snapshot
from monitoring_tasks.engine.table_state import table_state
from monitoring_tasks.errors import (
    ConfigurationError,
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.database_engine import open_engine
from monitoring_tasks.sources.request import Request

SETTINGS = (
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
)
"""So that a value is written the same way whatever the server's or role's own are."""
SPEED = {
    # Of computed keys it expects as many groups as rows, and sorts all rows once for
    # each grouping where those do not fit; there are far fewer.
    "work_mem": "64MB",
    "hash_mem_multiplier": "16",
    # Compiling hundreds of expressions takes longer than they do.
    "jit": "off",
}
SET_IF_KNOWN = "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s"
"""A server too old for a setting does without it."""
TYPES = {
    pa.string(): "text",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.timestamp("us", "UTC"): "timestamptz",
}
"""What columns of labels are in Postgres."""


@contextmanager
def open_table(source: SqlSource, request: Request, upload: Upload) -> Iterator[Opened]:
    """Open a table in one snapshot: what others write meanwhile is not seen.

    Args:
        source: The table.
        request: Brings the connection.
        upload: Says which labels are laid beside it, in a temporary table.

    Raises:
        NoDataError: If there is no such table.
        ConfigurationError: If the connection is unknown, of another database, or may
            not make a temporary table where one is needed.
        UnreadableDataError: If the database cannot give a value.
        SourceUnavailableError: If it did not answer.
    """
    name = source.connection.split("://", 1)[0]
    query = f"table {source.table} of {name}, day {request.day}"
    with _answering(query), _connected(source, query, request.look_up) as connection:
        for setting in SETTINGS:
            connection.execute(setting)
        for name_of_setting, value in SPEED.items():
            connection.execute(SET_IF_KNOWN, (value, name_of_setting))
        backend = Backend.from_connection(connection)
        address = _address(connection, source.table)
        table = _table(backend, address, query)
        _refuse_padded(connection, address, request, query)
        own = {column: column for column in table.columns}
        labels = upload(table, own)
        held = None
        if labels is not None:
            _lay(connection, labels, query)
            held = backend.table(LABELS)
        begin_snapshot(connection, address)
        yield Opened(
            table=table,
            columns=own,
            query=query,
            state=partial(table_state, connection),
            labels=held,
        )


@contextmanager
def _connected(
    source: SqlSource, query: str, look_up: ConnectionLookup | None
) -> Iterator[psycopg.Connection]:
    engine = open_engine(source.connection, look_up)
    name = source.connection.split("://", 1)[0]
    try:
        require_engine(engine.dialect.name)
    except ValueError as error:
        msg = f"connection '{name}': {error}"
        raise ConfigurationError(msg) from error
    # Ibis speaks through psycopg, whatever driver a URL names.
    url = engine.url.set(drivername="postgresql+psycopg")
    engine.dispose()
    ours = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    try:
        opened = ours.connect()
    except sa.exc.DBAPIError as error:
        raise _unavailable(query, error.orig) from None
    with opened as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            msg = f"connection '{name}' is not one of psycopg"
            raise ConfigurationError(msg)
        try:
            yield driver
        finally:
            # Nothing was written; what a failed statement left open goes too. A server
            # that hung up meanwhile takes back no answer it gave.
            with suppress(psycopg.Error):
                driver.rollback()


@contextmanager
def _answering(query: str) -> Iterator[None]:
    """Make what the database refuses one of our errors, without the driver's text.

    The store's own errors are SQLAlchemy's, and pass.
    """
    try:
        yield
    except psycopg.errors.DataError as error:
        # The driver's own text may carry a value; its class is enough.
        msg = (
            f"{query}: a value of it cannot be read ({type(error).__name__}); give the "
            "source a view without values beyond the range of their type"
        )
        raise UnreadableDataError(msg) from None
    except psycopg.Error as error:
        raise _unavailable(query, error) from None


def _unavailable(query: str, error: BaseException | None) -> SourceUnavailableError:
    # The driver's own text may carry the address; its class is enough.
    kind = type(error).__name__
    return SourceUnavailableError(f"{query}: the database did not answer ({kind})")


def _address(connection: psycopg.Connection, name: str) -> tuple[str | None, str]:
    """Return the schema a table is read from, as the role's search path has it."""
    schema, _, table = name.rpartition(".")
    if schema:
        return schema, table
    statement = (
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.oid = to_regclass(quote_ident(%s))"
    )
    row = connection.execute(statement, (table,)).fetchone()
    return (row[0] if row else None), table


def _refuse_padded(
    connection: psycopg.Connection,
    address: tuple[str | None, str],
    request: Request,
    query: str,
) -> None:
    """Refuse texts that are padded to a length: each reader sees others in them."""
    statement = (
        "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s"
        " AND c.relname = %s AND a.atttypid = 'bpchar'::regtype AND NOT a.attisdropped"
    )
    padded = {row[0] for row in connection.execute(statement, address)}
    rename = request.source.rename
    read = {rename.get(name, name) for name in padded} & {*request.columns}
    if read:
        msg = (
            f"{query}: column '{min(read)}' is char(n), which `freeze: facts` does not "
            "read: make it text, name a view that casts it, or set `freeze: rows`"
        )
        raise UnreadableDataError(msg)


def _table(backend: Backend, address: tuple[str | None, str], query: str) -> ir.Table:
    schema, table = address
    try:
        return backend.table(table, database=schema)
    except ibis.common.exceptions.TableNotFound as error:
        msg = f"{query}: there is no such table"
        raise NoDataError(msg) from error


def _lay(connection: psycopg.Connection, labels: pa.Table, query: str) -> None:
    """Lay labels in a temporary table; it goes with the connection."""
    fields = [f'"{f.name}" {TYPES[f.type]}' for f in labels.schema]
    content = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(labels, content, options)
    try:
        connection.execute(f"CREATE TEMPORARY TABLE {LABELS} ({', '.join(fields)})")
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {LABELS} FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(content.getbuffer())
        connection.execute(f"ANALYZE {LABELS}")
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ReadOnlySqlTransaction,
    ) as error:
        msg = (
            f"{query}: labels are joined there, and this role may not make a temporary "
            "table; GRANT TEMPORARY ON the database to it, name a server that is "
            "no replica, or set `freeze: rows`"
        )
        raise ConfigurationError(msg) from error
