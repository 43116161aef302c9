import sqlite3
from pathlib import Path

import pytest

from monitoring_tasks.extract.reach import unreachable
from tests.builders import make_contract


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A workspace with one day of scores and a database with one table."""
    folder = tmp_path / "scores" / "day=2026-11-01"
    folder.mkdir(parents=True)
    (folder / "rows.parquet").write_bytes(b"")
    with sqlite3.connect(tmp_path / "lake.db") as connection:
        connection.execute("create table loan_scores (id integer)")
    return tmp_path


def faults(lake: Path, **source: str) -> list[tuple[str, str]]:
    """Give what is said of a contract with this source of labels."""
    good = {"kind": "files", "path": "scores/day={day}/*.parquet"}
    sources = {"predictions": good, "labels": source}
    return list(unreachable(make_contract(sources=sources), home=lake))


def test_what_can_be_reached_is_no_fault(lake: Path) -> None:
    """Files of any day, or a table, are enough."""
    assert faults(lake, kind="files", path="scores/day={day}/*.parquet") == []
    url = f"sqlite:///{lake}/lake.db"
    assert faults(lake, kind="sql", connection=url, table="loan_scores") == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("scoers/day={day}/*.parquet", "did you mean 'scores'?"),
        ("scores/day={day}/*.csv", "on any day"),
        ("nowhere/at/all/{day}.parquet", "there is no folder"),
    ],
)
def test_path_without_a_file_is_named(lake: Path, path: str, said: str) -> None:
    """The nearest folder there is, is offered."""
    ((key, why),) = faults(lake, kind="files", path=path)
    assert (key, said in why) == ("sources.labels.path", True), why


def test_table_and_connection_that_are_not_there_are_named(lake: Path) -> None:
    """A misspelt table has a nearest one; looking makes no database."""
    url = f"sqlite:///{lake}/lake.db"
    ((key, why),) = faults(lake, kind="sql", connection=url, table="loan_scroes")
    assert key == "sources.labels.table"
    assert "did you mean 'loan_scores'?" in why
    ((key, why),) = faults(lake, kind="sql", connection="nobody", table="t")
    assert key == "sources.labels.connection"
    assert "DAYWATCH_CONN_NOBODY" in why
    missing = f"sqlite:///{lake}/other.db"
    ((key, why),) = faults(lake, kind="sql", connection=missing, table="t")
    assert "there is no database file" in why
    assert not (lake / "other.db").exists()
