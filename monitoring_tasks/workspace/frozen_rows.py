"""The frozen rows of a day, joined with their labels."""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.sources import is_of_day
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.rows.labels import join_labels

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract


def with_labels(
    contract: "Contract", predictions: pa.Table, labels: pa.Table | None
) -> tuple[pa.Table, LabelCounts]:
    """Join labels on predictions the way the contract reads them.

    Args:
        contract: Names the columns, and what labels mean.
        predictions: The rows of a day. Not modified.
        labels: Its labels; None when none are known, or none may be used.

    Returns:
        The predictions with a label column, null where unlabelled; how they met.
    """
    source = contract.sources.labels
    return join_labels(
        predictions,
        labels,
        contract.columns,
        arrived_at=source.arrived_at,
        values=values_of(contract),
        of_day=is_of_day(source),
    )


def versions_in(batch: pa.Table, column: str) -> dict[str, int]:
    """Count the rows of each model version, most rows first.

    Args:
        batch: The rows.
        column: The column that names the version of a row.
    """
    counted = pc.value_counts(batch[column].cast(pa.string()))
    counts = [(str(c["values"]), int(c["counts"])) for c in counted.to_pylist()]
    # By name where counts are equal, so that the main version is the same every run.
    return dict(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
