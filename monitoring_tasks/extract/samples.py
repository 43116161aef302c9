"""Some rows of a source nobody has described yet: its columns, days and rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.contract.sources import FileSource, Source, SqlSource
from monitoring_tasks.errors import (
    ConfigurationError,
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.csv_files import read_csv
from monitoring_tasks.extract.database_tables import reflect
from monitoring_tasks.extract.delivered_days import days_named
from monitoring_tasks.extract.file_patterns import pattern_of
from monitoring_tasks.extract.plain_columns import decode_table
from monitoring_tasks.extract.query_rows import fetch
from monitoring_tasks.extract.stacking import stack
from monitoring_tasks.sources.database_engine import open_engine

MOST_ROWS = 200_000
MOST_FILES = 120
"""Of more, only the latest are looked at."""
_SUFFIXES = (".parquet", ".pq", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some rows of a source.

    Attributes:
        source: Where it is, as a contract writes it.
        rows: The rows looked at; of all of them, or of the latest.
        days: Days its files are named by; empty where they are not.
        row_days: Of each row the day its file is named by; None where they are not.
        is_whole: Whether these are all rows.
    """

    source: Source
    rows: pa.Table
    days: tuple[date, ...] = ()
    row_days: pa.Array | None = None
    is_whole: bool = True


def sample_of(
    address: str,
    connection: str | None,
    home: Path,
    *,
    rank: Callable[[str], int] = lambda _: 0,
) -> Sample:
    """Return some rows of files or of a table.

    Args:
        address: A file, folder or pattern (`{day}` for the day), or the name of a
            table where there is a connection.
        connection: Name or URL of the database, for a table.
        home: The workspace; files in it are named from there.
        rank: Of a column's name, the smaller the likelier it is the instant of a row;
            the latest rows of a table are those by that column.

    Raises:
        NoDataError: If there is nothing there.
        UnreadableDataError: If it cannot be read.
        SourceUnavailableError: If it did not answer.
        ConfigurationError: If the connection is not known.
    """
    is_file = "/" in address or address.endswith(_SUFFIXES) or Path(address).exists()
    if connection and not is_file:
        return _sample_table(address, connection, rank)
    return _sample_files(address, home)


def _sample_files(address: str, home: Path) -> Sample:
    address = address if "://" in address else str(Path(address).absolute())
    try:
        filesystem, path = url_to_fs(address)
        names = _files(filesystem, path)
    except (OSError, ValueError, ImportError) as error:
        msg = f"{address}: the storage did not answer ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    if not names:
        kinds = ", ".join(_SUFFIXES)
        msg = (
            f"{address}: there is no such file, and no folder with {kinds} files; for "
            "a table of a database add --connection"
        )
        raise NoDataError(msg)
    file_format: Literal["csv", "parquet"] = (
        "csv" if names[0].endswith(".csv") else "parquet"
    )
    pattern, days = pattern_of(names, address, path)
    source = FileSource(path=_from(pattern, home), format=file_format)
    tables: list[pa.Table] = []
    row_days: list[date | None] = []
    full = url_to_fs(pattern)[1]
    # The latest come last: names of days sort as the days do.
    for name in reversed(names[-MOST_FILES:]):
        tables.insert(0, _read_file(filesystem, name))
        named = days_named([name], full) if days else ()
        row_days[:0] = [next(iter(named), None)] * tables[0].num_rows
        if sum(table.num_rows for table in tables) >= MOST_ROWS:
            break
    rows = stack(tables, address)
    is_whole = len(tables) == len(names) and rows.num_rows <= MOST_ROWS
    if rows.num_rows > MOST_ROWS:
        rows = rows.slice(rows.num_rows - MOST_ROWS)
    return Sample(
        source=source,
        rows=rows,
        days=days,
        row_days=pa.array(row_days[-rows.num_rows :], pa.date32()) if days else None,
        is_whole=is_whole,
    )


def _read_file(filesystem: fsspec.AbstractFileSystem, name: str) -> pa.Table:
    try:
        content = filesystem.cat_file(name)
        if name.endswith(".csv"):
            return decode_table(read_csv(content, keys=frozenset()))
        return decode_table(pq.read_table(pa.BufferReader(content)))
    except (pa.ArrowException, OSError, EOFError) as error:
        msg = f"{name}: not readable as its name says ({type(error).__name__})"
        raise UnreadableDataError(msg) from error


def _files(filesystem: fsspec.AbstractFileSystem, path: str) -> list[str]:
    if "*" in path or "{day}" in path:
        names = filesystem.glob(path.replace("{day}", "*"))
    elif filesystem.isdir(path):
        names = filesystem.find(path)
    else:
        names = [path] if filesystem.exists(path) else []
    return sorted(name for name in names if name.endswith(_SUFFIXES))


def _from(pattern: str, home: Path) -> str:
    """Return a path from the workspace on, if it lies in it."""
    start = f"{home.absolute()}/"
    return pattern.removeprefix(start)


def _sample_table(table: str, connection: str, rank: Callable[[str], int]) -> Sample:
    engine = open_engine(connection)
    try:
        source = SqlSource(kind="sql", connection=connection, table=table)
    except ValueError as error:
        msg = (
            "--connection: a password does not belong in a contract; set it as "
            "DAYWATCH_CONN_<NAME> in the environment and name that"
        )
        raise ConfigurationError(msg) from error
    try:
        with engine.connect() as opened:
            reflected = reflect(opened, table)
            statement = sa.select(*reflected.columns).limit(MOST_ROWS + 1)
            latest_first = _latest_first(reflected, rank)
            rows = fetch(opened, statement.order_by(*latest_first))
    except sa.exc.NoSuchTableError as error:
        msg = (
            f"there is no table {table} behind the connection; schema.table is allowed"
        )
        raise NoDataError(msg) from error
    except sa.exc.DBAPIError as error:
        # The driver's own text may carry the address; its class is enough.
        msg = (
            f"table {table}: the database did not answer ({type(error.orig).__name__})"
        )
        raise SourceUnavailableError(msg) from None
    finally:
        engine.dispose()
    if not rows.num_rows:
        msg = f"table {table} has no rows"
        raise NoDataError(msg)
    is_whole = rows.num_rows <= MOST_ROWS
    return Sample(source=source, rows=rows.slice(0, MOST_ROWS), is_whole=is_whole)


def _latest_first(
    table: sa.Table, rank: Callable[[str], int]
) -> list[sa.ColumnElement[Any]]:
    """Return an order that puts the latest rows first, if a column tells them."""
    dated = [c for c in table.columns if isinstance(c.type, sa.DateTime | sa.Date)]
    if not dated:
        return []
    # A date beside instants is that of something else: a birth, a contract.
    best = min(dated, key=lambda c: (not isinstance(c.type, sa.DateTime), rank(c.name)))
    if not best.nullable:
        return [best.desc()]
    # Not NULLS LAST: not every database knows it.
    return [sa.case((best.is_(None), 1), else_=0), best.desc()]
