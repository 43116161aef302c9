"""What other models said of a day, and how many rows a day's segments have."""

from typing import NamedTuple

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.records import evaluation_from, newness
from monitoring_tasks.store.schema import EvaluationRow, ProfileRow


class OtherModels(NamedTuple):
    """What was decided of other models on a day.

    Attributes:
        decided: How many came to a verdict.
        confirmed: Those whose breach is confirmed, by name; an evaluation a model.
    """

    decided: int
    confirmed: list[Evaluation]


def decided_by_others(database: Database, unit: Unit) -> OtherModels:
    """Load what was decided of other models on a day, as known at `unit.as_of`.

    Of each model its newest look with a verdict counts; replays never do. Only those
    in trouble are read whole: a fleet has a thousand others.

    Args:
        database: The store.
        unit: The day, and what may be known.
    """
    row = EvaluationRow
    heads = sa.select(
        row.key, row.model, row.day, row.as_of, row.mode, row.verdict, row.confirmed
    ).where(
        row.day == unit.day,
        row.model != unit.model,
        row.as_of <= unit.as_of,
        row.mode != Mode.REPLAY.value,
        row.verdict.is_not(None),
    )
    with database.transaction() as connection:
        looks = [dict(look) for look in connection.execute(heads).mappings()]
        # Sorted oldest first: a later entry replaces an earlier one.
        newest = {look["model"]: look for look in sorted(looks, key=newness)}
        keys = [look["key"] for look in newest.values() if look["confirmed"]]
        query = sa.select(table_of(row)).where(row.key.in_(keys))
        rows = [dict(stored) for stored in connection.execute(query).mappings()]
    rows.sort(key=lambda stored: str(stored["model"]))
    confirmed = [evaluation_from(stored) for stored in rows]
    return OtherModels(decided=len(newest), confirmed=confirmed)


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
