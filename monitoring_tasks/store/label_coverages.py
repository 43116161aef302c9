"""How many labels each look at a day knew of. Reads only."""

from datetime import date, datetime

import sqlalchemy as sa

from monitoring_tasks.domain.label_coverage import LabelCoverage
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.ranked_evaluations import span
from monitoring_tasks.store.schema import EvaluationRow, ProfileRow


def label_coverages(
    database: Database, unit: Unit, *, days: int
) -> list[LabelCoverage]:
    """Load how many labels each look at a day and the days before it knew of.

    Args:
        database: The store.
        unit: The last day; looks after `unit.as_of` do not count.
        days: How many days before it are read.

    Returns:
        By day and instant, oldest first; all versions together. Days that were never
        counted have no look.
    """
    row = ProfileRow
    query = (
        sa.select(
            row.day,
            row.as_of,
            sa.func.sum(row.rows).label("rows"),
            sa.func.sum(row.labelled).label("labelled"),
        )
        .where(
            row.model == unit.model,
            row.segment == "all",
            row.day.between(*span(unit, days)),
            row.as_of <= unit.as_of,
        )
        .group_by(row.day, row.as_of)
        .order_by(row.day, row.as_of)
    )
    with database.transaction() as connection:
        return [
            LabelCoverage(
                day=counted["day"],
                known_at=counted["as_of"],
                rows=int(counted["rows"]),
                labelled=int(counted["labelled"]),
            )
            for counted in connection.execute(query).mappings()
        ]


def backfilled_evaluations(
    database: Database, unit: Unit, *, days: int
) -> set[tuple[date, datetime]]:
    """Return day and instant of the looks that were taken later than they say.

    Args:
        database: The store.
        unit: The last day; looks after `unit.as_of` do not count.
        days: How many days before it are read.
    """
    row = EvaluationRow
    query = sa.select(row.day, row.as_of).where(
        row.model == unit.model,
        row.day.between(*span(unit, days)),
        row.as_of <= unit.as_of,
        row.mode == Mode.BACKFILL.value,
    )
    with database.transaction() as connection:
        return {
            (evaluation.day, evaluation.as_of)
            for evaluation in connection.execute(query)
        }
