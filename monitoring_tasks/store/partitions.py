"""Freezing what was read: immutable Parquet, named by its own content."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from monitoring_tasks.disk import is_forbidden
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.errors import (
    TransientError,
    UnreadableDataError,
    UnwritableError,
)
from monitoring_tasks.rows.delivery import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenRows:
    """A partition that was just written, with its rows.

    Attributes:
        partition: Where they lie, and where they came from.
        table: The rows as `read_partition` gives them.
    """

    partition: Partition
    table: pa.Table


def freeze(
    rows: Rows,
    *,
    root: str,
    model: str,
    day: date,
    kind: PartitionKind,
    key: str,
    as_of: datetime,
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

    Raises:
        TransientError: If the storage is full or does not answer; nothing half
            written is left under the final name.
        UnwritableError: If this user may not write there.
    """
    # Metadata of a writer is no content and would give the same rows another name.
    table = _in_order(rows.table.replace_schema_metadata(None), key)
    # Of the file, not of the table in memory: what lies under a null there is chance.
    content = _as_parquet(table)
    digest = hashlib.sha256(content).hexdigest()
    folder = f"{root.rstrip('/')}/{model}/{kind}/day={day.isoformat()}"
    partition = Partition(
        model=model,
        day=day,
        kind=kind,
        path=f"{folder}/{digest[:16]}.parquet",
        rows=table.num_rows,
        digest=digest,
        query=rows.query,
        watermark=rows.watermark,
        as_of=as_of,
    )
    _put(partition.path, content)
    _put(partition.path.removesuffix("parquet") + "json", _manifest(partition))
    return FrozenRows(partition=partition, table=_as_read_back(table, content))


def read_partition(partition: Partition) -> pa.Table:
    """Read a frozen partition back, whole.

    Raises:
        UnreadableDataError: If the file is gone or its content has changed.
    """
    filesystem, path = url_to_fs(partition.path)
    try:
        content = filesystem.cat_file(path)
    except OSError as error:
        msg = f"{partition.path}: a frozen partition cannot be read ({error})"
        raise UnreadableDataError(msg) from error
    if hashlib.sha256(content).hexdigest() != partition.digest:
        msg = (
            f"{partition.path}: {len(content)} bytes that are not what was frozen; a "
            "frozen partition must not be changed"
        )
        raise UnreadableDataError(msg)
    return pq.read_table(pa.BufferReader(content))


def _as_read_back(table: pa.Table, content: bytes) -> pa.Table:
    """Return the rows as they come out of the file; it cannot hold every type."""
    source = pa.BufferReader(content)
    if pq.read_schema(source).equals(table.schema, check_metadata=True):
        return table
    return pq.read_table(pa.BufferReader(content))


def _in_order(table: pa.Table, key: str) -> pa.Table:
    """Order by the key, then by all else: repeated keys come in any order."""
    if _is_increasing(table, key):
        return table.combine_chunks()
    if _is_plain(table, key):
        by_key = table.sort_by(key)
        if _is_increasing(by_key, key):
            return by_key.combine_chunks()
    names = [name for name in table.schema.names if _is_sortable(table[name].type)]
    names.sort(key=lambda name: name != key)
    ordered = table.sort_by([(name, "ascending") for name in names]) if names else table
    return ordered.combine_chunks()


def _is_increasing(table: pa.Table, key: str) -> bool:
    """Whether every row has a larger key than the row before it."""
    if not _is_plain(table, key):
        return False
    keys = table[key]  # in its chunks: a large day's ids do not fit into one array
    # A null is neither larger nor smaller, and so says no.
    is_larger = pc.fill_null(pc.less(keys[:-1], keys[1:]), fill_value=False)
    return keys.null_count == 0 and bool(pc.all(is_larger, min_count=0).as_py())


def _is_plain(table: pa.Table, key: str) -> bool:
    """Whether the key is there once and holds what can be compared pair by pair."""
    if table.schema.names.count(key) != 1:
        return False
    kind = table[key].type
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer)
    return any(is_kind(kind) for is_kind in kinds)


def _is_sortable(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_null(kind))


def _as_parquet(table: pa.Table) -> bytes:
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _manifest(partition: Partition) -> bytes:
    fields: dict[str, Any] = {
        name: str(getattr(partition, name)) for name in partition.__slots__
    }
    fields["rows"] = partition.rows
    # The instant of reading is not content: the same rows give the same manifest.
    del fields["as_of"]
    return json.dumps(fields, indent=2, sort_keys=True).encode()


def _put(path: str, content: bytes) -> None:
    filesystem, name = url_to_fs(path)
    half = f"{name}.part"
    try:
        # The name is made of the content: what is there is the same.
        if filesystem.exists(name):
            return
        filesystem.makedirs(name.rsplit("/", 1)[0], exist_ok=True)
        # Put in place in one step: nothing half written gets the final name.
        filesystem.pipe_file(half, content)
        filesystem.mv(half, name)
    except OSError as error:
        # Storage that fails may fail again here; the first error is the one to tell.
        with suppress(OSError):
            if filesystem.exists(half):
                filesystem.rm(half)
        msg = f"{path}: could not be written ({error.strerror or error})"
        if is_forbidden(error):
            raise UnwritableError(msg) from error
        raise TransientError(msg) from error
