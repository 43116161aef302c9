"""What the days before said of rows that were scored again. Reads only."""

import sqlalchemy as sa

from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reproductions import ReproducedDay
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.ranked_evaluations import ranked_evaluations
from monitoring_tasks.store.schema import FindingRow


def reproduced_days(
    database: Database, unit: Unit, *, days: int
) -> list[ReproducedDay]:
    """Load what days up to `unit.day` said, the day's own earlier looks included.

    Args:
        database: The store.
        unit: The day; looks after `unit.as_of` do not count.
        days: How many days before it are read.

    Returns:
        By day and version, oldest first.
    """
    ranked, row = ranked_evaluations(unit, days), FindingRow
    query = (
        sa.select(ranked.c.day, row.version, row.verdict, row.rows, row.value)
        .join(ranked, sa.and_(row.evaluation == ranked.c.key, ranked.c.position == 1))
        .where(row.kind == Kind.REPRODUCTION.value, row.verdict.is_not(None))
        .order_by(ranked.c.day, row.version)
    )
    with database.transaction() as connection:
        return [
            ReproducedDay(
                day=row_of_day.day,
                version=row_of_day.version,
                verdict=Verdict(row_of_day.verdict),
                rows=row_of_day.rows,
                unlike=round((row_of_day.value or 0.0) * row_of_day.rows),
            )
            for row_of_day in connection.execute(query)
        ]
