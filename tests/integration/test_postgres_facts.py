"""Days whose rows stay in Postgres: the verdicts of days that were copied."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
import pytest
import sqlalchemy as sa

from monitoring_tasks import daily
from monitoring_tasks.contract.sources import SqlSource
from monitoring_tasks.engine import postgres_table
from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.engine.postgres_table import open_table
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.estimate import step as estimate_step
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.sources import copied_csv
from monitoring_tasks.validate import step as validate_step
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.source_rows import source_rows
from monitoring_tasks.workspace.workspace import open_workspace
from tests.engine.test_opening import contract_of, request_of
from tests.scenarios import world, worlds
from tests.scenarios.test_facts import SAMPLE, keep_few

pytestmark = [*worlds.QUIET, pytest.mark.slow]
DAY = world.HISTORY[0]
TABLE = "scores"


@pytest.fixture
def warehouse(
    make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """A database of predictions, under the name of a connection."""
    url = make_database()
    monkeypatch.setenv("DAYWATCH_CONN_WAREHOUSE", url)
    return url


def deliver(url: str, home: Path, *days: Any) -> None:  # noqa: ANN401 (dates)
    """Put the predictions of days into the table, in place of what is there."""
    frames = [pd.read_parquet(world.part(home, "predictions", day)) for day in days]
    engine = sa.create_engine(url)
    rows = pd.concat(frames, ignore_index=True)
    rows.to_sql(TABLE, engine, if_exists="replace", index=False)
    engine.dispose()


def of_postgres(home: Path, freeze: str) -> Path:
    """Let a world's predictions come from the table."""
    source = {"kind": "sql", "connection": "warehouse", "table": TABLE}
    world.amend(home, "sources", predictions=source | {"freeze": freeze})
    return keep_few(home)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the rows of the table that leave the database, by fetch."""
    counts: list[int] = []
    fetch = psycopg.ServerCursor.fetchmany
    copy = copied_csv.copied_csv

    def counted(cursor: psycopg.ServerCursor, size: int = 0) -> list[Any]:
        rows = fetch(cursor, size)
        names = {column.name for column in cursor.description or ()}
        # Declared columns are called so; what is reckoned of them is not.
        if {"c0", "c1"} <= names:
            counts.append(len(rows))
        return rows

    def copied(connection: Any, query: str, types: Any) -> pa.Table:  # noqa: ANN401
        rows = copy(connection, query, types)
        if {"c0", "c1"} <= {*types}:
            counts.append(rows.num_rows)
        return rows

    monkeypatch.setattr(psycopg.ServerCursor, "fetchmany", counted)
    monkeypatch.setattr(copied_csv, "copied_csv", copied)
    return counts


def test_a_day_is_judged_as_if_its_rows_were_copied(  # noqa: PLR0917 (fixtures)
    home: Path,
    tmp_path: Path,
    warehouse: str,
    monkeypatch: pytest.MonkeyPatch,
    fetched: list[int],
) -> None:
    """Every number and every check is the same; of the rows the sample is fetched."""
    deliver(warehouse, home, DAY, DAY + timedelta(days=1))
    copied = of_postgres(world.copy(home, tmp_path / "copied"), "rows")
    (left,) = worlds.run(of_postgres(home, "facts"), DAY)
    assert sum(fetched) == SAMPLE
    facts = worlds.dump(home)
    (again,) = worlds.run(home, DAY)
    assert worlds.dump(home) == facts
    monkeypatch.setenv("DAYWATCH_HOME", str(copied))
    (there,) = worlds.run(copied, DAY)
    rows = worlds.dump(copied)
    assert replace(left, predictions=None) == replace(there, predictions=None)
    assert facts["profiles"] == rows["profiles"]
    assert facts["findings"] == rows["findings"]
    assert (again, left.verdict, left.rows) == (left, "ok", world.ROWS)


def test_one_value_that_changed_is_said(home: Path, warehouse: str) -> None:
    """As many rows of the same ids: their checksum tells."""
    deliver(warehouse, home, DAY)
    worlds.run(of_postgres(home, "facts"), DAY)
    engine = sa.create_engine(warehouse)
    with engine.begin() as connection:
        # The last digit of one number.
        more = "UPDATE scores SET amount = amount + 1e-9 WHERE id = :id"
        connection.execute(sa.text(more), {"id": f"{DAY}-00007"})
    engine.dispose()
    (again,) = worlds.run(home, DAY)
    assert again.data_verdict == "no_data"
    assert "the source changed since 400 rows" in again.data_reason
    assert "values of " in again.data_reason
    assert "rows: 4" not in again.data_reason


def test_a_breach_is_found_where_the_rows_lie(home: Path, warehouse: str) -> None:
    """The scores of a release that turns the sign, from Postgres to the verdict."""
    world.write_day(home, world.RELEASE, version="3")
    deliver(warehouse, home, DAY, world.RELEASE)
    (evaluation,) = worlds.run(of_postgres(home, "facts"), world.RELEASE)
    assert (evaluation.performance, evaluation.rows) == ("breach", world.ROWS)


ROWS = """
CREATE TYPE mood AS ENUM ('calm', 'odd');
CREATE TABLE odd (
    id {id}, at {at}, version numeric, score numeric(9, 4), prediction boolean,
    x numeric, c {c}, failed boolean, secret jsonb
);
INSERT INTO odd VALUES
({ids[0]}, '2013-09-01 22:00:00', 1, 0.25, true, 1.5, {cs[0]}, null, '{{}}'),
({ids[1]}, '2013-09-02 12:00:00', 1, 'NaN', false, null, {cs[1]}, true, '{{}}'),
({ids[2]}, '2013-09-02 23:59:59', 2, null, null, -3, null, false, '{{}}'),
({ids[3]}, '2013-09-04 00:00:00', 1, 0.5, true, 0, {cs[0]}, false, '{{}}');
"""
UUIDS = [f"'00000000-0000-0000-0000-00000000000{n}'" for n in range(1, 5)]
KINDS = {
    "uuid and instants": ("uuid", UUIDS, "timestamptz", "mood", ("'calm'", "'odd'")),
    "numbers and local": ("bigint", [*"1234"], "timestamp", "int", ("7", "8")),
    "exact ids": (
        "numeric(12, 0)",
        [*"1234"],
        "timestamptz",
        "date",
        ["'2013-01-01'"] * 2,
    ),
    "texts": (
        "text",
        ["'a'", "'b'", "'ü'", "'d'"],
        "timestamptz",
        "text",
        ("''", "'a'"),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_read_as_memory_reads_them(
    make_database: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    """Whatever type a column has there, it is the same value of the same kind."""
    url = make_database()
    ids, values, at, c, categories = KINDS[kind]
    script = ROWS.format(id=ids, ids=values, at=at, c=c, cs=categories)
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement.encode())
    source = {"kind": "sql", "connection": "odd", "table": "public.odd"}
    contract = contract_of(**source, path=None)
    request = replace(request_of(tmp_path, contract), look_up={"odd": url}.get)
    here = read_day(request)
    with open_day(request, contract, lambda _: None) as opened:
        rows = opened.day.rows
        there = rows.table.to_pyarrow()
        assert opened.day.other_days == here.other_days
        assert opened.query == here.query
    there = there.rename_columns([rows.own_names[n] for n in there.column_names])
    here_table, there = here.table.sort_by("id"), there.sort_by("id")
    for name in request.columns:
        left, right = here_table[name].to_pylist(), there[name].to_pylist()
        # What a driver and Ibis call UTC is no matter.
        assert str(right) == str(left).replace("Etc/UTC", "UTC"), name


def test_setting_the_server_does_not_know_is_left_out(
    warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older one lacks some that only make it quicker; the others are set."""
    # First: what comes after one that fails would not be set.
    speed = {"a_setting_of_tomorrow": "on", **postgres_table.SPEED}
    monkeypatch.setattr(postgres_table, "SPEED", speed)
    with psycopg.connect(_plain(warehouse), autocommit=True) as connection:
        connection.execute("CREATE TABLE scores (id text)")
    source = {"kind": "sql", "connection": "warehouse", "table": TABLE, "path": None}
    request = request_of(tmp_path, contract_of(**source))
    request = replace(request, look_up={"warehouse": warehouse}.get)
    assert isinstance(request.source, SqlSource)
    with open_table(request.source, request, lambda *_: None) as opened:
        asked = opened.table.get_backend().raw_sql(
            "SELECT name, current_setting(name) FROM pg_settings"
        )
        known = dict(asked.fetchall())
    assert {name: known.get(name) for name in speed} == {
        "a_setting_of_tomorrow": None,
        "work_mem": "64MB",
        "hash_mem_multiplier": "16",
        "jit": "off",
    }


def test_what_others_write_meanwhile_is_not_seen(home: Path, warehouse: str) -> None:
    """All statements of a day see the rows that were there when it was opened."""
    deliver(warehouse, home, DAY)
    with open_workspace(of_postgres(home, "facts")) as workspace:
        day = Day(workspace, world.unit_of(workspace, DAY))
        with (
            source_rows(day) as source,
            psycopg.connect(_plain(warehouse), autocommit=True) as other,
        ):
            other.execute("DELETE FROM scores")
            assert source.sample(10).num_rows == 10
            assert source.rows.table.count().to_pyarrow().as_py() == world.ROWS


def test_no_lock_outlives_a_step(
    home: Path, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load that replaces the rows by the same ones between two steps changes none."""
    deliver(warehouse, home, DAY)
    loads: list[str] = []

    def loaded_before(module: ModuleType, name: str) -> None:
        step = getattr(module, name)

        def load_and_run(day: Day) -> None:
            with psycopg.connect(_plain(warehouse)) as loader:
                loader.execute("SET lock_timeout = '5s'")
                loader.execute("CREATE TEMPORARY TABLE copied AS TABLE scores")
                loader.execute("TRUNCATE scores")
                loader.execute("INSERT INTO scores TABLE copied")
            loads.append(name)
            step(day)

        monkeypatch.setattr(module, name, load_and_run)

    loaded_before(validate_step, "validate_day")
    loaded_before(estimate_step, "estimate_day")
    (judged,) = worlds.run(of_postgres(home, "facts"), DAY)
    assert (judged.verdict, judged.rows) == ("ok", world.ROWS)
    assert loads == ["validate_day", "estimate_day"]


def test_a_role_that_may_lay_no_labels_is_told_what_it_lacks(
    home: Path, warehouse: str
) -> None:
    """A fault of the setting and of no day: nothing is written down of one."""
    deliver(warehouse, home, DAY)
    name = sa.make_url(warehouse).database
    with psycopg.connect(_plain(warehouse), autocommit=True) as connection:
        for statement in (
            f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC",
            "DROP ROLE IF EXISTS reader_of_scores",
            "CREATE ROLE reader_of_scores LOGIN",
            f"GRANT SELECT ON {TABLE} TO reader_of_scores",
            "ALTER ROLE reader_of_scores SET default_transaction_read_only = on",
        ):
            connection.execute(statement.encode())
    reader = sa.make_url(warehouse).set(username="reader_of_scores")
    look_up = {"warehouse": reader.render_as_string(hide_password=False)}.get
    with open_workspace(of_postgres(home, "facts"), look_up) as workspace:
        unit = world.unit_of(workspace, DAY)
        with pytest.raises(ConfigurationError, match="GRANT TEMPORARY"):
            daily.run_day(workspace, unit)
        assert workspace.results.evaluation(unit).data_verdict is None


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "ALTER TABLE scores ALTER COLUMN id TYPE char(40)",
            r"column 'id' is char\(n\), which `freeze: facts` does not read",
        ),
        (
            "ALTER TABLE scores DROP COLUMN at",
            r"column 'at' picks the rows of a day and is not in the source",
        ),
    ],
)
def test_columns_that_would_be_read_otherwise_are_refused(
    home: Path, warehouse: str, change: str, says: str
) -> None:
    """Padded texts differ by reader; without its day column a table is no day."""
    deliver(warehouse, home, DAY)
    engine = sa.create_engine(warehouse)
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    engine.dispose()
    of_postgres(home, "facts")
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
        daily.run_day(workspace, unit)
        row = workspace.results.evaluation(unit)
    assert row.verdict == "no_data"
    assert re.search(says, row.problem.text), row.problem.text


def test_table_of_a_later_schema_is_read_as_the_role_sees_it(
    home: Path, warehouse: str
) -> None:
    """Its search path begins with a schema that has no such table."""
    deliver(warehouse, home, DAY)
    engine = sa.create_engine(warehouse)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA own")
        connection.exec_driver_sql(
            f'ALTER DATABASE "{engine.url.database}" SET search_path = own, public'
        )
    engine.dispose()
    of_postgres(home, "facts")
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
        daily.run_day(workspace, unit)
        assert workspace.results.evaluation(unit).rows == world.ROWS
