"""Reading one day from a source; files here, tables of a database in `tables`.

Declared columns only, each in a plain type and read as what the contract says it
holds. "There is nothing" and "it did not answer" are different errors, and both name
what was tried.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.sources import FileSource, SqlSource
from monitoring_tasks.errors import (
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.csv_files import read_csv
from monitoring_tasks.extract.database_tables import read_table
from monitoring_tasks.extract.day_filter import rows_of_day, without_other_days
from monitoring_tasks.extract.plain_columns import decode_table
from monitoring_tasks.extract.request import Request
from monitoring_tasks.extract.stacking import stack
from monitoring_tasks.extract.typed_columns import read_as, read_instants
from monitoring_tasks.rows.delivery import Rows

NEVER_READABLE = (PermissionError, IsADirectoryError)
"""Errors of a file that trying again does not mend."""


def read_day(request: Request) -> Rows:
    """Read the rows of one day that were known at `request.as_of`.

    Rows whose timestamp lies in another day are left out, and said.

    Raises:
        NoDataError: If the source answered and holds nothing for the day.
        UnreadableDataError: If a file is empty, cut off or not of its format.
        SourceUnavailableError: If the source did not answer.
        ConfigurationError: If the connection is unknown.
    """
    source = request.source
    if isinstance(source, SqlSource):
        table, query = read_table(source, request)
        table = _declared(table, request)
    else:
        table, query = _read_files(source, request)
    table = _known_at(table, source.arrived_at, request)
    if not table.num_rows:
        msg = (
            f"{query}: it answered and holds no rows of {request.day} that were known "
            f"at {request.as_of:%Y-%m-%d %H:%M:%S %Z}; has the scoring job run?"
        )
        raise NoDataError(msg)
    table, other_days = without_other_days(table, request)
    if other_days is not None and not table.num_rows:
        msg = f"{query}: {other_days.text}"
        raise NoDataError(msg)
    wanted = {*request.columns, source.arrived_at}
    return Rows(
        table=table.select([n for n in table.column_names if n in wanted]),
        query=query,
        watermark=_watermark(table, source.arrived_at, request.timezone),
        other_days=other_days,
    )


def _declared(table: pa.Table, request: Request) -> pa.Table:
    """Return the columns that are asked for, as what they hold, by our names for them.

    Raises:
        UnreadableDataError: If one of them stands there more than once.
    """
    source = request.source
    places: dict[str, int] = {}
    for name in (*request.columns, source.arrived_at, source.day_column):
        if name is None:
            continue
        origin = _origin(source, name, table)
        here = table.schema.get_all_field_indices(origin)
        if len(here) > 1:
            msg = f"column '{origin}' stands {len(here)} times in the source; name each"
            raise UnreadableDataError(msg)
        if here:
            places[name] = here[0]
    picked = table.select([*places.values()]).rename_columns([*places])
    return read_as(decode_table(picked), request.holds)


def _origin(source: FileSource | SqlSource, name: str, table: pa.Table) -> str:
    """Return the source's own name of a column the contract names."""
    back = {new: old for old, new in source.rename.items()}
    return back[name] if back.get(name) in table.schema.names else name


def _read_files(source: FileSource, request: Request) -> tuple[pa.Table, str]:
    path = source.path.replace("{day}", request.day.isoformat())
    filesystem, path, names = files_of(path, request.home)
    if not names:
        msg = f"no file matches {path} for {request.day}; has the scoring job run?"
        raise NoDataError(msg)
    keys = _keys(source, request)
    files = [read_file(filesystem, name, source.format, keys=keys) for name in names]
    table = stack([_declared(file, request) for file in files], path)
    column = source.day_column
    if "{day}" not in source.path and column:
        if column not in table.column_names:
            msg = (
                f"column '{column}' picks the rows of a day and is not in the source; "
                f"it has: {', '.join(files[0].column_names)}"
            )
            raise UnreadableDataError(msg)
        table = rows_of_day(table, column, request)
    return table, f"{source.format} {path} ({len(names)} files)"


def files_of(path: str, home: Path) -> tuple[fsspec.AbstractFileSystem, str, list[str]]:
    """Return the storage of a pattern, the whole pattern and the files it matches.

    A `{day}` that is left in it stands for any text.

    Raises:
        SourceUnavailableError: If the storage did not answer.
    """
    if "://" not in path and not Path(path).is_absolute():
        path = str(home / path)
    try:
        filesystem, pattern = url_to_fs(path)
        names = sorted(filesystem.glob(pattern.replace("{day}", "*")))
    except (OSError, ValueError, ImportError) as error:
        msg = f"{path}: the storage did not answer ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    return filesystem, path, names


def read_file(
    filesystem: fsspec.AbstractFileSystem,
    name: str,
    file_format: Literal["parquet", "csv"],
    *,
    keys: frozenset[str] = frozenset(),
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Return the rows of a file.

    Args:
        filesystem: The storage it lies in.
        name: The file.
        file_format: How it is to be read.
        keys: Columns that are kept exactly as a CSV writes them.
        columns: Columns that are enough, where a format can leave others unread.

    Raises:
        UnreadableDataError: If it may not be read or is not of its format.
        SourceUnavailableError: If the storage did not answer.
    """
    try:
        content = filesystem.cat_file(name)
    except NEVER_READABLE as error:
        msg = f"{name}: may not be read ({error.strerror}); let Daywatch's user read it"
        raise UnreadableDataError(msg) from error
    except OSError as error:
        msg = f"{name}: could not be read ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    try:
        if file_format == "csv":
            return read_csv(content, keys=keys)
        # `pq.read_table` makes a dataset of each file: small ones take thrice as long.
        return pq.ParquetFile(pa.BufferReader(content)).read(columns=columns)
    except (pa.ArrowException, OSError, EOFError) as error:
        msg = (
            f"{name}: {len(content)} bytes that are not readable {file_format}; "
            "was the writer cut off? Write the file again under a new name and rename"
        )
        raise UnreadableDataError(msg) from error


def _keys(source: FileSource | SqlSource, request: Request) -> frozenset[str]:
    """Return the names that columns of keys have, or may have, in the source."""
    keys = {name for name, holds in request.holds.items() if holds is Holds.KEYS}
    old = {old for old, new in source.rename.items() if new in keys}
    return frozenset(keys | old)


def _known_at(table: pa.Table, column: str | None, request: Request) -> pa.Table:
    if column is None or column not in table.schema.names:
        return table
    values = table[column]
    if pa.types.is_string(values.type):
        values = read_instants(values)
    if pa.types.is_null(values.type):
        return table.slice(0, 0)
    if not pa.types.is_timestamp(values.type):
        msg = f"column '{column}' says when rows arrived and is {values.type}"
        raise UnreadableDataError(msg)
    limit = request.as_of.astimezone(UTC)
    if values.type.tz is None:
        limit = limit.astimezone(ZoneInfo(request.timezone)).replace(tzinfo=None)
    latest = pa.scalar(limit, pa.timestamp("us", values.type.tz))
    place = table.column_names.index(column)
    table = table.set_column(place, column, values)
    return table.filter(pc.less_equal(values, latest))


def _watermark(table: pa.Table, column: str | None, timezone: str) -> datetime | None:
    if column is None or column not in table.schema.names:
        return None
    kind = pa.timestamp("us", table[column].type.tz)
    latest: datetime = pc.max(table[column].cast(kind, safe=False)).as_py()
    return latest if latest.tzinfo else latest.replace(tzinfo=ZoneInfo(timezone))
