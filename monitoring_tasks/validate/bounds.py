"""What a batch has too much of: values to watch one by one, numbers beyond all sums."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.expectations import failing_ids

FEW_VALUES = "segments_are_few_enough"
CAN_BE_ADDED = "numbers_can_be_added_up"


def check_segments(
    table: pa.Table, contract: Contract, usable: frozenset[str]
) -> Iterator[Check]:
    """Warn of segment and protected columns with more values than are watched.

    Args:
        table: The rows.
        contract: Declares the columns and `policy.max_segments`.
        usable: Columns that are there once and not empty.
    """
    columns, most = contract.columns, contract.policy.max_segments
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        if name not in usable or pa.types.is_nested(table.column(name).type):
            continue
        values = pc.count_distinct(table.column(name), mode="only_valid").as_py()
        if values > most:
            yield too_many_segments(name, values, contract)


def too_many_segments(name: str, values: int, contract: Contract) -> Check:
    """Say that a column has more values than are watched one by one.

    Args:
        name: The column.
        values: How many different ones it has.
        contract: Says what the column is, and `policy.max_segments`.
    """
    role = "segments" if name in contract.columns.segments else "protected"
    return Check(
        gate="values",
        name=FEW_VALUES,
        status="failed",
        severity="warning",
        column=name,
        observed=(
            f"{values} different values, at most {contract.policy.max_segments} are "
            f"watched; take the column out of columns.{role} or raise "
            "policy.max_segments"
        ),
    )


def check_sizes(
    table: pa.Table, names: Iterable[str], *, id_column: str | None
) -> Iterator[Check]:
    """Warn of numbers so large that they count as no value.

    Args:
        table: The rows.
        names: Columns of numbers that are there once.
        id_column: Column to take the ids of the rows from; None for no ids.
    """
    ids = table.column(id_column) if id_column else None
    for name in names:
        column = table.column(name)
        if not pa.types.is_floating(column.type) and not _is_decimal(column):
            continue
        # Infinite counts as no value everywhere.
        sizes = pc.abs(column.cast(pa.float64()))
        is_beyond = pc.and_(pc.greater(sizes, LARGEST), pc.is_finite(sizes))
        positions = pc.indices_nonzero(pc.fill_null(is_beyond, fill_value=False))
        if len(positions):
            yield Check(
                gate="values",
                name=CAN_BE_ADDED,
                status="failed",
                severity="warning",
                column=name,
                observed=f"beyond {LARGEST:g} in size, counted as no value",
                failing_rows=len(positions),
                failing_ids=failing_ids(ids, positions.to_pylist()),
            )


def _is_decimal(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_decimal(column.type))
