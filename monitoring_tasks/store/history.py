"""The numbers of many days at once, as known at one instant. Reads only."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Mode, Unit
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.label_looks import LabelLook
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.records import MODE_RANK
from monitoring_tasks.store.schema import (
    EvaluationRow,
    FindingRow,
    ProfileRow,
    table_of,
)

_PARTS = [part.name for part in fields(Measurement)]


def dated_numbers(
    database: Database,
    unit: Unit,
    *,
    days: int,
    kinds: Collection[Kind],
    segments: Collection[str],
    metrics: Collection[str] | None = None,
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

    Returns:
        By day, version, segment, kind and metric, in no order.
    """
    look, number, profile = _newest_looks(unit, days), FindingRow, ProfileRow
    query = (
        sa.select(
            *(table_of(number).c[name] for name in _PARTS),
            look.c.day,
            profile.rows,
            profile.labelled,
        )
        .join(look, sa.and_(number.evaluation == look.c.key, look.c.place == 1))
        .join(
            profile,
            sa.and_(
                profile.model == unit.model,
                profile.day == look.c.day,
                profile.version == number.version,
                profile.segment == number.segment,
                profile.as_of == look.c.as_of,
            ),
        )
        .where(
            number.kind.in_([kind.value for kind in kinds]),
            number.segment.in_(list(segments)),
            number.column == "",
            number.horizon == 1,
        )
    )
    if metrics is not None:
        query = query.where(number.metric.in_(list(metrics)))
    with database.transaction() as connection:
        return [_dated(tuple(row)) for row in connection.execute(query)]


def label_looks(database: Database, unit: Unit, *, days: int) -> list[LabelLook]:
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
            row.day.between(*_span(unit, days)),
            row.as_of <= unit.as_of,
        )
        .group_by(row.day, row.as_of)
        .order_by(row.day, row.as_of)
    )
    with database.transaction() as connection:
        return [
            LabelLook(
                day=found["day"],
                known_at=found["as_of"],
                rows=int(found["rows"]),
                labelled=int(found["labelled"]),
            )
            for found in connection.execute(query).mappings()
        ]


def _newest_looks(unit: Unit, days: int) -> sa.Subquery:
    """Number the looks at each day, the one that counts first, as `newness` does."""
    row = EvaluationRow
    rank = sa.case(
        {mode.value: place for mode, place in MODE_RANK.items()}, value=row.mode
    )
    order = (row.verdict.is_(None), row.as_of.desc(), rank)
    place = sa.func.row_number().over(partition_by=row.day, order_by=order)
    return (
        sa.select(row.key, row.day, row.as_of, place.label("place"))
        .where(
            row.model == unit.model,
            row.day.between(*_span(unit, days)),
            row.as_of <= unit.as_of,
            row.mode != Mode.REPLAY.value,
        )
        .subquery()
    )


def _span(unit: Unit, days: int) -> tuple[date, date]:
    return unit.day - timedelta(days=days), unit.day


def _dated(row: tuple[Any, ...]) -> DatedNumber:
    *parts, day, rows, labelled = row
    number = dict(zip(_PARTS, parts, strict=True))
    number["kind"] = Kind(number["kind"])
    return DatedNumber(
        day=day, measurement=Measurement(**number), rows=rows, labelled=labelled
    )
