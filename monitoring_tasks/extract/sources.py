"""Reading one day from a source; files here, tables of a database in `tables`.

Declared columns only. "There is nothing" and "it did not answer" are different
errors, and both name what was tried.
"""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from monitoring_tasks.domain.sources import FileSource, Source, SqlSource
from monitoring_tasks.errors import (
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.request import Request, Rows
from monitoring_tasks.extract.tables import read_table


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
        table, query = read_table(source, request)
    else:
        table, query = _read_files(source, request)
    arrived = source.arrived_at and _origin(source, source.arrived_at, table)
    table = _known_at(table, arrived, request)
    if not table.num_rows:
        msg = (
            f"{query}: it answered and holds no rows of {request.day} that were known "
            f"at {request.as_of:%Y-%m-%d %H:%M:%S %Z}; has the scoring job run?"
        )
        raise NoDataError(msg)
    return Rows(
        table=_declared(table, source, request.columns),
        query=query,
        watermark=_watermark(table, arrived, request.timezone),
    )


def _origin(source: Source, name: str, table: pa.Table) -> str:
    """Give the source's own name of a column the contract names."""
    back = {new: old for old, new in source.rename.items()}
    return back[name] if back.get(name) in table.schema.names else name


def _declared(table: pa.Table, source: Source, columns: tuple[str, ...]) -> pa.Table:
    """Give the declared columns the source has, under the contract's names."""
    wanted = (*columns, *([source.arrived_at] if source.arrived_at else []))
    origins = {name: _origin(source, name, table) for name in wanted}
    found = {new: old for new, old in origins.items() if old in table.schema.names}
    return table.select(list(found.values())).rename_columns(list(found))


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
    except pa.ArrowException as error:
        msg = f"{path}: the files do not agree on a column's type ({error})"
        raise UnreadableDataError(msg) from error
    if "{day}" not in source.path and source.day_column:
        column = _origin(source, source.day_column, table)
        table = _rows_of_day(table, column, request)
    return table, f"{source.format} {path} ({len(found)} files)"


def _read_file(
    filesystem: fsspec.AbstractFileSystem, name: str, file_format: str
) -> pa.Table:
    try:
        content = filesystem.cat_file(name)
    except OSError as error:
        msg = f"{name}: could not be read ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    read = pyarrow.csv.read_csv if file_format == "csv" else pq.read_table
    try:
        return _plain(read(pa.BufferReader(content)))
    except (pa.ArrowException, OSError, EOFError) as error:
        msg = (
            f"{name}: {len(content)} bytes that are not readable {file_format}; "
            "was the writer cut off? Write the file again under a new name and rename"
        )
        raise UnreadableDataError(msg) from error


def _plain(table: pa.Table) -> pa.Table:
    """Give dictionary-encoded columns (categoricals of pandas) by their values."""
    fields = [
        pa.field(field.name, field.type.value_type)
        if pa.types.is_dictionary(field.type)
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _rows_of_day(table: pa.Table, column: str, request: Request) -> pa.Table:
    if column not in table.schema.names:
        msg = (
            f"column '{column}' picks the rows of a day and is not in the source; "
            f"it has: {', '.join(table.schema.names)}"
        )
        raise UnreadableDataError(msg)
    values = table[column]
    if pa.types.is_null(values.type):
        return table.slice(0, 0)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        values = _instants(values, column)
    if pa.types.is_date(values.type):
        return table.filter(pc.equal(values.cast(pa.date32()), pa.scalar(request.day)))
    if not pa.types.is_timestamp(values.type):
        msg = f"column '{column}' picks the rows of a day and is {values.type}"
        raise UnreadableDataError(msg)
    start, end = request.edges(has_zone=values.type.tz is not None)
    kind = pa.timestamp("us", values.type.tz)
    after = pc.greater_equal(values, pa.scalar(start, kind))
    return table.filter(pc.and_(after, pc.less(values, pa.scalar(end, kind))))


def _instants(texts: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Read ISO texts, all with an offset or all without."""
    for zone in (None, "UTC"):
        try:
            return texts.cast(pa.timestamp("us", zone))
        except pa.ArrowInvalid:
            continue
    msg = f"column '{column}' picks the rows of a day and holds texts that are no day"
    raise UnreadableDataError(msg)


def _known_at(table: pa.Table, column: str | None, request: Request) -> pa.Table:
    if column is None or column not in table.schema.names:
        return table
    values = table[column]
    if pa.types.is_null(values.type):
        return table.slice(0, 0)
    if not pa.types.is_timestamp(values.type):
        msg = f"column '{column}' says when rows arrived and is {values.type}"
        raise UnreadableDataError(msg)
    limit = request.as_of.astimezone(UTC)
    if values.type.tz is None:
        limit = limit.astimezone(ZoneInfo(request.timezone)).replace(tzinfo=None)
    latest = pa.scalar(limit, pa.timestamp("us", values.type.tz))
    return table.filter(pc.less_equal(values, latest))


def _watermark(table: pa.Table, column: str | None, timezone: str) -> datetime | None:
    if column is None or column not in table.schema.names:
        return None
    kind = pa.timestamp("us", table[column].type.tz)
    latest: datetime = pc.max(table[column].cast(kind, safe=False)).as_py()
    return latest if latest.tzinfo else latest.replace(tzinfo=ZoneInfo(timezone))
