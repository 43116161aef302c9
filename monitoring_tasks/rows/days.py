"""The calendar day of each row."""

from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract

if TYPE_CHECKING:
    import pandas as pd


def days_of(rows: "pd.DataFrame", contract: Contract) -> list[date]:
    """Return the calendar day of each row in the model's own time zone.

    Args:
        rows: Rows with the timestamp as instants. Not modified.
        contract: Names the timestamp and the time zone.
    """
    at = rows[contract.columns.timestamp]
    local = at if at.dt.tz is None else at.dt.tz_convert(contract.timezone)
    return list(local.dt.date)
