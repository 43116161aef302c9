"""The rows of one day and one kind, asked of their source as the contract says."""

from pathlib import Path

from monitoring_tasks.contract.column_types import label_columns, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.extract.request import Request
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.settings import ConnectionLookup


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
    ask_for = _predictions if is_scored else _labels
    return read_day(ask_for(contract, unit, home, look_up))


def _predictions(
    contract: Contract, unit: Unit, home: Path, look_up: ConnectionLookup | None
) -> Request:
    columns, timestamps = contract.columns, contract.policy.timestamps
    source = contract.sources.predictions
    if source.day_column is None:
        source = source.model_copy(update={"day_column": columns.timestamp})
    return Request(
        source=source,
        day=unit.day,
        window=window_of(unit.day, contract.timezone),
        columns=columns.of_predictions,
        as_of=unit.as_of,
        home=home,
        timezone=contract.timezone,
        look_up=look_up,
        holds=prediction_columns(contract),
        timestamp=columns.timestamp,
        days_before=timestamps.days_before,
        days_after=timestamps.days_after,
    )


def _labels(
    contract: Contract, unit: Unit, home: Path, look_up: ConnectionLookup | None
) -> Request:
    """A request without a timestamp: labels are of the day whenever they came."""
    return Request(
        source=contract.sources.labels,
        day=unit.day,
        window=window_of(unit.day, contract.timezone),
        columns=(contract.columns.id, contract.columns.label),
        as_of=unit.as_of,
        home=home,
        timezone=contract.timezone,
        look_up=look_up,
        holds=label_columns(contract),
    )
