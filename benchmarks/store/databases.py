"""The two databases a store may live in, and how to make them forget what they read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.store.database import Database
from monitoring_tasks.up.postgres import running_postgres

SQLITE_HASTE = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -2000000",
)
POSTGRES_HASTE = (
    # Made rows refer to what is there: no look-up for each of ten million.
    "SET SESSION session_replication_role = replica",
    "SET SESSION synchronous_commit = off",
    "SET SESSION work_mem = '256MB'",
)


@contextmanager
def running(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a database of that kind, its files in `folder`.

    Args:
        kind: `sqlite` or `postgres`.
        folder: Where its files lie.

    Raises:
        ConfigurationError: If Postgres is not installed: `pip install 'daywatch[up]'`.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
        return
    with running_postgres(folder / "postgres") as url:
        yield url


def forget(folder: Path) -> None:
    """Ask the system to drop what it keeps in memory of the files of a database.

    What Postgres keeps in its own buffers stays: 128 MB unless it is told otherwise.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


@contextmanager
def quickly(database: Database) -> Iterator[None]:
    """Let a new database be filled without waiting for the disk or checking each row.

    A crash meanwhile loses what it holds: made rows.

    Args:
        database: The store, new.
    """
    said = POSTGRES_HASTE if database.is_postgres else SQLITE_HASTE

    def hurry(connection: Any, record: object) -> None:  # noqa: ANN401 (the driver's own)
        del record
        cursor = connection.cursor()
        for statement in said:
            cursor.execute(statement)

    database.engine.dispose()
    sa.event.listen(database.engine, "connect", hurry)
    yield
    sa.event.remove(database.engine, "connect", hurry)
    database.engine.dispose()
