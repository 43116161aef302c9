"""A store that is a SQLite file, opened by whoever may write it or only read it.

Whoever may not write it can still look: nothing beside the file is made, not even the
files SQLite itself would put there.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from monitoring_tasks.errors import ConfigurationError, UnwritableError

BUSY_SECONDS = 30
EMPTY_SECONDS = 1.0
"""How long a file may be empty while another process is making the store."""
PRIMARY_CODE = 0xFF
NEVER = {
    sqlite3.SQLITE_READONLY: "may be read but not written by this user",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened or made; check its folder's permissions",
    sqlite3.SQLITE_PERM: "may not be used by this user",
    sqlite3.SQLITE_IOERR: "lies on a disk that answers with an error, or is full",
}
"""What trying again does not fix, by SQLite's primary result code. A full disk is not
among them: room is made, and whoever tries again then goes on."""


def sqlite_engine(url: sa.URL) -> sa.Engine:
    """Return the engine of a SQLite file; one that only reads if it must not write.

    Raises:
        ConfigurationError: If the file is empty, or can be neither written nor read
            without what another process left beside it.
        UnwritableError: If there is no such file and none can be made.
    """
    if not url.database or url.database == ":memory:":
        return sa.create_engine(url)
    path = Path(url.database)
    if path.exists():
        _refuse_empty(path)
        if not may_write(path):
            return _reading_engine(url, path)
    else:
        _make_folder(path)
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def is_read_only(engine: sa.Engine) -> bool:
    """Whether the engine can only read."""
    return bool(engine.get_execution_options().get("reads_only"))


def why_never(error: sa.exc.DBAPIError) -> str | None:
    """Say why a SQLite file will not answer however often it is asked, or None."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else NEVER.get(code & PRIMARY_CODE)


def may_write(path: Path) -> bool:
    """Whether this user may write a file and what SQLite puts beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _refuse_empty(path: Path) -> None:
    until = time.monotonic() + EMPTY_SECONDS
    while path.stat().st_size == 0:
        if time.monotonic() > until:
            msg = (
                f"the store {path} is an empty file (0 bytes): what was in it is lost. "
                "Put a backup in its place, or delete it to start a new store"
            )
            raise ConfigurationError(msg)
        time.sleep(EMPTY_SECONDS / 10)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"there is no store at {path} and none can be made: {error.strerror}"
        raise UnwritableError(msg) from error
    if not os.access(path.parent, os.W_OK):
        msg = (
            f"there is no store at {path} yet, and this user may not make one; "
            "nothing was judged here so far"
        )
        raise UnwritableError(msg)


def _reading_engine(url: sa.URL, path: Path) -> sa.Engine:
    """Return an engine that cannot write.

    SQLite reads a file in WAL mode only with two files beside it, which it may not make
    here. Where none was left behind the file is whole, and is read as one that does not
    change.
    """
    left = path.with_name(f"{path.name}-wal")
    unmerged = left.exists() and left.stat().st_size > 0
    # With a log that was not merged the file alone is old: SQLite has to read both.
    how = "mode=ro" if unmerged else "mode=ro&immutable=1"
    address = f"file:{quote(str(path.resolve()))}?{how}"
    engine = sa.create_engine(
        url,
        creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False),
        execution_options={"reads_only": True},
    )
    sa.event.listen(engine, "connect", _prepare_reading)
    sa.event.listen(engine, "begin", _begin_reading)
    return engine


def _prepare(connection: Any, record: Any) -> None:  # noqa: ANN401 (driver's own)
    _prepare_reading(connection, record)
    connection.execute("PRAGMA journal_mode = WAL")
    # With a log written ahead a power cut cannot corrupt it (sqlite.org/pragma.html).
    connection.execute("PRAGMA synchronous = NORMAL")


def _prepare_reading(connection: Any, record: Any) -> None:  # noqa: ANN401 (driver's own)
    del record
    # The driver must not open transactions by itself: the listeners below do.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    # SQLite checks them only for whoever asks it to.
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: sa.Connection) -> None:
    # A writer takes its turn at the start; a deferred one would fail half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
