import sqlalchemy as sa

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.model_names import models_of
from monitoring_tasks.store.schema import LabelRoundRow
from tests.builders import NOW


def names(database: Database) -> list[str]:
    """Return the models the table has rows of."""
    with database.transaction() as connection:
        return list(connection.scalars(sa.select(models_of(LabelRoundRow))))


def test_each_model_is_named_once_in_order(database: Database) -> None:
    """However many rows it has; an empty table has none."""
    assert names(database) == []
    rows = [
        {"model": model, "known_at": NOW.replace(minute=minute), "look_back_days": 1}
        for model in ("b", "a", "größe", "c")
        for minute in range(3)
    ]
    with database.transaction() as connection:
        connection.execute(sa.insert(LabelRoundRow), rows)
    assert sorted(names(database)) == ["a", "b", "c", "größe"]
    assert len(names(database)) == 4
