"""One number over many looks, on the day and over the longer horizons. Reads only."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Measurement, measurement_of
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import finding_from
from monitoring_tasks.store.schema import FindingRow


def numbers_of_objective(
    database: Database,
    objective: Objective,
    version: str,
    days: Mapping[str, date],
) -> dict[int, dict[date, Measurement]]:
    """Load the number an objective is about from many looks.

    Args:
        database: The store.
        objective: Says which number.
        version: The version it is about.
        days: The day of each evaluation, by its key.

    Returns:
        Days of the horizon -> day -> the number; only what has a value.
    """
    row = FindingRow
    query = sa.select(table_of(row)).where(
        row.evaluation.in_(list(days)),
        row.kind == objective.source,
        row.metric == objective.metric,
        row.segment == objective.segment,
        row.column == objective.column,
        row.version == version,
        row.value.is_not(None),
    )
    with database.transaction() as connection:
        rows = [dict(stored) for stored in connection.execute(query).mappings()]
    numbers: dict[int, dict[date, Measurement]] = {}
    for stored in rows:
        number = measurement_of(finding_from(stored))
        numbers.setdefault(number.horizon, {})[days[stored["evaluation"]]] = number
    return numbers
