import pytest

from monitoring_tasks.respond import alias_writer
from monitoring_tasks.store.database import Database
from tests.respond.bench import Bench


@pytest.fixture
def bench(database: Database, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """An alias at version 2, every guard holding, nobody waiting for a replica."""
    monkeypatch.setattr(alias_writer, "PAUSE_SECONDS", 0)
    return Bench(database)
