"""What is asked of a contract's sources about one day."""

from pathlib import Path

from monitoring_tasks.contract.column_types import label_columns, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.request import Request


def predictions_request(
    contract: Contract, unit: Unit, home: Path, look_up: ConnectionLookup | None
) -> Request:
    """Return what is asked of the source of predictions.

    Args:
        contract: Says where they are and which columns are declared.
        unit: The day, and the instant after which nothing counts.
        home: Where relative paths start.
        look_up: From a connection's name to its URL.
    """
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


def labels_request(
    contract: Contract, unit: Unit, home: Path, look_up: ConnectionLookup | None
) -> Request:
    """Return what is asked of the source of labels: of the day whenever they came.

    Args:
        contract: Says where they are and which columns are declared.
        unit: The day, and the instant after which nothing counts.
        home: Where relative paths start.
        look_up: From a connection's name to its URL.
    """
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
