"""When the labels of all days looked back at were asked for, news or none."""

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.domain.label_looks import LabelRound
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import LabelRoundRow


def save_label_round(database: Database, model: str, done: LabelRound) -> None:
    """Write down that all days looked back at were asked; the first time counts."""
    row = {
        "model": model,
        "known_at": done.known_at,
        "look_back_days": done.look_back_days,
    }
    with database.transaction() as connection:
        database.insert_missing(connection, LabelRoundRow, [row])


def label_rounds(database: Database, unit: Unit) -> list[LabelRound]:
    """Give the rounds before `unit.as_of`, oldest first.

    A round at that very instant is noted once its days are judged: were it read, the
    same look taken again would know more.
    """
    row = LabelRoundRow
    query = (
        sa.select(row.known_at, row.look_back_days)
        .where(row.model == unit.model, row.known_at < unit.as_of)
        .order_by(row.known_at)
    )
    with database.transaction() as connection:
        return [
            LabelRound(known_at=found.known_at, look_back_days=found.look_back_days)
            for found in connection.execute(query)
        ]
