"""The numbers of many days at once, as known at one instant. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Kind, Measurement, Verdict
from monitoring_tasks.domain.label_coverage import LabelCoverage
from monitoring_tasks.domain.releases import PairedDay, ServedDay
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.units import Mode, Unit
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
    return _numbers(database, unit, _ranked(unit, days, at_first), conditions)


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
    ranked = _ranked(unit, days, at_first=False)
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
        .where(number.horizon == 1, *conditions)
    )
    with database.transaction() as connection:
        return [_dated(tuple(row)) for row in connection.execute(query)]


def label_coverages(
    database: Database, unit: Unit, *, days: int
) -> list[LabelCoverage]:
    """Load how many labels each evaluation of a day and of those before it knew of.

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
            LabelCoverage(
                day=counted["day"],
                known_at=counted["as_of"],
                rows=int(counted["rows"]),
                labelled=int(counted["labelled"]),
            )
            for counted in connection.execute(query).mappings()
        ]


def backfilled_looks(
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
        row.day.between(*_span(unit, days)),
        row.as_of <= unit.as_of,
        row.mode == Mode.BACKFILL.value,
    )
    with database.transaction() as connection:
        return {
            (evaluation.day, evaluation.as_of)
            for evaluation in connection.execute(query)
        }


def served_days(database: Database, unit: Unit, *, days: int) -> list[ServedDay]:
    """Load which version served each of the days before `unit.day`, oldest first.

    Args:
        database: The store.
        unit: The day; looks after `unit.as_of` do not count.
        days: How many days before it are read; those without a verdict are left out.
    """
    ranked, row = _ranked(unit, days, at_first=False), EvaluationRow
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
    ranked, row = _ranked(unit, (unit.day - since).days, at_first=False), EvaluationRow
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


def _ranked(unit: Unit, days: int, at_first: bool) -> sa.Subquery:  # noqa: FBT001 (private)
    """Number the looks at each day, the one that counts first, as `newness` does."""
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


def was_judged(database: Database, unit: Unit) -> bool:
    """Whether any look at the day came to a verdict on predictions; replays aside.

    Args:
        database: The store.
        unit: The day; its instant and mode do not matter.
    """
    row = EvaluationRow
    query = sa.select(
        sa.exists().where(
            row.model == unit.model,
            row.day == unit.day,
            row.mode != Mode.REPLAY.value,
            row.predictions.is_not(None),
            row.verdict.is_not(None),
        )
    )
    with database.transaction() as connection:
        return bool(connection.scalar(query))
