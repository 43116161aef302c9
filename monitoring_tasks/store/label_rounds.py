"""When the labels of all days looked back at were asked for, news or none."""

from datetime import datetime

import sqlalchemy as sa

from monitoring_tasks.domain.label_coverage import LabelRound
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import LabelRoundRow


def save_label_round(database: Database, model: str, done: LabelRound) -> None:
    """Write down that all days looked back at were asked; the first time counts.

    Args:
        database: The store.
        model: Registered model name.
        done: When, and how far back.
    """
    row = {
        "model": model,
        "known_at": done.known_at,
        "look_back_days": done.look_back_days,
    }
    with database.transaction() as connection:
        database.insert_missing(connection, LabelRoundRow, [row])


def label_rounds(database: Database, unit: Unit) -> list[LabelRound]:
    """Return the rounds before `unit.as_of`, oldest first.

    A round at that very instant is noted once its days are judged: were it read, the
    same look taken again would know more.

    Args:
        database: The store.
        unit: Whose model, and which instant.
    """
    done = rounds_until(database, unit.model, unit.as_of)
    return [label_round for label_round in done if label_round.known_at < unit.as_of]


def rounds_until(database: Database, model: str, instant: datetime) -> list[LabelRound]:
    """Return the rounds up to an instant, that one included, oldest first.

    Args:
        database: The store.
        model: Registered model name.
        instant: The latest that counts; aware.
    """
    row = LabelRoundRow
    query = (
        sa.select(row.known_at, row.look_back_days)
        .where(row.model == model, row.known_at <= instant)
        .order_by(row.known_at)
    )
    with database.transaction() as connection:
        return [
            LabelRound(known_at=stored.known_at, look_back_days=stored.look_back_days)
            for stored in connection.execute(query)
        ]
