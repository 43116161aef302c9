"""A drill's copy of a store that lies in Postgres."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.store import sandbox
from monitoring_tasks.store.database import Database
from tests.builders import MODEL
from tests.store.test_sandbox import OTHER, live, rows, url_of


def test_copy_of_postgres_is_what_sqlite_would_hold(
    database: Database, tmp_path: Path
) -> None:
    """The model's rows arrive in SQLite as they would have been written there."""
    alone, copied = (Database(f"sqlite:///{tmp_path / n}.db") for n in "ab")
    live(alone, MODEL)
    live(database, MODEL)
    live(database, OTHER)
    before = rows(database)
    sandbox.copy_model(url_of(database), MODEL, copied)
    numbered = rows(copied).pop("alias_journal")
    assert len(numbered) == 1
    assert rows(copied) | {"alias_journal": []} == rows(alone) | {"alias_journal": []}
    assert rows(database) == before
    for store in (alone, copied):
        store.engine.dispose()


def test_postgres_is_opened_for_reading_only(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would write to the real store by mistake is refused by the server."""

    def write(source: sa.Connection, _: Database) -> None:
        source.exec_driver_sql("DELETE FROM evaluations")

    live(database, MODEL)
    monkeypatch.setattr(sandbox, "_require_same_revision", write)
    before = rows(database)
    target = Database(f"sqlite:///{tmp_path / 'sandbox.db'}")
    with pytest.raises((MonitoringError, sa.exc.InternalError), match="read"):
        sandbox.copy_model(url_of(database), MODEL, target)
    assert rows(database) == before
    target.engine.dispose()
