"""The frozen rows of a day, read back and joined with their labels."""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.sources import is_of_day
from monitoring_tasks.domain.partitions import LabelCounts, PartitionKind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.rows.labels import join_labels
from monitoring_tasks.store.partitions import read_partition
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract


def predictions_of(space: Workspace, unit: Unit) -> pa.Table | None:
    """Read the frozen predictions of a day; None when there are none."""
    return _read(space, unit, PartitionKind.PREDICTIONS)


def labels_of(space: Workspace, unit: Unit) -> pa.Table | None:
    """Read the frozen labels of a day; None when none are known."""
    return _read(space, unit, PartitionKind.LABELS)


def _read(space: Workspace, unit: Unit, kind: PartitionKind) -> pa.Table | None:
    evaluation = space.results.evaluation(unit)
    is_scored = kind is PartitionKind.PREDICTIONS
    digest = evaluation.predictions if is_scored else evaluation.labels
    return frozen_rows(space, unit, kind, digest) if digest else None


def frozen_rows(
    space: Workspace, unit: Unit, kind: PartitionKind, digest: str
) -> pa.Table:
    """The rows of one kind frozen under a digest."""
    return read_partition(space.results.partition(unit, kind.value, digest))


def labelled_batch(space: Workspace, unit: Unit) -> tuple[pa.Table, LabelCounts]:
    """Read the predictions of a day with the label column joined on.

    Labels that did not pass validation are left out: their rows count as unlabelled.
    """
    contract = space.contract(unit.model)
    predictions = predictions_of(space, unit)
    if predictions is None:
        msg = f"{unit.key}: there are no predictions to read"
        raise NoDataError(msg)
    usable = space.results.evaluation(unit).are_labels_usable
    labels = labels_of(space, unit) if usable else None
    return with_labels(contract, predictions, labels)


def with_labels(
    contract: "Contract", predictions: pa.Table, labels: pa.Table | None
) -> tuple[pa.Table, LabelCounts]:
    """Join labels on predictions the way the contract reads them."""
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
    """Count the rows of each model version, most rows first."""
    counted = pc.value_counts(batch[column].cast(pa.string()))
    pairs = [(str(c["values"]), int(c["counts"])) for c in counted.to_pylist()]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
