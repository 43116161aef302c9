"""The list of frozen partitions; the rows themselves lie in files."""

import sqlalchemy as sa

from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.store.records import partition_row
from monitoring_tasks.store.schema import PartitionRow


def keep_partition(connection: sa.Connection, part: Partition) -> None:
    """List a partition; one that is listed already stays as it was first seen."""
    row = PartitionRow
    known = sa.select(row.digest).where(
        row.model == part.model,
        row.day == part.day,
        row.kind == part.kind.value,
        row.digest == part.digest,
    )
    if connection.execute(known).first() is None:
        connection.execute(sa.insert(row).values(**partition_row(part)))
