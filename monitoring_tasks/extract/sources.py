"""Reading one day from a source: files through fsspec, or SQL through SQLAlchemy.

Declared columns only. "There is nothing" and "it did not answer" are different
errors, and both name what was tried.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.domain.contract import FileSource, Source, SqlSource
from monitoring_tasks.domain.windows import Window
from monitoring_tasks.errors import (
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.connections import ConnectionLookup, open_engine

SQL_CHUNK_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read.

    Attributes:
        source: Where it is.
        day: The model's own calendar day.
        window: The instants between which the day lasts.
        columns: Declared columns; those the source lacks are left out.
        as_of: Rows that arrived later are left out.
        home: Where relative paths start.
        look_up: From a connection's name to its URL.
    """

    source: Source
    day: date
    window: Window
    columns: tuple[str, ...]
    as_of: datetime
    home: Path
    look_up: ConnectionLookup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What was read, and the words in which it was asked for."""

    table: pa.Table
    query: str
    watermark: datetime | None


def read_day(request: Request) -> Rows:
    """Read the rows of one day that were known at `request.as_of`.

    Raises:
        NoDataError: If the source answered and holds nothing for the day.
        UnreadableDataError: If a file is empty, cut off or not of its format.
        SourceUnavailableError: If the source did not answer.
        ConfigurationError: If the connection is unknown.
    """
    source = request.source
    if isinstance(source, SqlSource):
        table, query = _read_sql(source, request)
    else:
        table, query = _read_files(source, request)
    table = _known_at(table, source.arrived_at, request.as_of)
    watermark = _watermark(table, source.arrived_at)
    names = {
        old: new for old, new in source.rename.items() if old in table.schema.names
    }
    table = table.rename_columns([names.get(name, name) for name in table.schema.names])
    wanted = [*request.columns, *([source.arrived_at] if source.arrived_at else [])]
    return Rows(
        table=table.select([name for name in wanted if name in table.schema.names]),
        query=query,
        watermark=watermark,
    )


def _read_files(source: FileSource, request: Request) -> tuple[pa.Table, str]:
    path = source.path.replace("{day}", request.day.isoformat())
    if "://" not in path and not Path(path).is_absolute():
        path = str(request.home / path)
    try:
        filesystem, pattern = url_to_fs(path)
        found = sorted(filesystem.glob(pattern))
    except (OSError, ValueError, ImportError) as error:
        msg = f"{path}: the storage did not answer ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    if not found:
        msg = f"no file matches {path} for {request.day}; has the scoring job run?"
        raise NoDataError(msg)
    tables = [_read_file(filesystem, name, source.format) for name in found]
    try:
        table = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowInvalid as error:
        msg = f"{path}: the files do not agree on a column's type ({error})"
        raise UnreadableDataError(msg) from error
    if "{day}" not in source.path and source.day_column:
        table = _rows_of_day(table, source.day_column, request)
    return table, f"{source.format} {path} ({len(found)} files)"


def _read_file(
    filesystem: fsspec.AbstractFileSystem, name: str, file_format: str
) -> pa.Table:
    try:
        with filesystem.open(name, "rb") as stream:
            if file_format == "csv":
                return pyarrow.csv.read_csv(stream)
            return pq.read_table(stream)
    except (pa.ArrowInvalid, EOFError) as error:
        size = filesystem.size(name)
        msg = (
            f"{name}: {size} bytes that are not readable {file_format}; "
            "was the writer cut off? Write the file again under a new name and rename"
        )
        raise UnreadableDataError(msg) from error
    except OSError as error:
        msg = f"{name}: could not be read ({type(error).__name__}: {error})"
        if "magic bytes" in str(error).lower() or "parquet" in str(error).lower():
            raise UnreadableDataError(msg) from error
        raise SourceUnavailableError(msg) from error


def _rows_of_day(table: pa.Table, column: str, request: Request) -> pa.Table:
    if column not in table.schema.names:
        msg = (
            f"column '{column}' picks the rows of a day and is not in the source; "
            f"it has: {', '.join(table.schema.names)}"
        )
        raise UnreadableDataError(msg)
    values = table[column]
    if pa.types.is_date(values.type):
        return table.filter(pc.equal(values, pa.scalar(request.day, values.type)))
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return table.filter(pc.starts_with(values, request.day.isoformat()))
    start, end = _bounds(request.window, values.type)
    return table.filter(pc.and_(pc.greater_equal(values, start), pc.less(values, end)))


def _bounds(window: Window, kind: pa.DataType) -> tuple[pa.Scalar, pa.Scalar]:
    edges = (window.start, window.end)
    if pa.types.is_timestamp(kind) and kind.tz is None:
        edges = (window.start.replace(tzinfo=None), window.end.replace(tzinfo=None))
    return pa.scalar(edges[0], kind), pa.scalar(edges[1], kind)


def _known_at(table: pa.Table, column: str | None, as_of: datetime) -> pa.Table:
    if column is None or column not in table.schema.names:
        return table
    values = table[column]
    limit = as_of.astimezone(UTC)
    if values.type.tz is None:
        limit = limit.replace(tzinfo=None)
    return table.filter(pc.less_equal(values, pa.scalar(limit, values.type)))


def _watermark(table: pa.Table, column: str | None) -> datetime | None:
    if column is None or column not in table.schema.names or not table.num_rows:
        return None
    latest = pc.max(table[column]).as_py()
    if not isinstance(latest, datetime):
        return None
    return latest if latest.tzinfo else latest.replace(tzinfo=UTC)


def _read_sql(source: SqlSource, request: Request) -> tuple[pa.Table, str]:
    engine = open_engine(source.connection, request.look_up)
    where = source.connection.split("://", 1)[0]
    query = f"table {source.table} of {where}, day {request.day}"
    try:
        with engine.connect() as connection:
            statement = _select(connection, source, request)
            table = _fetch(connection, statement)
    except sa.exc.NoSuchTableError as error:
        msg = f"{query}: there is no such table"
        raise NoDataError(msg) from error
    except sa.exc.DBAPIError as error:
        # The driver's own text may carry the address; its class is enough.
        msg = f"{query}: the database did not answer ({type(error.orig).__name__})"
        raise SourceUnavailableError(msg) from None
    finally:
        engine.dispose()
    if not table.num_rows:
        msg = f"{query}: the query ran and found no rows; has the scoring job run?"
        raise NoDataError(msg)
    return table, query


def _select(
    connection: sa.Connection, source: SqlSource, request: Request
) -> sa.Select[tuple[object, ...]]:
    schema, _, name = source.table.rpartition(".")
    reflected = sa.Table(
        name, sa.MetaData(), schema=schema or None, autoload_with=connection
    )
    back = {new: old for old, new in source.rename.items()}
    wanted = {back.get(column, column) for column in request.columns}
    wanted |= {name for name in (source.arrived_at, source.day_column) if name}
    columns = [column for column in reflected.columns if column.name in wanted]
    statement = sa.select(*columns)
    if source.day_column is None:
        return statement
    key = reflected.columns.get(source.day_column)
    if key is None:
        msg = (
            f"table {source.table} has no column '{source.day_column}' "
            f"to pick a day by; it has: {', '.join(reflected.columns.keys())}"
        )
        raise UnreadableDataError(msg)
    if isinstance(key.type, sa.Date) and not isinstance(key.type, sa.DateTime):
        return statement.where(key == request.day)
    if isinstance(key.type, sa.String):
        return statement.where(key.startswith(request.day.isoformat()))
    start, end = request.window.start, request.window.end
    if not getattr(key.type, "timezone", False):
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    return statement.where(key >= start, key < end)


def _fetch(
    connection: sa.Connection, statement: sa.Select[tuple[object, ...]]
) -> pa.Table:
    names = [column.name for column in statement.selected_columns]
    streamed = connection.execution_options(stream_results=True).execute(statement)
    chunks = [
        _to_arrow(names, list(rows)) for rows in streamed.partitions(SQL_CHUNK_ROWS)
    ]
    if not chunks:
        return pa.table({name: pa.array([], pa.null()) for name in names})
    return pa.concat_tables(chunks, promote_options="permissive")


def _to_arrow(names: list[str], rows: list[sa.Row[tuple[object, ...]]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [_array(list(values)) for values in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _array(values: list[object]) -> pa.Array:
    array = pa.array(values)
    return array.cast(pa.float64()) if pa.types.is_decimal(array.type) else array
