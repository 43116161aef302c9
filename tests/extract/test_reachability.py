import sqlite3
from pathlib import Path

import pytest

from monitoring_tasks.extract.reachability import Unreached, unreachable
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


PROMISE = {"metric": "roc_auc", "source": "estimated", "min": 0.6}
GOOD = {"kind": "files", "path": "scores/day={day}/*.parquet"}


def unreached(
    lake: Path,
    labels: dict[str, str],
    predictions: dict[str, str] | None = None,
    **policy: object,
) -> list[Unreached]:
    """Return what is said of a contract with these sources."""
    sources = {"predictions": predictions or GOOD, "labels": labels}
    contract = make_contract(
        sources=sources, policy={"labels": policy}, objectives=[PROMISE]
    )
    return list(unreachable(contract, home=lake))


def faults(lake: Path, **source: str) -> list[tuple[str, str]]:
    """Return what is wrong with a source of labels."""
    return [(one.key, one.why) for one in unreached(lake, source) if not one.may_come]


def test_what_can_be_reached_is_no_fault(lake: Path) -> None:
    """Files of any day, or a table, are enough."""
    assert faults(lake, kind="files", path="scores/day={day}/*.parquet") == []
    url = f"sqlite:///{lake}/lake.db"
    assert faults(lake, kind="sql", connection=url, table="loan_scores") == []


MISSING = [
    ("scoers/day={day}/*.parquet", "did you mean 'scores'?", False),
    ("scores/day={day}/*.csv", "on any day", True),
    ("truth/day={day}/*.parquet", "there is no folder", True),
    ("nowhere/at/all/{day}.parquet", "there is no folder", True),
    ("scoers/at/all/{day}.parquet", "did you mean 'scores'?", False),
    ("/nowhere/at/all/{day}.parquet", "there is no folder", False),
]


@pytest.mark.parametrize(("path", "said", "may_come"), MISSING)
def test_path_without_a_file_is_named(
    lake: Path, path: str, said: str, *, may_come: bool
) -> None:
    """The nearest folder is offered; labels may be yet to come, predictions not."""
    source = {"kind": "files", "path": path}
    (one,) = unreached(lake, source)
    assert (one.key, said in one.why) == ("sources.labels.path", True), one.why
    assert one.may_come == may_come
    assert one.why.endswith("first rows are due") == may_come
    (one,) = unreached(lake, GOOD, source)
    assert (one.key, said in one.why) == ("sources.predictions.path", True), one.why
    assert not one.may_come


def test_contract_comes_before_its_first_day(lake: Path) -> None:
    """Where neither predictions nor labels were delivered yet, nothing is refused."""
    source = {"kind": "files", "path": "predictions/{day}/*.parquet"}
    later = {"kind": "files", "path": "labels/{day}/*.parquet"}
    both = unreached(lake, later, source)
    assert [one.may_come for one in both] == [True, True]
    assert "first rows are due" in both[0].why


@pytest.mark.parametrize(
    "source",
    [
        {"kind": "files", "path": "nowhere/{day}.parquet"},
        {"kind": "sql", "connection": "nobody", "table": "t"},
    ],
)
def test_labels_that_never_come_need_no_source(
    lake: Path, source: dict[str, str]
) -> None:
    """Nothing is asked of it."""
    assert unreached(lake, source, delay_days="never") == []
    assert len(unreached(lake, source)) == 1


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
