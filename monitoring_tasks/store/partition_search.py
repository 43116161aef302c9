"""Finding the batch a prediction was frozen with. Reads only."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import partition_from
from monitoring_tasks.store.partitions import read_partition
from monitoring_tasks.store.records import evaluation_from
from monitoring_tasks.store.schema import EvaluationRow, PartitionRow

DAYS_AT_ONCE = 14
"""Days whose files one statement reads: the newest are most often asked for."""


def prediction_batches(
    database: Database, model: str, first: date | None, last: date | None
) -> list[Partition]:
    """Return the frozen batches of predictions of a model, newest day first.

    Args:
        database: The store.
        model: Registered model name.
        first: First day; None for no limit.
        last: Last day, included; None for no limit.
    """
    row = PartitionRow
    query = sa.select(row).where(
        row.model == model, row.kind == PartitionKind.PREDICTIONS.value
    )
    if first is not None:
        query = query.where(row.day >= first)
    if last is not None:
        query = query.where(row.day <= last)
    query = query.order_by(row.day.desc(), row.as_of.desc(), row.digest)
    with database.transaction() as connection:
        return [partition_from(stored) for stored in connection.execute(query)]


def looks_at(database: Database, batch: Partition) -> list[Evaluation]:
    """Return every evaluation that judged a batch, replays included, by instant.

    Args:
        database: The store.
        batch: A frozen batch of predictions.
    """
    row = EvaluationRow
    query = (
        sa.select(table_of(row))
        .where(
            row.model == batch.model,
            row.day == batch.day,
            row.predictions == batch.digest,
        )
        .order_by(row.as_of, row.key)
    )
    with database.transaction() as connection:
        rows = [dict(stored) for stored in connection.execute(query).mappings()]
    return [evaluation_from(stored) for stored in rows]


def batches_with(
    batches: Sequence[Partition], id_column: str, prediction: str
) -> tuple[list[Partition], list[Partition]]:
    """Return the batches of the newest day with a prediction, and those that are gone.

    Args:
        batches: Frozen batches, newest day first.
        id_column: The column that names a prediction.
        prediction: Its id, as text.

    Raises:
        UnreadableDataError: If a file is no batch with such a column.
    """
    gone: list[Partition] = []
    for span in _spans(batches):
        there = [batch for batch in span if _is_there(batch)]
        gone += [batch for batch in span if batch not in there]
        holding = _holding(there, id_column, prediction)
        if holding:
            newest = max(batch.day for batch in holding)
            return [batch for batch in holding if batch.day == newest], gone
    return [], gone


def rows_with(
    batch: Partition, id_column: str, prediction: str
) -> list[dict[str, Any]]:
    """Return the rows of a prediction, the batch held against its digest first.

    Args:
        batch: A frozen batch.
        id_column: The column that names a prediction.
        prediction: Its id, as text.

    Raises:
        UnreadableDataError: If the file is gone or was changed.
    """
    table = read_partition(batch)
    wanted = pc.equal(table[id_column].cast(pa.string()), prediction)
    rows: list[dict[str, Any]] = table.filter(wanted).to_pylist()
    return rows


def _spans(batches: Sequence[Partition]) -> Iterator[list[Partition]]:
    """Yield batches a few days at a time, newest first; days stay whole."""
    newest = max((batch.day for batch in batches), default=date.min)

    def number(batch: Partition) -> int:
        return (newest - batch.day) // timedelta(days=DAYS_AT_ONCE)

    for _, span in groupby(batches, key=number):
        yield list(span)


def _is_there(batch: Partition) -> bool:
    filesystem, path = url_to_fs(batch.path)
    return bool(filesystem.exists(path))


def _holding(
    batches: Sequence[Partition], id_column: str, prediction: str
) -> list[Partition]:
    if not batches:
        return []
    name = '"' + id_column.replace('"', '""') + '"'
    statement = (
        "select distinct filename from read_parquet($files, filename = true, "  # noqa: S608 (a declared column, quoted)
        f"union_by_name = true) where cast({name} as varchar) = $wanted"
    )
    by_file = {_file(batch.path): batch for batch in batches}
    with duckdb.connect(":memory:") as connection:
        filesystem, _ = url_to_fs(batches[0].path)
        if not isinstance(filesystem, LocalFileSystem):
            connection.register_filesystem(filesystem)
        given = {"files": [batch.path for batch in batches], "wanted": prediction}
        try:
            paths = connection.execute(statement, given).fetchall()
        except duckdb.Error as error:
            days = f"{batches[-1].day} to {batches[0].day}"
            msg = f"the frozen batches of {days} cannot be searched: {error}"
            raise UnreadableDataError(msg) from error
    return [by_file[_file(path)] for (path,) in paths]


def _file(path: str) -> str:
    """Return the day and name of a file: addresses come back spelt another way."""
    return "/".join(path.split("/")[-2:])
