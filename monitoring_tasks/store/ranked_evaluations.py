"""Which look at a day counts, as a query that others join."""

from datetime import date, timedelta

import sqlalchemy as sa

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.records import MODE_RANK
from monitoring_tasks.store.schema import EvaluationRow


def ranked_evaluations(unit: Unit, days: int, *, at_first: bool = False) -> sa.Subquery:
    """Number the looks at each day, the one that counts first, as `newness` does.

    Args:
        unit: The last day; looks after `unit.as_of` do not count, nor do replays.
        days: How many days before it there are.
        at_first: The first look at each day counts instead of the newest.

    Returns:
        Columns `key`, `day`, `as_of` and `position`, which is 1 for what counts.
    """
    row = EvaluationRow
    age = row.as_of.asc() if at_first else row.as_of.desc()
    rank = sa.case(
        {mode.value: position for mode, position in MODE_RANK.items()}, value=row.mode
    )
    # False sorts first: a look that was begun never hides one with a verdict.
    order = (row.verdict.is_(None), age, rank)
    position = sa.func.row_number().over(partition_by=row.day, order_by=order)
    return (
        sa.select(row.key, row.day, row.as_of, position.label("position"))
        .where(
            row.model == unit.model,
            row.day.between(*span(unit, days)),
            row.as_of <= unit.as_of,
            row.mode != Mode.REPLAY.value,
        )
        .subquery()
    )


def span(unit: Unit, days: int) -> tuple[date, date]:
    """Return the first and last of the days up to a unit's.

    Args:
        unit: The last day.
        days: How many days before it there are.
    """
    return unit.day - timedelta(days=days), unit.day
