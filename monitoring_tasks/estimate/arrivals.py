"""When the labels of a day arrived, where their rows say so."""

from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import is_of_day
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.rows.label_arrivals import arrivals_by_age

if TYPE_CHECKING:
    import pyarrow as pa


def label_arrivals(
    labels: "pa.Table | None", contract: Contract, day: date, *, joined: int
) -> dict[int, int] | None:
    """Count the labels of a day by whole days after it.

    Args:
        labels: The frozen label rows of the day; None when none are known.
        contract: Says which column tells when a label arrived.
        day: The model's own calendar day.
        joined: Predictions of the day that got a label.

    Returns:
        Whole days after the day's end, >= 0 -> labels; None if rows do not say.
    """
    source = contract.sources.labels
    if source.arrived_at is None or not is_of_day(source):
        return None
    end = window_of(day, contract.timezone).end
    return arrivals_by_age(
        labels if joined else None,
        contract.columns,
        arrived_at=source.arrived_at,
        end=end.astimezone(contract.zone),
        joined=joined,
    )
