"""What several packages of tests share; a small number of fixtures, on purpose."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitoring_tasks.store.database import Database

HOME = "DAYWATCH_HOME"


def pytest_configure() -> None:
    """No test, nor a process it starts, meets what whoever runs it watches."""
    addresses = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI", "OPENLINEAGE_URL")
    for name in (*addresses, HOME):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _forget_the_workspace() -> Iterator[None]:
    """A command keeps its `--home` in the environment; no later test finds it there."""
    before = os.environ.get(HOME)
    yield
    if before is None:
        os.environ.pop(HOME, None)
    else:
        os.environ[HOME] = before


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables and nothing in them; copied, never written to."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.engine.dispose()
    return path


@pytest.fixture
def database(tmp_path: Path, empty_store: Path) -> Iterator[Database]:
    """A store of its own for one test."""
    path = tmp_path / "store.db"
    path.write_bytes(empty_store.read_bytes())
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.engine.dispose()
