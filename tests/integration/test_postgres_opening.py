"""A table of Postgres opened: its settings, and labels laid beside its rows."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis
import psycopg
import pyarrow as pa
import pytest

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
