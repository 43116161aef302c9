"""When the labels of days arrived, as their rows said. Reads only."""

from datetime import date, timedelta

import sqlalchemy as sa

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import EvaluationRow

ARRIVED = "arrived"
"""In the label counts of an evaluation: days after the day's end -> labels."""


def label_arrivals(
    database: Database, unit: Unit, *, days: int
) -> dict[date, dict[int, int]]:
    """Load how many labels of a day and the days before it arrived at which age.

    Args:
        database: The store.
        unit: The last day; looks after `unit.as_of` do not count.
        days: How many days before it are read.

    Returns:
        By day, of the newest look at it; days whose rows do not say are left out.
    """
    row = EvaluationRow
    query = (
        sa.select(row.day, row.label_counts)
        .where(
            row.model == unit.model,
            row.day.between(unit.day - timedelta(days=days), unit.day),
            row.as_of <= unit.as_of,
            row.mode != Mode.REPLAY.value,
            row.labelled.is_not(None),
        )
        .order_by(row.as_of)
    )
    with database.transaction() as connection:
        dated_counts = [tuple(evaluation) for evaluation in connection.execute(query)]
    # Oldest first: a later look at a day replaces an earlier one.
    newest = {day: (counts or {}).get(ARRIVED) for day, counts in dated_counts}
    return {
        day: {int(age): count for age, count in arrived.items()}
        for day, arrived in newest.items()
        if arrived is not None
    }
