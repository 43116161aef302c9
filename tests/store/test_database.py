import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.errors import (
    ConfigurationError,
    SourceUnavailableError,
    UnwritableError,
)
from monitoring_tasks.store import sqlite_files
from monitoring_tasks.store.database import VERSION_TABLE, Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.schema import METADATA, LeaseRow
from tests.builders import NOW

LEASE = {"name": "a", "holder": "one", "expires_at": NOW}


def test_new_store_has_every_table(database: Database) -> None:
    """What the code writes to is there, and nothing has to be run by hand."""
    tables = set(sa.inspect(database.engine).get_table_names())
    assert tables == {*METADATA.tables, VERSION_TABLE}


def test_tables_are_those_of_the_schema(database: Database) -> None:
    """The migrations and the mapped classes say the same."""
    inspector = sa.inspect(database.engine)
    for name, table in METADATA.tables.items():
        found = {column["name"]: column for column in inspector.get_columns(name)}
        assert set(found) == set(table.columns.keys()), name
        nullable = {c.name for c in table.columns if c.nullable}
        assert {n for n, c in found.items() if c["nullable"]} == nullable, name
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key.columns], name


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """The tables are made once; the folder of the file as well."""
    url = f"sqlite:///{tmp_path / 'new' / 'store.db'}"
    for _ in range(2):
        database = Database(url)
        with database.transaction() as connection:
            rows = connection.execute(sa.text(f"SELECT * FROM {VERSION_TABLE}")).all()  # noqa: S608 (constant)
        database.engine.dispose()
        assert len(rows) == 1


def test_two_processes_may_make_the_tables_at_once(tmp_path: Path) -> None:
    """One waits for the other; both find the tables."""
    code = (
        "import sys; from monitoring_tasks.store.database import Database;"
        "Database(sys.argv[1]).engine.dispose()"
    )
    url = f"sqlite:///{tmp_path / 'store.db'}"
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", code, url]
    running = [
        subprocess.Popen(command, stderr=subprocess.PIPE)  # noqa: S603 (our own code)
        for _ in range(3)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    """An old program does not write into tables it does not know."""
    path = tmp_path / "store.db"
    Database(f"sqlite:///{path}").engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608 (constant)
    with pytest.raises(ConfigurationError, match=r"revision 9999.*upgrade Daywatch"):
        Database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("no url s3cret", id="no URL"),
        pytest.param("nosuch://u:s3cret@h/d", id="no such database"),
        pytest.param("oracle+nodriver://u:s3cret@h/d", id="no such driver"),
        pytest.param("postgresql://u:p@s3cret:s3cret@h/d", id="port"),
    ],
)
def test_url_that_cannot_be_used_is_refused_without_its_secret(url: str) -> None:
    """The setting is named; what it holds is not."""
    with pytest.raises(ConfigurationError, match="store_url") as caught:
        Database(url)
    assert "s3cret" not in f"{caught.value}"


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file of something else is left as it is."""
    path = tmp_path / "store.db"
    path.write_text("not a database at all, but long enough to be one " * 40)
    with pytest.raises(ConfigurationError, match=r"store\.db.* not a database"):
        Database(f"sqlite:///{path}")
    assert path.read_text().startswith("not a database")


def test_store_that_is_down_is_unavailable() -> None:
    """No answer is worth another try; the password is not shown."""
    with pytest.raises(SourceUnavailableError, match="does not answer") as caught:
        Database("postgresql+psycopg://me:s3cret@127.0.0.1:1/store")
    assert "s3cret" not in str(caught.value)


def test_locked_store_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer that does not end is no answer; nothing was written."""
    monkeypatch.setattr(sqlite_files, "BUSY_SECONDS", 0)
    path = tmp_path / "store.db"
    database = Database(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(SourceUnavailableError, match=r"locked.*nothing was written"),
            database.transaction() as connection,
        ):
            database.upsert(connection, LeaseRow, [LEASE])
        other.rollback()
    with database.transaction() as connection:
        assert connection.execute(sa.select(LeaseRow.name)).all() == []
    database.engine.dispose()


def test_transaction_that_fails_keeps_nothing(database: Database) -> None:
    """A step is written whole or not at all."""
    rows = [LEASE, LEASE | {"name": "b", "holder": None}]
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as connection:
        database.upsert(connection, LeaseRow, rows)
    with database.transaction() as connection:
        assert connection.execute(sa.select(LeaseRow.name)).all() == []


def test_upsert_inserts_replaces_and_leaves_others(database: Database) -> None:
    """Writing twice is writing once; no rows are no statement."""
    other = LEASE | {"name": "b"}
    with database.transaction() as connection:
        database.upsert(connection, LeaseRow, [LEASE, other])
        database.upsert(connection, LeaseRow, [LEASE | {"holder": "two"}])
        database.upsert(connection, LeaseRow, [])
        found = connection.execute(
            sa.select(LeaseRow.name, LeaseRow.holder).order_by(LeaseRow.name)
        ).all()
    assert [tuple(row) for row in found] == [("a", "two"), ("b", "one")]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2013, 9, 3, 10, tzinfo=UTC),
        datetime(2013, 9, 3, 12, tzinfo=timezone(timedelta(hours=2))),
        datetime(2013, 9, 3, 10, 0, 0, 123456, tzinfo=UTC),
    ],
)
def test_instants_come_back_aware_and_the_same(
    database: Database, at: datetime
) -> None:
    """SQLite forgets the zone; the store does not."""
    with database.transaction() as connection:
        database.upsert(connection, LeaseRow, [LEASE | {"expires_at": at}])
        found = connection.scalars(sa.select(LeaseRow.expires_at)).one()
    assert (found, found.utcoffset()) == (at, timedelta(0))


def test_instant_without_a_zone_is_refused(database: Database) -> None:
    """An instant nobody can place is never stored."""
    naive = datetime(2013, 9, 3)  # noqa: DTZ001 (the point of the test)
    with (
        pytest.raises(sa.exc.StatementError, match="has no time zone"),
        database.transaction() as connection,
    ):
        database.upsert(connection, LeaseRow, [LEASE | {"expires_at": naive}])


def test_dates_are_no_instants(database: Database) -> None:
    """A day compared to an instant would be off by hours."""
    with (
        pytest.raises((sa.exc.StatementError, TypeError)),
        database.transaction() as connection,
    ):
        database.upsert(
            connection, LeaseRow, [LEASE | {"expires_at": date(2013, 9, 3)}]
        )


def read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every folder and file one that this user may not write."""
    monkeypatch.setattr(sqlite_files, "may_write", lambda _: False)
    path.chmod(0o444)


def test_store_that_may_only_be_read_is_read_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written into it or beside it; a write is refused for good."""
    path = tmp_path / "a folder#" / "store.db"
    database = Database(f"sqlite:///{path}")
    with database.transaction() as connection:
        database.upsert(connection, LeaseRow, [LEASE])
    database.engine.dispose()
    before = path.read_bytes()
    read_only(path, monkeypatch)
    looking = Database(f"sqlite:///{path}")
    with looking.transaction() as connection:
        assert len(connection.execute(sa.select(table_of(LeaseRow))).all()) == 1
    with (
        pytest.raises(UnwritableError, match=r"read but not written.*nothing was"),
        looking.transaction() as connection,
    ):
        looking.upsert(connection, LeaseRow, [LEASE | {"name": "b"}])
    looking.engine.dispose()
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["store.db"]


def test_older_tables_are_not_brought_up_to_date_by_whoever_may_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says who has to open the store once."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE anything (x)")
    read_only(path, monkeypatch)
    with pytest.raises(UnwritableError, match=r"tables of another version.*run"):
        Database(f"sqlite:///{path}")


def test_empty_file_is_not_taken_for_a_new_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was in it is lost, holds among it: a person has to say what to do."""
    monkeypatch.setattr(sqlite_files, "EMPTY_SECONDS", 0.01)
    path = tmp_path / "store.db"
    path.touch()
    with pytest.raises(ConfigurationError, match=r"0 bytes.*backup.*delete it"):
        Database(f"sqlite:///{path}")
    assert path.stat().st_size == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reads_the_store_and_is_refused_where_there_is_none(
    tmp_path: Path,
) -> None:
    """As a user who may write nothing here: looks are answered, no file is made."""
    path = tmp_path / "store.db"
    Database(f"sqlite:///{path}").engine.dispose()
    for folder in (tmp_path, *tmp_path.parents):
        folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        "import sys; from monitoring_tasks.store.database import Database; import os\n"
        "from monitoring_tasks.errors import UnwritableError; os.setuid(65534)\n"
        "Database(sys.argv[1]).engine.dispose()\n"
        "for other in sys.argv[2:]:\n"
        "    try: Database(other)\n"
        "    except UnwritableError as error: print(error)\n"
    )
    absent = [tmp_path / "none.db", tmp_path / "none" / "none.db"]
    words = [f"sqlite:///{one}" for one in (path, *absent)]
    run = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == 2
    assert all(
        f"no store at {one}" in line for one, line in zip(absent, lines, strict=True)
    )
    assert [one.name for one in tmp_path.iterdir()] == ["store.db"]
