"""The last day with enough labels, in one query. Reads only."""

from datetime import date, datetime

import sqlalchemy as sa

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.ranked_evaluations import ranked_looks
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
    looks = ranked_looks(model, None, until, as_of=as_of, decided=True)
    newest_key = (
        sa.select(looks.c.key)
        .where(
            looks.c.position == 1,
            looks.c.rows > 0,
            looks.c.labelled >= label_coverage * looks.c.rows,
            looks.c.verdict != Verdict.EXCLUDED.value,
        )
        .order_by(looks.c.day.desc())
        .limit(1)
    )
    row = EvaluationRow
    query = sa.select(
        row.day,
        row.verdict,
        row.confirmed,
        row.severity,
        row.cause,
        row.rows,
        row.labelled,
        row.as_of,
    ).where(row.key == newest_key.scalar_subquery())
    with database.transaction() as connection:
        newest = connection.execute(query).mappings().first()
    if newest is None:
        return None
    plain = dict(newest) | {
        "verdict": Verdict(newest["verdict"]),
        "confirmed": bool(newest["confirmed"]),
    }
    return LabelledDay(**plain)
