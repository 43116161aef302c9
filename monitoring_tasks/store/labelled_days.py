"""The last day with enough labels, in one query. Reads only."""

from datetime import date, datetime

import sqlalchemy as sa

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.records import MODE_RANK
from monitoring_tasks.store.schema import EvaluationRow


def last_labelled_day(
    database: Database,
    model: str,
    *,
    label_coverage: float,
    until: date | None = None,
    as_of: datetime | None = None,
) -> LabelledDay | None:
    """Load what was said of the newest day that has enough labels.

    Each day counts once, by the newest decided look at it; replays never count.

    Args:
        database: The store.
        model: Registered model name.
        label_coverage: Share of the rows with a label that is enough.
        until: Later days do not count; None for no limit.
        as_of: Looks after it do not count; None for no limit.

    Returns:
        None where no day has enough labels.
    """
    row, ranked = EvaluationRow, _decided_looks(model, until, as_of)
    query = (
        sa.select(
            row.day,
            row.verdict,
            row.confirmed,
            row.severity,
            row.cause,
            row.rows,
            row.labelled,
            row.as_of,
        )
        .join(ranked, sa.and_(row.key == ranked.c.key, ranked.c.position == 1))
        .where(
            row.rows > 0,
            row.labelled >= label_coverage * row.rows,
            row.verdict != Verdict.EXCLUDED.value,
        )
        .order_by(row.day.desc())
        .limit(1)
    )
    with database.transaction() as connection:
        newest = connection.execute(query).mappings().first()
    if newest is None:
        return None
    plain = dict(newest) | {
        "verdict": Verdict(newest["verdict"]),
        "confirmed": bool(newest["confirmed"]),
    }
    return LabelledDay(**plain)


def _decided_looks(
    model: str, until: date | None, as_of: datetime | None
) -> sa.Subquery:
    """Number the decided looks at each day, the one that counts first."""
    row = EvaluationRow
    rank = sa.case(
        {mode.value: position for mode, position in MODE_RANK.items()}, value=row.mode
    )
    position = sa.func.row_number().over(
        partition_by=row.day, order_by=(row.as_of.desc(), rank)
    )
    conditions = [
        row.model == model,
        row.mode != Mode.REPLAY.value,
        row.verdict.is_not(None),
        *([row.day <= until] if until else []),
        *([row.as_of <= as_of] if as_of else []),
    ]
    return sa.select(row.key, position.label("position")).where(*conditions).subquery()
