from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.store.database import Database
from monitoring_tasks.up.tables import migrate_store


def test_tables_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After it the store is as this Daywatch wants it, and again is no harm."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("DAYWATCH_STORE_URL", url)
    assert migrate_store() == migrate_store() == url
    tables = sa.inspect(sa.create_engine(url)).get_table_names()
    assert {"evaluations", "incidents"} <= set(tables)


def test_a_newer_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image of yesterday does not start on the tables of today."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("DAYWATCH_STORE_URL", url)
    with Database(url).engine.begin() as connection:
        connection.execute(sa.text("UPDATE daywatch_schema SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="upgrade Daywatch"):
        migrate_store()
