"""All that was written down of a span of days, every look at them, for evidence."""

import hashlib
from datetime import date

import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import partition_from
from monitoring_tasks.store.records import evaluation_from
from monitoring_tasks.store.schema import EvaluationRow, PartitionRow


class EvidenceReader:
    """Reads what others show the newest of; nothing is chosen and nothing left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def looks(self, model: str, first: date, last: date) -> list[Evaluation]:
        """List every look at the days, of every mode, by key.

        Args:
            model: Registered model name.
            first: First day.
            last: Last day, included.
        """
        row = EvaluationRow
        query = sa.select(table_of(row)).where(
            row.model == model, row.day.between(first, last)
        )
        with self._database.transaction() as connection:
            rows = [dict(found) for found in connection.execute(query).mappings()]
        # Not by the database: it may sort by the rules of a language.
        rows.sort(key=lambda stored: str(stored["key"]))
        return [evaluation_from(stored) for stored in rows]

    def partitions(self, model: str, first: date, last: date) -> list[Partition]:
        """List every frozen partition of the days, by day, kind and digest.

        Args:
            model: Registered model name.
            first: First day.
            last: Last day, included.
        """
        row = PartitionRow
        query = sa.select(row).where(row.model == model, row.day.between(first, last))
        with self._database.transaction() as connection:
            found = [partition_from(stored) for stored in connection.execute(query)]
        return sorted(found, key=lambda part: (part.day, part.kind, part.digest))


def partition_bytes(partition: Partition) -> bytes:
    """Return a frozen partition as the file that was written.

    Raises:
        UnreadableDataError: If the file is gone or its content has changed.
    """
    filesystem, path = url_to_fs(partition.path)
    try:
        content: bytes = filesystem.cat_file(path)
    except OSError as error:
        msg = f"{partition.path}: a frozen partition cannot be read ({error})"
        raise UnreadableDataError(msg) from error
    if hashlib.sha256(content).hexdigest() != partition.digest:
        msg = f"{partition.path}: is not what was frozen; evidence is not made of it"
        raise UnreadableDataError(msg)
    return content
