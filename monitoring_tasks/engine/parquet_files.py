"""Parquet files of a day, read where they lie by DuckDB."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import fsspec
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from monitoring_tasks.contract.sources import FileSource
from monitoring_tasks.engine.file_state import state_of_files
from monitoring_tasks.engine.opened import LABELS, Limits, Opened, Upload
from monitoring_tasks.errors import (
    SourceChangedError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.sources.column_names import (
    columns_wanted,
    name_in_source,
    require_once,
)
from monitoring_tasks.sources.file_listing import (
    files_of_day,
    no_day_column_text,
    query_text,
)
from monitoring_tasks.sources.request import Request


@contextmanager
def open_files(
    source: FileSource, request: Request, upload: Upload, limits: Limits
) -> Iterator[Opened]:
    """Open the files of a day in DuckDB; they are looked at again when it is done.

    Args:
        source: The files.
        request: Says which day and columns.
        upload: Says which labels are laid beside them.
        limits: What DuckDB may take.

    Raises:
        NoDataError: If no file matches.
        UnreadableDataError: If one is no Parquet, or they do not agree on a type.
        SourceChangedError: If one is another when it is done.
        SourceUnavailableError: If the storage did not answer.
    """
    filesystem, path, names = files_of_day(source, request)
    state = state_of_files(filesystem, names, request.home)
    columns, kinds = _columns(filesystem, names, source, request)
    with _engine(path, limits) as engine:
        table = _with_zones(_table(engine, filesystem, names), kinds)
        # None that is asked for has a twin in other capitals, which gets another name.
        own = {name: name for name in columns if name in table.columns}
        labels = upload(table, own)
        yield Opened(
            table=table,
            columns=own,
            query=query_text(source, path, names),
            state=lambda _delivered, _read, _like: state,
            labels=None if labels is None else engine.create_table(LABELS, labels),
        )
    changes = state_of_files(filesystem, names, request.home).changes_since(state)
    if changes:
        msg = f"{path}: changed while it was read: {'; '.join(changes)}"
        raise SourceChangedError(msg)


@contextmanager
def _engine(path: str, limits: Limits) -> Iterator[Any]:
    """Open DuckDB; what does not fit its memory goes to a folder of its own."""
    with TemporaryDirectory(prefix="daywatch-duckdb-") as folder:
        # Its own default is a folder where the process runs, which may be read-only.
        settings: dict[str, Any] = {"temp_directory": folder}
        if limits.memory:
            settings["memory_limit"] = limits.memory
        if limits.threads:
            settings["threads"] = limits.threads
        engine = ibis.duckdb.connect(**settings)
        engine.raw_sql("SET TimeZone='UTC'")
        try:
            yield engine
        except duckdb.IOException as error:
            msg = f"{path}: could not be read ({type(error).__name__})"
            raise SourceUnavailableError(msg) from error
        except duckdb.OutOfMemoryException as error:
            allowed = limits.memory or "four fifths of the machine's"
            msg = (
                f"{path}: counting the day takes more memory than DuckDB may use "
                f"({allowed}; setting `engine_memory`)"
            )
            raise MemoryError(msg) from error
        except duckdb.Error as error:
            # What a storage's own reader raises comes out without a class, and with
            # text of its own, which may carry an address.
            if type(error) is not duckdb.Error:
                raise
            msg = f"{path}: could not be read to the end"
            raise SourceUnavailableError(msg) from None
        finally:
            engine.disconnect()


def _table(
    engine: Any,  # noqa: ANN401 (Ibis' backend)
    filesystem: fsspec.AbstractFileSystem,
    names: list[str],
) -> ir.Table:
    paths = names
    if not isinstance(filesystem, LocalFileSystem):
        engine.con.register_filesystem(filesystem)
        paths = [filesystem.unstrip_protocol(name) for name in names]
    # A folder called `day=...` is an address and no column.
    return engine.read_parquet(paths, union_by_name=True, hive_partitioning=False)


def _with_zones(table: ir.Table, kinds: Mapping[str, pa.DataType]) -> ir.Table:
    """Return instants with a zone where the files say that they have one.

    DuckDB keeps nanoseconds in types of their own, which Ibis does not know.
    """
    casts = {}
    for name, kind in kinds.items():
        there = table[name].type()
        if not pa.types.is_timestamp(kind):
            _require_known(there, kind, name)
        elif not there.is_timestamp() or (kind.tz is None) != (there.timezone is None):
            zone = "UTC" if kind.tz else None
            casts[name] = table[name].cast(dt.Timestamp(timezone=zone, scale=6))
    return table.mutate(**casts) if casts else table


def _require_known(there: dt.DataType, kind: pa.DataType, name: str) -> None:
    if there.is_unknown() and not pa.types.is_null(kind):
        msg = (
            f"column '{name}' is {kind}, which `freeze: facts` does not read: write a "
            "text or a number in its place, or set `freeze: rows`"
        )
        raise UnreadableDataError(msg)


def _columns(
    filesystem: fsspec.AbstractFileSystem,
    names: list[str],
    source: FileSource,
    request: Request,
) -> tuple[list[str], dict[str, pa.DataType]]:
    """Return the columns of the files together, and the types of those asked for.

    Raises:
        UnreadableDataError: If one cannot be read, or means several columns.
    """
    schemas = [_schema(filesystem, name) for name in names]
    together = list(dict.fromkeys(name for schema in schemas for name in schema.names))
    wanted = {*columns_wanted(source, request)}
    for schema in schemas:
        for name in wanted:
            require_once(name, schema.names.count(name))
    _require_one_spelling(together, wanted)
    kinds = {name: _type_of(name, schemas) for name in wanted & {*together}}
    column = source.day_column
    if "{day}" not in source.path and column:
        origin = name_in_source(source, column, together)
        if origin not in together:
            raise UnreadableDataError(no_day_column_text(column, schemas[0].names))
    return together, kinds


def _schema(filesystem: fsspec.AbstractFileSystem, name: str) -> pa.Schema:
    try:
        with filesystem.open(name, "rb") as file:
            return pq.read_schema(file)
    except (pa.ArrowException, EOFError) as error:
        msg = (
            f"{name}: is not readable parquet; was the writer cut off? Write the file "
            "again under a new name and rename"
        )
        raise UnreadableDataError(msg) from error
    except (PermissionError, IsADirectoryError) as error:
        msg = f"{name}: cannot be read ({error.strerror}); give Daywatch's user access"
        raise UnreadableDataError(msg) from error
    except OSError as error:
        # Arrow raises an OSError for content too; only the system's has a number.
        if error.errno is None:
            msg = f"{name}: is not readable parquet ({error})"
            raise UnreadableDataError(msg) from error
        msg = f"{name}: could not be read ({type(error).__name__})"
        raise SourceUnavailableError(msg) from error


def _require_one_spelling(names: list[str], wanted: set[str]) -> None:
    """Refuse columns that differ in capitals alone: to the engine they are one."""
    spelled: dict[str, str] = {}
    for name in names:
        other = spelled.setdefault(name.casefold(), name)
        if other != name and {name, other} & wanted:
            msg = (
                f"columns '{other}' and '{name}' differ in capitals alone, which "
                "`freeze: facts` cannot tell apart; rename one, or set `freeze: rows`"
            )
            raise UnreadableDataError(msg)


def _type_of(name: str, schemas: list[pa.Schema]) -> pa.DataType:
    """Return the type of a column in all files; refuse what is read in two ways."""
    kinds = {s.field(name).type for s in schemas if name in s.names}
    odd = [kind for kind in kinds if pa.types.is_duration(kind)]
    if odd:
        msg = (
            f"column '{name}' is {odd[0]}, which `freeze: facts` does not read: "
            "write seconds as a number, or set `freeze: rows`"
        )
        raise UnreadableDataError(msg)
    plain = {_value_type(kind) for kind in kinds}
    try:
        together = pa.unify_schemas(
            [pa.schema([(name, kind)]) for kind in plain], promote_options="permissive"
        )
    except pa.ArrowException as error:
        listed = ", ".join(sorted(map(str, plain)))
        msg = f"the files do not agree on the type of '{name}': {listed}"
        raise UnreadableDataError(msg) from error
    return together.field(name).type


def _value_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _value_type(kind.value_type)
    is_text = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return pa.string() if is_text else kind
