"""What error budgets are reckoned from: one number over many days. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from monitoring_tasks.contract.slos import Indicator
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import finding_from
from monitoring_tasks.store.schema import EvaluationRow, FindingRow

WATCHING = (Mode.LIVE, Mode.BACKFILL, Mode.DRY_RUN)
"""Looks that count; a replay never does."""


def numbers_of(
    database: Database, indicator: Indicator, versions: Mapping[str, str]
) -> dict[str, Finding | Measurement]:
    """Load the indicator's number of many looks at once; absent ones are left out.

    Args:
        database: The store.
        indicator: Which number; that of the day itself, not of several pooled.
        versions: Evaluation -> the version whose number is meant.

    Returns:
        Evaluation -> the number, judged or not.
    """
    row = FindingRow
    query = sa.select(table_of(row)).where(
        row.evaluation.in_(list(versions)),
        row.kind == indicator.source,
        row.metric == indicator.metric,
        row.segment == indicator.segment,
        row.column == indicator.column,
        row.horizon == 1,
    )
    with database.transaction() as connection:
        rows = [dict(stored) for stored in connection.execute(query).mappings()]
    return {
        stored["evaluation"]: finding_from(stored)
        for stored in rows
        if stored["version"] == versions[stored["evaluation"]]
    }


def first_verdicts(
    database: Database,
    model: str,
    as_of: datetime,
    *,
    modes: Sequence[Mode] = WATCHING,
) -> dict[date, datetime]:
    """Return each day's first decided look in one of `modes`, known at `as_of`.

    Args:
        database: The store.
        model: Registered model name.
        as_of: Later looks do not count; aware.
        modes: Modes of the looks that count.
    """
    row = EvaluationRow
    query = (
        sa.select(row.day, sa.func.min(row.as_of))
        .where(
            row.model == model,
            row.mode.in_([mode.value for mode in modes]),
            row.verdict.is_not(None),
            row.as_of <= as_of,
        )
        .group_by(row.day)
    )
    with database.transaction() as connection:
        return dict(connection.execute(query).all())


def newest_as_of(database: Database, model: str | None = None) -> datetime | None:
    """Return the newest instant days were evaluated as of; None before the first.

    Args:
        database: The store.
        model: Registered model name; None for any.
    """
    row = EvaluationRow
    watching = row.mode.in_([mode.value for mode in WATCHING])
    if model is None:
        # From the end of an index: the first that counts is the newest.
        query = sa.select(row.as_of).where(watching).order_by(row.as_of.desc()).limit(1)
    else:
        query = sa.select(sa.func.max(row.as_of)).where(watching, row.model == model)
    with database.transaction() as connection:
        newest: datetime | None = connection.scalar(query)
    return newest
