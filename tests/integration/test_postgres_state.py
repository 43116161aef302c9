"""What tells that a table of Postgres holds the same rows: nothing changes unseen."""

from collections.abc import Iterator

import ibis.expr.types as ir
import psycopg
import pytest
from ibis.backends.postgres import Backend

from monitoring_tasks.domain.partitions import VALUES, SourceState
from monitoring_tasks.engine.opened import Read
from monitoring_tasks.engine.table_state import HASHES, WAY, table_state

pytestmark = pytest.mark.slow
COLUMNS = {
    "id": ("text", "'a'", "'b'"),
    "whole": ("bigint", "5", "4294967300"),
    "small": ("smallint", "0", "null"),
    "number": ("double precision", "0.1", "0.10000000000000002"),
    "single": ("real", "1", "'NaN'"),
    "exact": ("numeric", "1.5", "1.50000000000000000001"),
    "digits": ("numeric", "1.0", "1.00"),
    "sign": ("numeric", "5.25", "-5.25"),
    "amount": ("numeric(10,2)", "5.25", "-5.25"),
    "price": ("money", "'5.25'", "'-5.25'"),
    "odd": ("numeric", "'NaN'", "'Infinity'"),
    "endless": ("numeric", "'Infinity'", "'-Infinity'"),
    "flag": ("boolean", "true", "false"),
    "at": ("timestamptz", "'2024-03-01 12:00:00Z'", "'2024-03-01 12:00:00.000001Z'"),
    "local": ("timestamp", "'2024-03-01 12:00:00'", "'2024-03-01 13:00:00'"),
    "day": ("date", "'2024-03-01'", "'2024-03-02'"),
    "word": ("varchar(9)", "'calm'", "'calm '"),
    "key": ("uuid", f"'{'0' * 31}1'", f"'{'0' * 31}2'"),
    "list": ("integer[]", "'{1,2}'", "'{2,1}'"),
    "clock": ("time", "'12:00'", "'12:01'"),
}
"""Column -> its type, a value, and another value that is hard to tell from it."""
MD5 = SourceState(parts={"rows": "2"})
"""As days were read before there was another way."""


@pytest.fixture
def connection(postgres: str) -> Iterator[psycopg.Connection]:
    """A database with two rows of every type."""
    url = postgres.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as opened:
        opened.execute("DROP TABLE IF EXISTS rows")
        listed = ", ".join(f'"{n}" {kind}' for n, (kind, *_) in COLUMNS.items())
        opened.execute(f"CREATE TABLE rows ({listed})".encode())
        first = ", ".join(value for _, value, _ in COLUMNS.values())
        second = ", ".join(["'z'", *["null"] * (len(COLUMNS) - 1)])
        insert = f"INSERT INTO rows VALUES ({first}), ({second})"  # noqa: S608 (ours)
        opened.execute(insert.encode())
        yield opened


def rows_of(connection: psycopg.Connection) -> ir.Table:
    """Return the table as Ibis has it."""
    return Backend.from_connection(connection).table("rows")


def state_of(
    connection: psycopg.Connection, like: SourceState | None = None
) -> SourceState:
    """Return what tells that the rows are the same."""
    read = Read(columns={name: name for name in COLUMNS}, key="id")
    return table_state(connection, rows_of(connection), read, like)


@pytest.mark.parametrize("like", [None, MD5], ids=["hashes", "md5"])
@pytest.mark.parametrize("column", COLUMNS)
def test_any_value_that_changed_is_told(
    connection: psycopg.Connection, column: str, like: SourceState | None
) -> None:
    """Of whatever type, however alike: no other row, and one part at least."""
    before = state_of(connection, like)
    assert state_of(connection, before).changes_since(before) == ()
    _, _, other = COLUMNS[column]
    change = f"UPDATE rows SET \"{column}\" = {other} WHERE id = 'a'"  # noqa: S608 (ours)
    connection.execute(change.encode())
    changes = state_of(connection, before).changes_since(before)
    assert [c.split(":")[0][: len(VALUES)] for c in changes] == [
        *(["ids"] if column == "id" else []),
        VALUES,
    ]


@pytest.mark.parametrize("like", [None, MD5], ids=["hashes", "md5"])
def test_rows_that_exchange_a_value_are_told(
    connection: psycopg.Connection, like: SourceState | None
) -> None:
    """As many rows with the same ids and the same values of each column."""
    before = state_of(connection, like)
    swap = "UPDATE rows SET {0} = (SELECT o.{0} FROM rows o WHERE o.id <> rows.id)"
    for column in ("number", "day", "whole"):
        connection.execute(swap.format(column).encode())
        after = state_of(connection, before)
        assert after.changes_since(before)
        before = after


def test_the_order_of_rows_is_no_matter(connection: psycopg.Connection) -> None:
    """A table that was written anew holds what it held."""
    before = state_of(connection)
    connection.execute("CREATE TABLE anew AS SELECT * FROM rows ORDER BY id DESC")
    connection.execute("DROP TABLE rows")
    connection.execute("ALTER TABLE anew RENAME TO rows")
    assert state_of(connection, before) == before


def test_a_day_is_held_against_itself_in_the_way_it_was_read(
    connection: psycopg.Connection,
) -> None:
    """Days that were read by MD5 stay readable, and say so where they changed."""
    old = state_of(connection, MD5)
    assert WAY not in old.parts
    new = state_of(connection)
    assert new.parts[WAY] == HASHES
    assert state_of(connection, new) == new
    assert state_of(connection, old) == old


def test_a_server_without_such_hashes_takes_md5(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As before Postgres 14; what was hashed elsewhere is never taken for the same."""
    new = state_of(connection)
    monkeypatch.setattr(
        "monitoring_tasks.engine.table_state.LACKS_HASHES", "SELECT true"
    )
    assert state_of(connection) == state_of(connection, MD5)
    assert state_of(connection, new).changes_since(new)
