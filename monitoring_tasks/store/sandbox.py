"""A store to try things in: a copy of a model's rows; the real one is only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import (
    ConfigurationError,
    NoDataError,
    SourceUnavailableError,
)
from monitoring_tasks.store.database import VERSION_TABLE, Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.schema import (
    METADATA,
    EvaluationRow,
    FindingRow,
    PartitionRow,
    ProfileRow,
)

ROWS_AT_ONCE = 2_000


def copy_model(url: str, model: str, target: Database) -> None:
    """Copy every row about a model into another store; the first is only read.

    Leases are not copied. SQLite is opened read-only, Postgres in a read-only
    transaction that sees one moment.

    Args:
        url: SQLAlchemy URL of the store to copy from.
        model: Registered model name.
        target: An empty store.

    Raises:
        NoDataError: If the SQLite file does not exist.
        SourceUnavailableError: If the store does not answer.
        ConfigurationError: If its tables are of another revision than `target`'s.
    """
    with _reading(url) as source:
        _require_same_revision(source, target)
        for table in METADATA.sorted_tables:
            query = _about(table, model)
            if query is None:
                continue
            result = source.execute(query).mappings()
            for rows in result.partitions(ROWS_AT_ONCE):
                with target.transaction() as connection:
                    connection.execute(sa.insert(table), [dict(row) for row in rows])


def forget_from(store: Database, model: str, first: date) -> None:
    """Remove every look at `first` and later days, as if they had not come yet.

    Args:
        store: A copy; never the real store.
        model: Registered model name.
        first: The first day to remove.
    """
    with store.transaction() as connection:
        for kind in (EvaluationRow, ProfileRow, PartitionRow):
            table = table_of(kind)
            later = sa.and_(table.c.model == model, table.c.day >= first)
            connection.execute(sa.delete(table).where(later))


def as_dry_runs(store: Database, model: str) -> None:
    """Make looks of live runs those of dry runs, so that judging them again is quiet.

    A dry run that looked at the same day at the same instant gives way.

    Args:
        store: A copy; never the real store.
        model: Registered model name.
    """
    row, finding = table_of(EvaluationRow), table_of(FindingRow)
    with store.transaction() as connection:
        query = sa.select(row).where(
            row.c.model == model, row.c.mode == Mode.LIVE.value
        )
        for live in connection.execute(query).mappings().all():
            unit = replace(Unit.from_key(live["key"]), mode=Mode.DRY_RUN)
            connection.execute(sa.delete(row).where(row.c.key == unit.key))
            # Copied, then removed: findings refer to the key and move in between.
            renamed = dict(live) | {"key": unit.key, "mode": unit.mode.value}
            connection.execute(sa.insert(row), [renamed])
            connection.execute(
                sa.update(finding)
                .where(finding.c.evaluation == live["key"])
                .values(evaluation=unit.key)
            )
            connection.execute(sa.delete(row).where(row.c.key == live["key"]))


def decided_units(store: Database, model: str, first: date, last: date) -> list[Unit]:
    """List every decided evaluation of the days `first` to `last`, as it was made.

    In the order of their instants, then of their days; replays are left out.

    Args:
        store: The store.
        model: Registered model name.
        first: First day.
        last: Last day, included.
    """
    row = EvaluationRow
    query = sa.select(row.key).where(
        row.model == model,
        row.day.between(first, last),
        row.verdict.is_not(None),
        row.mode != Mode.REPLAY.value,
    )
    with store.transaction() as connection:
        units = [Unit.from_key(key) for key in connection.scalars(query)]
    return sorted(units, key=lambda unit: (unit.as_of, unit.day))


def _about(table: sa.Table, model: str) -> sa.Select[tuple[object, ...]] | None:
    """Select the rows about a model; None where no row is about any."""
    if "model" in table.c:
        return sa.select(table).where(table.c.model == model)
    for key in table.foreign_keys:
        parent = key.column.table
        if "model" in parent.c:
            own_keys = sa.select(key.column).where(parent.c.model == model)
            return sa.select(table).where(key.parent.in_(own_keys))
    return None


@contextmanager
def _reading(url: str) -> Iterator[sa.Connection]:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        shown = sa.make_url(url).render_as_string(hide_password=True)
        msg = f"the store at {shown} does not answer ({type(error.orig).__name__})"
        raise SourceUnavailableError(msg) from None
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        one_moment = {
            "isolation_level": "REPEATABLE READ",
            "postgresql_readonly": True,
        }
        return sa.create_engine(parsed, execution_options=one_moment)
    path = Path(parsed.database or "")
    if not path.is_file():
        msg = f"{path}: no day has been judged yet; `daywatch backfill` first"
        raise NoDataError(msg)
    address = f"file:{quote(str(path))}?mode=ro"
    return sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True)
    )


def _require_same_revision(source: sa.Connection, target: Database) -> None:
    with target.transaction() as connection:
        wanted = _revision(connection)
    actual = _revision(source)
    if actual != wanted:
        msg = (
            f"the store's tables are of revision {actual or 'none'} and must be "
            f"of {wanted}; `daywatch status` brings them up to date"
        )
        raise ConfigurationError(msg)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    revision = connection.scalar(
        sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 (constant)
    )
    return None if revision is None else str(revision)
