"""Rows that Postgres copies: what is fetched of it, value by value and type by type."""

from collections.abc import Iterator

import psycopg
import pyarrow as pa
import pytest
import sqlalchemy as sa

from monitoring_tasks.extract.copied_rows import copied_rows
from monitoring_tasks.extract.database_tables import reflect
from monitoring_tasks.extract.query_rows import fetch, fetched_rows
from monitoring_tasks.sources.copied_csv import copied_csv

pytestmark = pytest.mark.slow
TABLE = """
CREATE TABLE rows (
    id bigint, small smallint, flag boolean, word text, short varchar(5),
    padded char(4), number double precision, single real, day date,
    at timestamptz, local timestamp(3), nothing text
)
"""
INSERT = r"""
INSERT INTO rows VALUES
(1, 2, true, 'ä, "quoted"', 'a', 'b', 0.1, 0.1, '2024-03-01',
 '2024-03-01 12:00:00.123456Z', '2024-03-01 12:00:00.5', null),
(-9223372036854775808, null, false, E'a\nline\\', '', '', 'NaN', 'Infinity',
 '0001-01-01', '1969-12-31 23:59:59.999999Z', '9999-12-31', null),
(9223372036854775807, -1, null, '', null, null, 1e-310, -0.0, null, null, null, null),
(null, null, null, null, null, null, null, null, null, null, null, null),
(null, null, null, 'NULL', '\N', null, '-Infinity', 1e30, null, null, null, null)
"""


@pytest.fixture(params=["UTC", "Asia/Kolkata"])
def connection(
    postgres: str, request: pytest.FixtureRequest
) -> Iterator[sa.Connection]:
    """A database whose zone and form of dates are the role's own."""
    engine = sa.create_engine(postgres)
    with engine.connect() as opened:
        opened.exec_driver_sql("DROP TABLE IF EXISTS rows")
        opened.exec_driver_sql(TABLE)
        opened.exec_driver_sql(INSERT)
        opened.commit()
        opened.exec_driver_sql(f"SET TimeZone = '{request.param}'")
        opened.exec_driver_sql("SET DateStyle = 'German, DMY'")
        opened.commit()
        yield opened
    engine.dispose()


def selected(connection: sa.Connection) -> sa.Select[tuple[object, ...]]:
    """Return what selects all rows."""
    return sa.select(*reflect(connection, "rows").columns)


@pytest.mark.parametrize("of", ["true", "id = 1", "word = ''", "false"])
def test_copied_rows_are_those_that_are_fetched(
    connection: sa.Connection, of: str
) -> None:
    """Odd values, nulls, empty texts; of nulls alone, or no rows, no type is told."""
    statement = selected(connection).where(sa.text(of))
    copied = copied_rows(connection, statement)
    assert copied is not None
    there = fetched_rows(connection, statement)
    assert copied.schema == there.schema
    # As texts: not-a-number is not equal to itself.
    assert str(copied.to_pylist()) == str(there.to_pylist())


def test_values_that_are_asked_for_are_bound(connection: sa.Connection) -> None:
    """A per cent sign and a quote are what they are."""
    table = reflect(connection, "rows")
    wanted = (table.c.word == 'ä, "quoted"') | table.c.word.startswith("100%'")
    copied = copied_rows(connection, sa.select(table.c.id).where(wanted))
    assert copied is not None
    assert copied["id"].to_pylist() == [1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("numeric(9, 2)", "1.50"), ("uuid", f"'{'0' * 32}'"), ("jsonb", "'{}'")],
)
def test_columns_of_other_types_are_fetched(
    connection: sa.Connection, column: str, value: str
) -> None:
    """Their texts do not say all; nothing is asked twice."""
    connection.exec_driver_sql(f"ALTER TABLE rows ADD other {column} DEFAULT {value}")
    assert copied_rows(connection, selected(connection)) is None


def test_values_beyond_the_calendar_are_left_to_the_driver(
    connection: sa.Connection,
) -> None:
    """It says what is wrong with them; the connection can be used afterwards."""
    connection.exec_driver_sql("SET DateStyle = 'ISO'")
    connection.exec_driver_sql("UPDATE rows SET at = 'infinity' WHERE id = 1")
    connection.commit()
    statement = selected(connection)
    assert copied_rows(connection, statement) is None
    with pytest.raises(sa.exc.DataError):
        fetch(connection, statement)


def test_a_value_that_is_not_read_ends_a_long_copy(connection: sa.Connection) -> None:
    """The rest is not waited for, nor taken for a query that somebody cancelled."""
    connection.exec_driver_sql(
        "INSERT INTO rows (at, word) SELECT CASE n WHEN 1 THEN 'infinity'::timestamptz"
        " END, repeat('a', 1000) FROM generate_series(1, 20000) n"
    )
    connection.commit()
    assert copied_rows(connection, selected(connection)) is None
    assert connection.scalar(sa.text("SELECT 1")) == 1


@pytest.mark.parametrize(
    ("ends", "kind"),
    [
        ("pg_sleep(600)::text = ''", psycopg.errors.QueryCanceled),
        ("pg_cancel_backend(pg_backend_pid())", psycopg.errors.QueryCanceled),
        ("pg_terminate_backend(pg_backend_pid())", psycopg.errors.AdminShutdown),
    ],
    ids=["timeout", "cancelled", "terminated"],
)
def test_a_query_that_was_ended_is_not_asked_again(
    connection: sa.Connection, ends: str, kind: type[psycopg.Error]
) -> None:
    """Its error is that of rows which are fetched, and a lost connection is let go."""
    connection.exec_driver_sql("DROP SEQUENCE IF EXISTS asked")
    connection.exec_driver_sql("CREATE SEQUENCE asked")
    connection.exec_driver_sql("SET statement_timeout = '1s'")
    connection.commit()
    last = f"id = {2**63 - 1} AND nextval('asked') > 0"
    late = sa.text(f"CASE WHEN {last} THEN {ends} ELSE true END")
    with pytest.raises(sa.exc.OperationalError) as raised:
        fetch(connection, sa.select(reflect(connection, "rows").c.id).where(late))
    assert type(raised.value.orig) is kind
    assert raised.value.connection_invalidated is connection.invalidated
    connection.rollback()
    # It counts what was rolled back, too.
    assert connection.scalar(sa.text("SELECT last_value FROM asked")) == 1


def test_an_answer_without_rows_keeps_its_types(connection: sa.Connection) -> None:
    """They are those that were asked for; nothing has to be read to tell them."""
    types = {"id": pa.int64(), "word": pa.string(), "at": pa.timestamp("us", "UTC")}
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    query = "SELECT id, word, at FROM rows WHERE false"
    assert copied_csv(driver, query, types).schema == pa.schema(types)
