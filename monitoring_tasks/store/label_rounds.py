"""When the labels of all days looked back at were asked for, news or none."""

from datetime import datetime

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import LabelRoundRow, table_of


def save_label_round(database: Database, model: str, known_at: datetime) -> None:
    """Write down that all days looked back at were asked; the same again is one."""
    table = table_of(LabelRoundRow)
    mine = sa.and_(table.c.model == model, table.c.known_at == known_at)
    with database.transaction() as connection:
        connection.execute(sa.delete(table).where(mine))
        connection.execute(sa.insert(table).values(model=model, known_at=known_at))


def label_rounds(database: Database, unit: Unit) -> list[datetime]:
    """Give the instants of the rounds, as known at `unit.as_of`, oldest first."""
    row = LabelRoundRow
    query = (
        sa.select(row.known_at)
        .where(row.model == unit.model, row.known_at <= unit.as_of)
        .order_by(row.known_at)
    )
    with database.transaction() as connection:
        return list(connection.scalars(query))
