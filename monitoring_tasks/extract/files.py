"""Reading one day from Parquet or CSV files, local or on object storage."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from monitoring_tasks.contract.sources import FileSource
from monitoring_tasks.disk import open_input
from monitoring_tasks.errors import (
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.csv_files import read_csv
from monitoring_tasks.extract.day_filter import rows_of_day
from monitoring_tasks.extract.declared_columns import declared_columns, key_columns
from monitoring_tasks.extract.plain_columns import decode
from monitoring_tasks.extract.stacking import stack
from monitoring_tasks.sources.column_names import columns_wanted
from monitoring_tasks.sources.file_listing import (
    files_of_day,
    no_day_column_text,
    query_text,
)
from monitoring_tasks.sources.request import Request

NEVER_READABLE = (PermissionError, IsADirectoryError)
"""Errors of a file that trying again does not fix."""


def read_files(source: FileSource, request: Request) -> tuple[pa.Table, str]:
    """Read the rows of the day, and say in words what was asked for.

    Args:
        source: The files.
        request: Says which day and columns.

    Raises:
        NoDataError: If no file matches.
        UnreadableDataError: If one is not readable, or no column picks the day's rows.
        SourceUnavailableError: If the storage did not answer.
    """
    filesystem, path, names = files_of_day(source, request)
    tables = [_declared_in(filesystem, name, source, request) for name in names]
    table = stack(tables, path)
    column = source.day_column
    if "{day}" not in source.path and column:
        if column not in table.column_names:
            own_names = read_file(filesystem, names[0], source.format).column_names
            raise UnreadableDataError(no_day_column_text(column, own_names))
        table = rows_of_day(table, column, request)
    return table, query_text(source, path, names)


def _declared_in(
    filesystem: fsspec.AbstractFileSystem,
    name: str,
    source: FileSource,
    request: Request,
) -> pa.Table:
    """Return a file's declared columns; of Parquet the others are left unread."""
    file = read_file(
        filesystem,
        name,
        source.format,
        keys=key_columns(source, request),
        columns=columns_wanted(source, request),
    )
    return declared_columns(file, request)


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
        source = open_input(filesystem, name)
    except NEVER_READABLE as error:
        msg = f"{name}: cannot be read ({error.strerror}); give Daywatch's user access"
        raise UnreadableDataError(msg) from error
    except OSError as error:
        raise _unavailable(name, error) from error
    size = source.size()
    try:
        with source:
            if file_format == "csv":
                return read_csv(source.read(), keys=keys)
            return _read_parquet(source, columns)
    except (pa.ArrowException, OSError, EOFError) as error:
        # Arrow raises an OSError for content too; only the system's has a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise _unavailable(name, error) from error
        msg = (
            f"{name}: {size} bytes that are not readable {file_format}; "
            "was the writer cut off? Write the file again under a new name and rename"
        )
        raise UnreadableDataError(msg) from error


def _read_parquet(source: pa.NativeFile, columns: Sequence[str] | None) -> pa.Table:
    """Return the columns of a file, in plain types.

    `pq.read_table` makes a dataset of each file: small ones take thrice as long.
    Buffered ahead, the file would be in memory beside its columns; threads cost more
    processor time than they save, and days of many models are judged side by side.
    """
    file = pq.ParquetFile(source, pre_buffer=False)
    names = file.schema_arrow.names
    wanted = names if columns is None else [name for name in names if name in columns]
    # A dot would pick a part of a record; of a name that is there twice, both.
    if len({*wanted}) < len(wanted) or any("." in name for name in wanted):
        return file.read(columns=columns, use_threads=False)
    # One by one: as it is stored a column may take twice the memory.
    read = partial(file.read, use_threads=False)
    columns_read = [decode(read(columns=[name]).column(0)) for name in wanted]
    return pa.Table.from_arrays(columns_read, names=wanted)


def _unavailable(name: str, error: OSError) -> SourceUnavailableError:
    why = f"{type(error).__name__}: {error}"
    return SourceUnavailableError(f"{name}: could not be read ({why})")
