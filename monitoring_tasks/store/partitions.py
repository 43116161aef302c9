"""Freezing what was read: immutable Parquet, named by its own content."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from monitoring_tasks.disk import is_forbidden, open_input
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.errors import (
    TransientError,
    UnreadableDataError,
    UnwritableError,
)
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.rows.keys import is_increasing
from monitoring_tasks.store.manifests import SOURCE, Facts, manifest, manifest_path


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenRows:
    """A partition that was just written, with its rows.

    Attributes:
        partition: Where they lie, and where they came from.
        table: The rows as `read_partition` gives them.
    """

    partition: Partition
    table: pa.Table


def freeze(  # noqa: PLR0913 (what a partition is)
    rows: Rows,
    *,
    root: str,
    model: str,
    day: date,
    kind: PartitionKind,
    key: str,
    as_of: datetime,
    facts: Facts | None = None,
) -> FrozenRows:
    """Write the rows once under a name made of their content.

    The same rows give the same address, so doing it twice changes nothing; other
    rows get an address of their own and nothing is overwritten.

    Args:
        rows: What was read, and where from.
        root: Folder of all partitions: a path or an fsspec URL.
        model: Registered model name.
        day: The model's own calendar day.
        kind: What the rows are.
        key: Column the rows are put in order by.
        as_of: The instant they were known at; aware.
        facts: What stays with the source, where the rows are a sample; None where they
            are all of the day.

    Raises:
        TransientError: If the storage is full or does not answer; nothing half
            written is left under the final name.
        UnwritableError: If this user may not write there.
    """
    # Metadata of a writer is no content and would give the same rows another name.
    table = _in_order(rows.table.replace_schema_metadata(None), key)
    if facts is not None:
        # So that the same sample of other rows has another address.
        about = {"rows": str(facts.rows), SOURCE: facts.state.digest}
        table = table.replace_schema_metadata(about)
    folder = f"{root.rstrip('/')}/{model}/{kind}/day={day.isoformat()}"
    # Of the file, not of the table in memory: what lies under a null there is chance.
    digest = _write(table, folder)
    partition = Partition(
        model=model,
        day=day,
        kind=kind,
        path=f"{folder}/{digest[:16]}.parquet",
        rows=facts.rows if facts else table.num_rows,
        digest=digest,
        query=rows.query,
        watermark=rows.watermark,
        as_of=as_of,
        sampled=table.num_rows if facts else None,
        source=facts.state.digest if facts else None,
    )
    _put(manifest_path(partition), manifest(partition, facts))
    return FrozenRows(partition=partition, table=_as_read_back(table))


def read_partition(partition: Partition) -> pa.Table:
    """Read a frozen partition back, whole.

    Raises:
        UnreadableDataError: If the file is gone or its content has changed.
    """
    filesystem, path = url_to_fs(partition.path)
    try:
        with open_input(filesystem, path) as content:
            if hashlib.file_digest(content, "sha256").hexdigest() == partition.digest:
                content.seek(0)
                return pq.ParquetFile(content, pre_buffer=False).read(use_threads=False)
            size = content.size()
    except OSError as error:
        msg = f"{partition.path}: a frozen partition cannot be read ({error})"
        raise UnreadableDataError(msg) from error
    msg = (
        f"{partition.path}: {size} bytes that are not what was frozen; a "
        "frozen partition must not be changed"
    )
    raise UnreadableDataError(msg)


def _as_read_back(table: pa.Table) -> pa.Table:
    """Return the rows as they come out of the file; it cannot hold every type."""
    if _read_back(table.schema.empty_table()).schema.equals(table.schema):
        return table
    return _read_back(table)


def _read_back(table: pa.Table) -> pa.Table:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return pq.ParquetFile(pa.BufferReader(sink.getvalue())).read()


def _in_order(table: pa.Table, key: str) -> pa.Table:
    """Order by the key, then by all else: repeated keys come in any order."""
    if _has_increasing(table, key):
        return table.combine_chunks()
    if _is_plain(table, key):
        by_key = table.sort_by(key)
        if _has_increasing(by_key, key):
            return by_key.combine_chunks()
    names = [name for name in table.schema.names if _is_sortable(table[name].type)]
    names.sort(key=lambda name: name != key)
    ordered = table.sort_by([(name, "ascending") for name in names]) if names else table
    return ordered.combine_chunks()


def _has_increasing(table: pa.Table, key: str) -> bool:
    """Whether every row has a larger key than the row before it."""
    return _is_plain(table, key) and is_increasing(table[key])


def _is_plain(table: pa.Table, key: str) -> bool:
    """Whether the key is there once and holds what can be compared pair by pair."""
    if table.schema.names.count(key) != 1:
        return False
    kind = table[key].type
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer)
    return any(is_kind(kind) for is_kind in kinds)


def _is_sortable(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_null(kind))


class _Hashed:
    """A file as `pq.write_table` writes to it, and the digest of what it was given."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _write(table: pa.Table, folder: str) -> str:
    """Write rows under a name made of their content; return the content's digest."""
    filesystem, place = url_to_fs(folder)
    half = f"{place}/{uuid4().hex}.part"
    with _told(folder, filesystem, half):
        filesystem.makedirs(place, exist_ok=True)
        for name in filesystem.ls(place, detail=False):
            # Whoever freezes a day has its lease: this is what a killed process left.
            if name.endswith(".part"):
                filesystem.rm(name)
        with filesystem.open(half, "wb") as file:
            # As it is written: the content of a large day fits no memory twice.
            hashed = _Hashed(file)
            # Numbers hardly repeat: looking for those that do costs more than it saves.
            pq.write_table(
                table, hashed, compression="zstd", use_dictionary=_texts_in(table)
            )
        _put_in_place(filesystem, half, f"{place}/{hashed.digest[:16]}.parquet")
    return hashed.digest


def _texts_in(table: pa.Table) -> list[str]:
    return [field.name for field in table.schema if pa.types.is_string(field.type)]


def _put(path: str, content: bytes) -> None:
    filesystem, name = url_to_fs(path)
    half = f"{name}.part"
    with _told(path, filesystem, half):
        if not filesystem.exists(name):
            filesystem.pipe_file(half, content)
            _put_in_place(filesystem, half, name)


def _put_in_place(filesystem: AbstractFileSystem, half: str, name: str) -> None:
    """Give a file its final name in one step: nothing half written ever has it."""
    # The name is made of the content: what is there is the same.
    if filesystem.exists(name):
        filesystem.rm(half)
    else:
        filesystem.mv(half, name)


@contextmanager
def _told(path: str, filesystem: AbstractFileSystem, half: str) -> Iterator[None]:
    """Tell what storage refused as our own error; nothing half written is left."""
    try:
        yield
    except OSError as error:
        # Storage that fails may fail again here; the first error is the one to tell.
        with suppress(OSError):
            if filesystem.exists(half):
                filesystem.rm(half)
        msg = f"{path}: could not be written ({error.strerror or error})"
        if is_forbidden(error):
            raise UnwritableError(msg) from error
        raise TransientError(msg) from error
