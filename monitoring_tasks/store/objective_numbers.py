"""One number over many looks, on the day and over the longer horizons. Reads only."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.records import finding_from
from monitoring_tasks.store.schema import FindingRow, table_of


def numbers_of_objective(
    database: Database,
    objective: Objective,
    version: str,
    looks: Mapping[str, date],
) -> dict[int, dict[date, Measurement]]:
    """Load the number an objective is about from many looks.

    Args:
        database: The store.
        objective: Says which number.
        version: The version it is about.
        looks: The day of each evaluation, by its key.

    Returns:
        Days of the horizon -> day -> the number; only what has a value.
    """
    row = FindingRow
    query = sa.select(table_of(row)).where(
        row.evaluation.in_(list(looks)),
        row.kind == objective.source,
        row.metric == objective.metric,
        row.segment == objective.segment,
        row.column == objective.column,
        row.version == version,
        row.value.is_not(None),
    )
    with database.transaction() as connection:
        rows = [dict(one) for one in connection.execute(query).mappings()]
    numbers: dict[int, dict[date, Measurement]] = {}
    for one in rows:
        found = finding_from(one)
        number = found.measurement if isinstance(found, Finding) else found
        numbers.setdefault(number.horizon, {})[looks[one["evaluation"]]] = number
    return numbers
