"""Copies of the worlds, one a test; stores, servers, and a table of what was seen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.faults.proxy import Proxy
from tests.faults.servers import MlflowServer
from tests.faults.stories import NAMES, Story, reset_registry, take_target_for_granted
from tests.faults.table import FaultTable
from tests.integration.conftest import (  # noqa: F401 (fixtures)
    make_database,
    postgres_server,
)
from tests.scenarios import world, worlds
from tests.scenarios.fixtures import breached, home  # noqa: F401 (fixtures)
from tests.scenarios.stores import copy_store

TABLE = "DAYWATCH_FAULT_TABLE"
Fresh = Callable[[], Story]
Saw = Callable[..., None]
IN_POSTGRES = pytest.param("postgres", marks=pytest.mark.slow)


@pytest.fixture(scope="session")
def fault_table() -> Iterator[FaultTable]:
    """Every fault and what it did; written to the file the environment names."""
    table = FaultTable()
    yield table
    if os.environ.get(TABLE):
        table.write(Path(os.environ[TABLE]))


@pytest.fixture
def saw(fault_table: FaultTable, request: pytest.FixtureRequest) -> Saw:
    """Write a fault and what came of it into the table, when all of it was asserted."""
    parts = request.fixturenames
    store = request.getfixturevalue("store") if "store" in parts else "sqlite"

    def record(
        *, fault: str, happened: str, end: str, registry: str = "SQLite file"
    ) -> None:
        fault_table.add(
            fault=fault,
            store=NAMES[store],
            registry=registry,
            happened=happened,
            end=end,
        )

    return record


@pytest.fixture(params=["sqlite", IN_POSTGRES])
def store(request: pytest.FixtureRequest) -> str:
    """Which store a test runs on."""
    return str(request.param)


@pytest.fixture(scope="module")
def story_in_postgres(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Copy the store of the story into Postgres once; give a copy of that each time."""
    make = request.getfixturevalue("make_database")
    made: list[str] = []

    def copy() -> str:
        if not made:
            made.append(make())
            judged = worlds.breached()
            copy_store(f"sqlite:///{judged / 'daywatch.db'}", made[0])
        return str(make(sa.make_url(made[0]).database))

    return copy


@pytest.fixture
def fresh(
    store: str,
    tmp_path: Path,
    *,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Fresh:
    """Return the story of the bad release, its second day to be responded to.

    Each call gives a workspace, store and registry of their own. That the target
    scores is taken for granted: trying it takes seconds and changes nothing.
    """
    take_target_for_granted(monkeypatch)

    def make() -> Story:
        template = worlds.breached()
        copied = world.copy(template, tmp_path / f"home-{uuid4().hex[:8]}")
        if store == "postgres":
            url = request.getfixturevalue("story_in_postgres")()
            world.write_settings(copied, url)
        return Story(copied)

    return make


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """The story's registry behind a tracking server of its own, on a SQLite file."""
    folder = tmp_path_factory.mktemp("served")
    template = worlds.breached()
    copied = world.copy(template, folder / "home")
    with MlflowServer(f"sqlite:///{copied / 'mlflow.db'}", folder / "server") as server:
        yield server


@pytest.fixture
def begin_again(served: MlflowServer) -> Callable[[], None]:
    """Put the served registry back to where the story begins."""
    template = worlds.breached()
    begun = f"sqlite:///{template / 'mlflow.db'}"
    return lambda: reset_registry(served.url, begun)


@pytest.fixture
def proxy(
    served: MlflowServer,
    begin_again: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Proxy]:
    """The server as it was, behind a proxy that is the registry of the test."""
    begin_again()
    with Proxy(served.url) as between:
        monkeypatch.setenv("DAYWATCH_REGISTRY_URL", between.url)
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
        yield between
