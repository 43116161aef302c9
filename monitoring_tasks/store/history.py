"""The numbers of many days at once, as known at one instant. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.ranked_evaluations import ranked_evaluations
from monitoring_tasks.store.schema import FindingRow, ProfileRow

_PARTS = [part.name for part in fields(Measurement)]


def dated_numbers(
    database: Database,
    unit: Unit,
    *,
    days: int,
    kinds: Collection[Kind],
    segments: Collection[str],
    metrics: Collection[str] | None = None,
    at_first: bool = False,
) -> list[DatedNumber]:
    """Load numbers of `unit.day` and the days before it, in one query.

    Of each day the newest look known at `unit.as_of` counts, one with a verdict before
    one without; replays never do. Numbers of pooled days and numbers about a column
    are left out, as is a number whose version and segment were not counted.

    Args:
        database: The store.
        unit: The last day, and what may be known.
        days: How many days before it are read.
        kinds: Where the numbers come from.
        segments: Which segments they are about.
        metrics: Which metrics; None for all.
        at_first: The first look at each day counts instead of the newest.

    Returns:
        By day, version, segment, kind and metric, in no order.
    """
    number = FindingRow
    conditions = [
        number.kind.in_([kind.value for kind in kinds]),
        number.segment.in_(list(segments)),
        number.column == "",
    ]
    if metrics is not None:
        conditions.append(number.metric.in_(list(metrics)))
    return _numbers(
        database, unit, ranked_evaluations(unit, days, at_first=at_first), conditions
    )


def promised_numbers(
    database: Database, unit: Unit, promises: Collection[Objective], *, days: int
) -> list[DatedNumber]:
    """Load the numbers that objectives are about; else as `dated_numbers`.

    Args:
        database: The store.
        unit: The last day, and what may be known.
        promises: Objectives; for none there is no number.
        days: How many days before it are read.

    Returns:
        By day, version and objective, in no order.
    """
    number = FindingRow
    numbers = {(o.source, o.metric, o.column, o.segment) for o in promises}
    if not numbers:
        return []
    who = sa.tuple_(number.kind, number.metric, number.column, number.segment)
    ranked = ranked_evaluations(unit, days)
    return _numbers(database, unit, ranked, [who.in_(sorted(numbers))])


def _numbers(
    database: Database,
    unit: Unit,
    ranked: sa.Subquery,
    conditions: Sequence[sa.ColumnElement[bool]],
) -> list[DatedNumber]:
    number, profile = FindingRow, ProfileRow
    query = (
        sa.select(
            *(table_of(number).c[name] for name in _PARTS),
            ranked.c.day,
            profile.rows,
            profile.labelled,
        )
        .join(
            ranked, sa.and_(number.evaluation == ranked.c.key, ranked.c.position == 1)
        )
        .join(
            profile,
            sa.and_(
                profile.model == unit.model,
                profile.day == ranked.c.day,
                profile.version == number.version,
                profile.segment == number.segment,
                profile.as_of == ranked.c.as_of,
            ),
        )
        # 1 is the day alone; longer ones are pooled days.
        .where(number.horizon == 1, *conditions)
    )
    with database.transaction() as connection:
        return [_dated(tuple(row)) for row in connection.execute(query)]


def _dated(row: tuple[Any, ...]) -> DatedNumber:
    *parts, day, rows, labelled = row
    number = dict(zip(_PARTS, parts, strict=True))
    number["kind"] = Kind(number["kind"])
    return DatedNumber(
        day=day, measurement=Measurement(**number), rows=rows, labelled=labelled
    )
