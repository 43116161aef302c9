"""Which versions served on the days before, and how they compared. Reads only."""

from datetime import date

import sqlalchemy as sa

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.releases import PairedDay, ServedDay
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.ranked_evaluations import ranked_evaluations
from monitoring_tasks.store.schema import EvaluationRow, ProfileRow


def served_days(database: Database, unit: Unit, *, days: int) -> list[ServedDay]:
    """Load which version served each of the days before `unit.day`, oldest first.

    Args:
        database: The store.
        unit: The day; looks after `unit.as_of` do not count.
        days: How many days before it are read; those without a verdict are left out.
    """
    ranked, row = ranked_evaluations(unit, days), EvaluationRow
    query = (
        sa.select(row.day, row.version, row.performance)
        .join(ranked, sa.and_(row.key == ranked.c.key, ranked.c.position == 1))
        .where(row.verdict.is_not(None), row.day < unit.day)
        .order_by(row.day)
    )
    with database.transaction() as connection:
        return [
            ServedDay(
                day=evaluation.day,
                version=evaluation.version or "",
                in_breach=evaluation.performance == Verdict.BREACH.value,
            )
            for evaluation in connection.execute(query)
        ]


def paired_days(
    database: Database, unit: Unit, *, since: date, version: str, compared: Comparison
) -> list[PairedDay]:
    """Load what the days before `unit.day` said of two versions, oldest first.

    Args:
        database: The store.
        unit: The day; looks after `unit.as_of` do not count.
        since: The first of the days.
        version: The version that served.
        compared: The version it was held against, and by which metric.
    """
    ranked, row = ranked_evaluations(unit, (unit.day - since).days), EvaluationRow
    query = (
        sa.select(row.day, row.comparisons)
        .join(ranked, sa.and_(row.key == ranked.c.key, ranked.c.position == 1))
        .where(row.version == version, row.day < unit.day)
        .order_by(row.day)
    )
    with database.transaction() as connection:
        dated_comparisons = [tuple(row) for row in connection.execute(query)]
    return [
        paired
        for day, plain in dated_comparisons
        for comparison in map(Comparison.from_json, plain or ())
        for paired in comparison.daily
        if (comparison.version, comparison.metric)
        == (compared.version, compared.metric)
        and paired.day == day
    ]


def recent_releases(database: Database, unit: Unit, *, days: int) -> dict[str, date]:
    """Load the versions that scored rows of `unit.day` and did not at first.

    However few rows: a release may begin with a part of them.

    Args:
        database: The store.
        unit: The day; looks after `unit.as_of` do not count.
        days: How many days before it are read; a version that scored rows of the
            oldest one that has any began nobody knows when, and is left out.

    Returns:
        Version -> the first of the days on which it scored rows.
    """
    ranked, row = ranked_evaluations(unit, days), ProfileRow
    first, last = sa.func.min(row.day), sa.func.max(row.day)
    query = (
        sa.select(row.version, first, last)
        .join(ranked, sa.and_(row.day == ranked.c.day, row.as_of == ranked.c.as_of))
        .where(row.model == unit.model, row.segment == ALL, ranked.c.position == 1)
        .group_by(row.version)
    )
    with database.transaction() as connection:
        served: list[tuple[str, date, date]] = [
            (version, began, latest)
            for version, began, latest in connection.execute(query)
        ]
    oldest = min((began for _, began, _ in served), default=None)
    return {
        version: began
        for version, began, latest in served
        if latest == unit.day and began != oldest
    }
