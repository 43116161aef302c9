"""Which samples were taken of a day whose rows stay with their source."""

import sqlalchemy as sa

from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.finding_rows import partition_from
from monitoring_tasks.store.schema import PartitionRow


def kept_samples(database: Database, unit: Unit) -> list[Partition]:
    """Return what was kept of a day's predictions, in the order in which it was known.

    Args:
        database: The store.
        unit: The day; its instant and mode do not matter.
    """
    row = PartitionRow
    query = (
        sa.select(row)
        .where(
            row.model == unit.model,
            row.day == unit.day,
            row.kind == PartitionKind.PREDICTIONS.value,
            row.source.is_not(None),
        )
        .order_by(row.as_of, row.digest)
    )
    with database.transaction() as connection:
        return [partition_from(stored) for stored in connection.execute(query)]
