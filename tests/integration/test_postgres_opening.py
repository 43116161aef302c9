"""A table of Postgres opened: its settings, and labels laid beside its rows."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import ibis
import psycopg
import pyarrow as pa
import pytest
import sqlalchemy as sa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.engine import postgres_table
from monitoring_tasks.engine.label_join import keyed, with_labels
from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.rows.label_keys import KEY, LABEL
from monitoring_tasks.sources.request import Request
from tests.engine.test_opening import contract_of, request_of

pytestmark = pytest.mark.slow
AT = "2013-09-02 12:00:00Z"
LONG = [secrets.token_hex(4_000) for _ in range(3)]
"""Ids that no index of Postgres takes, however they are packed."""


@pytest.fixture
def asked(
    make_database: Callable[..., str], tmp_path: Path
) -> tuple[Request, Contract]:
    """Return the request for a day of rows with long ids, and its contract."""
    url = make_database()
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE TABLE odd (id text, at timestamptz)")
        for name in LONG:
            connection.execute("INSERT INTO odd VALUES (%s, %s)", (name, AT))
    source = {"kind": "sql", "connection": "odd", "table": "odd"}
    contract = contract_of(**source, path=None)
    request = replace(request_of(tmp_path, contract), look_up={"odd": url}.get)
    return request, contract


def reached(request: Request) -> str:
    """Return the address of a request's database, as psycopg takes it."""
    assert request.look_up is not None
    url = request.look_up("odd")
    assert url is not None
    return url.replace("postgresql+psycopg://", "postgresql://")


def counted(request: Request, contract: Contract) -> int:
    """Return the rows of a day, opened and closed."""
    with open_day(request, contract, lambda _: None) as opened:
        return opened.day.count


def named(request: Request, table: str) -> Request:
    """Return a request for the same rows under another name."""
    return replace(request, source=request.source.model_copy(update={"table": table}))


@pytest.mark.parametrize("table", ["odd", "a view"])
def test_rows_that_are_replaced_meanwhile_are_waited_for(
    asked: tuple[Request, Contract], table: str
) -> None:
    """A load that truncates and inserts in one transaction never leaves a day empty."""
    request, contract = asked
    with (
        psycopg.connect(reached(request)) as loader,
        ThreadPoolExecutor(1) as another,
    ):
        loader.execute("CREATE TABLE copied AS TABLE odd")
        loader.execute('CREATE VIEW "a view" AS TABLE odd')
        loader.commit()
        loader.execute("TRUNCATE odd")
        rows = another.submit(counted, named(request, table), contract)
        waiting = "SELECT FROM pg_locks WHERE NOT granted AND database = ("
        waiting += "SELECT oid FROM pg_database WHERE datname = current_database())"
        while loader.execute(waiting).fetchone() is None:
            assert not rows.done(), rows.result()
        loader.execute("INSERT INTO odd TABLE copied")
        loader.commit()
        assert rows.result() == len(LONG)


def test_what_cannot_be_locked_is_read(asked: tuple[Request, Contract]) -> None:
    """A materialized view, and a table of which a role may read some columns."""
    request, contract = asked
    with psycopg.connect(reached(request), autocommit=True) as owner:
        owner.execute("CREATE MATERIALIZED VIEW kept AS TABLE odd")
        owner.execute("DROP ROLE IF EXISTS reader_of_columns")
        owner.execute("CREATE ROLE reader_of_columns LOGIN")
        owner.execute("GRANT SELECT (id, at) ON odd TO reader_of_columns")
    assert counted(named(request, "kept"), contract) == len(LONG)
    reader = sa.make_url(reached(request)).set(username="reader_of_columns")
    look_up = {"odd": reader.render_as_string(hide_password=False)}.get
    assert counted(replace(request, look_up=look_up), contract) == len(LONG)


def test_a_server_that_hangs_up_takes_no_answer_back(
    asked: tuple[Request, Contract],
) -> None:
    """It ends what is idle for too long; what was counted before was counted."""
    request, contract = asked

    def count_and_lose() -> int:
        with open_day(request, contract, lambda _: None) as opened:
            rows = opened.day.count
            pid = ibis.get_backend(opened.day.rows.table).con.info.backend_pid
            with psycopg.connect(reached(request), autocommit=True) as owner:
                ended = owner.execute("SELECT pg_terminate_backend(%s, 60000)", (pid,))
                assert ended.fetchone() == (True,)
        return rows

    assert count_and_lose() == len(LONG)


def test_labels_of_ids_longer_than_a_page_are_met(
    asked: tuple[Request, Contract],
) -> None:
    """However long an id is, its label is that of its row."""
    request, contract = asked
    labels = pa.table({KEY: LONG[:2], LABEL: pa.array([0.0, 1.0])})
    with open_day(request, contract, lambda _: labels) as opened:
        rows = opened.day.rows
        met = with_labels(rows, opened.labels, keyed(rows, as_numbers=False)).table
        ids, label = (rows.contract.columns.id, rows.contract.columns.label)
        told = met.select(id=met[ids], label=met[label]).to_pyarrow().to_pylist()
    assert {row["id"]: row["label"] for row in told} == dict(
        zip(LONG, [0.0, 1.0, None], strict=True)
    )


def test_a_setting_a_server_does_not_know_is_left_out(
    asked: tuple[Request, Contract], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are set; a server of any age opens its table."""
    request, contract = asked
    monkeypatch.setitem(postgres_table.SPEED, "setting_of_a_later_server", "on")
    with open_day(request, contract, lambda _: None) as opened:
        connection = ibis.get_backend(opened.day.rows.table).con
        shown = connection.execute("SHOW work_mem").fetchone()
        absent = connection.execute(
            "SELECT count(*) FROM pg_settings WHERE name = 'setting_of_a_later_server'"
        ).fetchone()
    assert (shown[0], absent[0]) == (postgres_table.SPEED["work_mem"], 0)
