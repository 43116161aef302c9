"""Opening the store and bringing its tables up to date."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_tasks.errors import (
    ConfigurationError,
    SourceUnavailableError,
    UnwritableError,
)
from monitoring_tasks.store.declarative import Table, table_of
from monitoring_tasks.store.sqlite_files import is_read_only, sqlite_engine, why_never

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as InsertPostgres
    from sqlalchemy.dialects.sqlite import Insert as InsertSqlite

VERSION_TABLE = "daywatch_schema"
MIGRATIONS = Path(__file__).parent / "migrations"
AFTER_COMMIT = "daywatch.after_commit"
"""Where a connection keeps what is to be called once its transaction stands."""
SEEN = "daywatch.seen"
"""Where a connection keeps what its transaction has read and changed."""
MIGRATION_LOCK = 0x6461797761746368  # "daywatch", as a Postgres advisory lock


class Database:
    """An engine whose tables are there; every write is one transaction.

    A SQLite file that this user may not write can be read all the same.

    Args:
        url: SQLAlchemy URL; the folder of a SQLite file is made when missing.

    Raises:
        SourceUnavailableError: If the database does not answer.
        ConfigurationError: If the URL has no driver, what lies there is no database, an
            empty file or may not be used, or the tables are newer than this version of
            Daywatch.
        UnwritableError: If there is none and none can be made, or its tables are older
            and may not be brought up to date by this user.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        try:
            with self._closed_on_failure():
                self._migrate()
        except sa.exc.OperationalError as error:
            shown = self.engine.url.render_as_string(hide_password=True)
            if why := why_never(error):
                msg = f"the store at {shown} {why} ({error.orig})"
                raise UnwritableError(msg) from None
            fault = type(error.orig).__name__ if self.is_postgres else error.orig
            msg = f"the store at {shown} does not answer ({fault})"
            raise SourceUnavailableError(msg) from None
        except sa.exc.DatabaseError as error:
            shown = self.engine.url.render_as_string(hide_password=True)
            msg = f"store_url: {shown} cannot be used as a store ({error.orig})"
            raise ConfigurationError(msg) from None

    @contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            yield
        # The caller never gets the object, so nobody else could close its connections.
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Run a block in one transaction; nothing is kept if it fails.

        Raises:
            SourceUnavailableError: If the database is down, locked or full.
            UnwritableError: If its file may not be written.
        """
        after: list[Callable[[], None]] = []
        try:
            with self.engine.begin() as connection:
                connection.info[AFTER_COMMIT] = after
                connection.info[SEEN] = {}
                yield connection
        except sa.exc.OperationalError as error:
            if why := why_never(error):
                shown = self.engine.url.render_as_string(hide_password=True)
                msg = f"the store at {shown} {why}; nothing was written"
                raise UnwritableError(msg) from error
            msg = f"the store could not be used ({error.orig}); nothing was written"
            raise SourceUnavailableError(msg) from error
        # Outside of the block: a failure here must not undo what is written.
        for call in after:
            call()

    def after_commit(self, connection: sa.Connection, call: Callable[[], None]) -> None:
        """Call something once what this transaction writes is written.

        Args:
            connection: Of the transaction.
            call: What to call; not at all if the transaction fails.
        """
        connection.info[AFTER_COMMIT].append(call)

    def upsert(
        self,
        connection: sa.Connection,
        table: type[Table],
        rows: Iterable[Mapping[str, Any]],
    ) -> None:
        """Insert rows, replacing those of the same primary key.

        Args:
            connection: Of the transaction.
            table: The table.
            rows: Values by column; all rows have the same columns.
        """
        values = list(rows)
        if not values:
            return
        statement = self._insert(table)
        keys = [column.name for column in table_of(table).primary_key.columns]
        changed = {
            name: statement.excluded[name] for name in values[0] if name not in keys
        }
        statement = (
            # Where all columns are key there is nothing to set, and no empty SET.
            statement.on_conflict_do_update(index_elements=keys, set_=changed)
            if changed
            else statement.on_conflict_do_nothing(index_elements=keys)
        )
        connection.execute(statement, values)

    def insert_missing(
        self,
        connection: sa.Connection,
        table: type[Table],
        rows: Iterable[Mapping[str, Any]],
    ) -> None:
        """Insert rows, leaving those of the same primary key as they are.

        Args:
            connection: Of the transaction.
            table: The table.
            rows: Values by column; all rows have the same columns.
        """
        values = [dict(row) for row in rows]
        if values:
            connection.execute(self._insert(table).on_conflict_do_nothing(), values)

    def _insert(self, table: type[Table]) -> "InsertPostgres | InsertSqlite":
        model = table_of(table)
        # One dialect's module, not both.
        if self.is_postgres:
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (heavy)

            return postgresql.insert(model)
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 (heavy)

        return sqlite.insert(model)

    @property
    def is_postgres(self) -> bool:
        """Whether the store lives in Postgres rather than SQLite."""
        return self.engine.dialect.name == "postgresql"

    def _migrate(self) -> None:
        revisions = known_revisions()
        head = revisions[-1]
        with self.engine.begin() as connection:
            # Nearly always; the lock is for the first start of a new version alone.
            if self._revision(connection) == head:
                return
            if is_read_only(self.engine):
                msg = (
                    f"the store at {self.engine.url.database} has tables of another "
                    "version of Daywatch, and this user may only read it: let somebody "
                    "who may write it run `daywatch status` once"
                )
                raise UnwritableError(msg)
            self.lock(connection, MIGRATION_LOCK)
            # Again: another process may have migrated while this one waited.
            current = self._revision(connection)
            if current is not None and current not in revisions:
                msg = (
                    f"the store's tables are of revision {current}, which this version "
                    "of Daywatch does not know; upgrade Daywatch"
                )
                raise ConfigurationError(msg)
            if current != head:
                _upgrade(connection)

    def _revision(self, connection: sa.Connection) -> str | None:
        if not sa.inspect(connection).has_table(VERSION_TABLE):
            return None
        revision = connection.execute(
            sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 (constant)
        ).scalar()
        return None if revision is None else str(revision)

    def lock(self, connection: sa.Connection, key: int) -> None:
        """Let one process at a time go on: see the function `lock`.

        Args:
            connection: Of the transaction.
            key: Number of the advisory lock.
        """
        lock(connection, key)


def known_revisions() -> list[str]:
    """Return the revisions of the store's tables, oldest first, by the files' names.

    Alembic would say the same, and takes longer to import than most commands take.
    """
    names = [path.stem for path in (MIGRATIONS / "versions").glob("v*.py")]
    return sorted(name.removeprefix("v").partition("_")[0] for name in names)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 (heavy, and seldom due)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def lock(connection: sa.Connection, key: int) -> None:
    """Let one process at a time go on; the transaction's end unlocks.

    On SQLite a transaction is alone anyway.

    Args:
        connection: Of the transaction.
        key: Number of the advisory lock; whoever asks for another goes on.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return sqlite_engine(parsed)
        # A server that was restarted leaves dead connections in the pool.
        engine = sa.create_engine(parsed, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        msg = "store_url is not a SQLAlchemy URL with an installed driver"
        raise ConfigurationError(msg) from error
    except ValueError:
        # The text of the error carries a part of the URL, maybe of the password.
        msg = "store_url: write special characters of a password as %XX"
        raise ConfigurationError(msg) from None
    if engine.dialect.name not in {"sqlite", "postgresql"}:
        msg = (
            f"store_url: {engine.dialect.name} is not supported; use SQLite or Postgres"
        )
        raise ConfigurationError(msg)
    return engine
