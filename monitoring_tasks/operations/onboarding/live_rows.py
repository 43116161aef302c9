"""Days as `check --live` looks at them: in memory, or where their rows lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_tasks.domain.partitions import LabelCounts, PartitionKind
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.validate.gates.day_rows import DayBatch
from monitoring_tasks.validate.memory_batch import MemoryBatch
from monitoring_tasks.validate.step import engine_batch
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import with_labels

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredRows:
    """What a source has of a day.

    Attributes:
        batch: What the gates are asked about.
        rows: The rows; where they stay with the source, a sample.
        count: How many rows the day has.
    """

    batch: DayBatch
    rows: Rows
    count: int


@contextmanager
def delivered_rows(day: Day) -> Iterator[DeliveredRows]:
    """Open the rows of a day that nobody has judged yet.

    Args:
        day: The day.

    Raises:
        DataError: If there are none, or they cannot be read.
        TransientError: If the source or the registry did not answer.
        ConfigurationError: If they are to stay in a database that does not count.
    """
    contract = day.contract
    if contract.sources.predictions.freeze == "rows":
        rows = read_rows(day, PartitionKind.PREDICTIONS)
        batch = MemoryBatch(table=rows.table, contract=contract)
        yield DeliveredRows(batch=batch, rows=rows, count=rows.table.num_rows)
        return
    from monitoring_tasks.workspace.source_rows import source_rows  # noqa: PLC0415 (heavy)

    with source_rows(day) as source:
        sample = source.sample(contract.kept_rows)
        delivered = source.opened.day
        yield DeliveredRows(
            batch=engine_batch(source, sample),
            rows=Rows(
                table=sample,
                query=source.opened.query,
                watermark=delivered.watermark,
                other_days=delivered.other_days,
            ),
            count=source.count,
        )


def labels_met(day: Day, labels: "pa.Table") -> tuple[int, LabelCounts]:
    """Return how many rows a day has, and how labels met them.

    Args:
        day: The day.
        labels: Its labels known now.

    Raises:
        DataError: If there are no rows, or they cannot be read.
        TransientError: If the source or the registry did not answer.
    """
    contract = day.contract
    if contract.sources.predictions.freeze == "rows":
        rows = read_rows(day, PartitionKind.PREDICTIONS).table
        return rows.num_rows, with_labels(contract, rows, labels)[1]
    from monitoring_tasks.workspace.source_rows import source_rows  # noqa: PLC0415 (heavy)

    with source_rows(day, labels=labels) as source:
        sample = source.sample(contract.kept_rows)
        return source.count, source.label_counts(sample)
