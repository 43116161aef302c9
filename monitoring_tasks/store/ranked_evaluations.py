"""Which look at a day counts, as a query that others join."""

from datetime import date, datetime, timedelta

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
        As `ranked_looks`.
    """
    first, last = span(unit, days)
    return ranked_looks(unit.model, first, last, as_of=unit.as_of, at_first=at_first)


def ranked_looks(
    model: str | None,
    first: date | None,
    last: date | None,
    *,
    as_of: datetime | None,
    decided: bool = False,
    at_first: bool = False,
) -> sa.Subquery:
    """Number the looks at each day, the one that counts first; replays never count.

    An index holds all of it, so that no large row is read which does not count.

    Args:
        model: Registered model name; None for all, each by itself.
        first: First day; None for no limit.
        last: Last day, included; None for no limit.
        as_of: Later looks do not count; None for no limit.
        decided: Whether only looks with a verdict count.
        at_first: The first look at each day counts instead of the newest.

    Returns:
        Columns `key`, `day`, `as_of`, `verdict`, `rows`, `labelled` and `position`,
        which is 1 for what counts.
    """
    row = EvaluationRow
    age = row.as_of.asc() if at_first else row.as_of.desc()
    rank = sa.case(
        {mode.value: position for mode, position in MODE_RANK.items()}, value=row.mode
    )
    # False sorts first: a look that was begun never hides one with a verdict.
    order = (row.verdict.is_(None), age, rank)
    position = sa.func.row_number().over(
        partition_by=(row.day, row.model), order_by=order
    )
    conditions = [
        *([row.model == model] if model is not None else []),
        row.mode != Mode.REPLAY.value,
        *([row.day >= first] if first else []),
        *([row.day <= last] if last else []),
        *([row.as_of <= as_of] if as_of else []),
        *([row.verdict.is_not(None)] if decided else []),
    ]
    columns = (row.key, row.day, row.as_of, row.verdict, row.rows, row.labelled)
    query = sa.select(*columns, position.label("position")).where(*conditions)
    return query.subquery()


def span(unit: Unit, days: int) -> tuple[date, date]:
    """Return the first and last of the days up to a unit's.

    Args:
        unit: The last day.
        days: How many days before it there are.
    """
    return unit.day - timedelta(days=days), unit.day
