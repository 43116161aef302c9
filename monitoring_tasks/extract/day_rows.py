"""The rows of one day and one kind, asked of their source as the contract says."""

from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.day_requests import (
    labels_request,
    predictions_request,
)


def read_day_rows(
    contract: Contract,
    unit: Unit,
    kind: PartitionKind,
    *,
    home: Path,
    look_up: ConnectionLookup | None = None,
) -> Rows:
    """Read the rows of one kind from their source, as known at `unit.as_of`.

    Args:
        contract: Says where the source is and which columns are declared.
        unit: The day, and the instant after which nothing counts.
        kind: Predictions or labels.
        home: Where relative paths start.
        look_up: From a connection's name to its URL.

    Raises:
        DataError: If there are none, or they cannot be read.
        TransientError: If the source did not answer.
    """
    is_scored = kind is PartitionKind.PREDICTIONS
    ask_for = predictions_request if is_scored else labels_request
    return read_day(ask_for(contract, unit, home, look_up))
