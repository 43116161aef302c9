"""What other models said of a day, and how many rows a day's segments have."""

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.records import evaluation_from, newness
from monitoring_tasks.store.schema import EvaluationRow, ProfileRow


def decided_by_others(database: Database, unit: Unit) -> list[Evaluation]:
    """Load what was decided of other models on a day, as known at `unit.as_of`.

    Args:
        database: The store.
        unit: The day, and what may be known.

    Returns:
        One evaluation a model, by name: its newest one with a verdict. Replays never
        count.
    """
    row = EvaluationRow
    query = sa.select(table_of(row)).where(
        row.day == unit.day,
        row.model != unit.model,
        row.as_of <= unit.as_of,
        row.mode != Mode.REPLAY.value,
        row.verdict.is_not(None),
    )
    with database.transaction() as connection:
        rows = [dict(evaluation) for evaluation in connection.execute(query).mappings()]
    # Sorted oldest first: a later entry replaces an earlier one.
    newest = {
        evaluation["model"]: evaluation for evaluation in sorted(rows, key=newness)
    }
    return [evaluation_from(newest[model]) for model in sorted(newest)]


def segment_rows(database: Database, unit: Unit) -> dict[str, int]:
    """Count the rows of a day by segment, all versions together; `all` is one too.

    Args:
        database: The store.
        unit: The day, as known at exactly `unit.as_of`.
    """
    row = ProfileRow
    query = (
        sa.select(row.segment, sa.func.sum(row.rows))
        .where(row.model == unit.model, row.day == unit.day, row.as_of == unit.as_of)
        .group_by(row.segment)
    )
    with database.transaction() as connection:
        return {segment: int(rows) for segment, rows in connection.execute(query)}
