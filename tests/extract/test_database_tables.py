import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.sources import SqlSource
from monitoring_tasks.errors import (
    ConfigurationError,
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract.sources import read_day
from tests.builders import DAY, make_request

# ruff: noqa: S608 (statements of the test's own)
NASTY = "größe 'x' \"y\""
QUOTED, ESCAPED = NASTY.replace('"', '""'), NASTY.replace("'", "''")
Run = Callable[[str], None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run statements in a SQLite file of the test."""

    def execute(script: str) -> None:
        with closing(sqlite3.connect(tmp_path / "rows.db")) as connection:
            connection.executescript(script)

    return execute


def table(folder: Path, **parts: object) -> SqlSource:
    """Describe the table `rows` of the test's file."""
    known = {"kind": "sql", "connection": f"sqlite:///{folder / 'rows.db'}"}
    return SqlSource.model_validate(known | {"table": "rows"} | parts)


def test_rows_of_the_day_are_read_with_their_types(tmp_path: Path, run: Run) -> None:
    """Exact numbers become doubles, instants stay instants, nothing else is read."""
    run(
        "CREATE TABLE rows (id TEXT, at DATETIME, score NUMERIC(9, 4), secret TEXT);"
        "INSERT INTO rows VALUES ('a', '2013-09-01 23:59:59', 1, 's'),"
        "('b', '2013-09-02 00:00:00', 0.25, 's'),"
        "('c', '2013-09-02 23:59:59.9', NULL, ''),"
        "('d', '2013-09-03 00:00:00', 1, 's');"
    )
    request = make_request(
        table(tmp_path, day_column="at"), tmp_path, timezone="America/New_York"
    )
    rows = read_day(replace(request, holds={"score": Holds.NUMBERS}))
    assert rows.table.select(["id", "score"]).to_pydict() == {
        "id": ["b", "c"],
        "score": [0.25, None],
    }
    assert rows.table.schema.names == ["id", "at", "score"]
    assert rows.query == f"table rows of sqlite, day {DAY}"


@pytest.mark.parametrize(
    ("kind", "before", "inside"),
    [
        ("DATE", "2013-09-01", "2013-09-02"),
        ("TEXT", "2013-09-01T23:59", "2013-09-02T00:00"),
    ],
)
def test_day_may_be_a_date_or_a_text(
    tmp_path: Path, run: Run, *, kind: str, before: str, inside: str
) -> None:
    """A column of days or of ISO texts picks the rows as well."""
    run(
        f"CREATE TABLE rows (id TEXT, d {kind});"
        f"INSERT INTO rows VALUES ('a', '{before}'), ('b', '{inside}');"
    )
    request = make_request(table(tmp_path, day_column="d"), tmp_path)
    assert read_day(request).table["id"].to_pylist() == ["b"]


def test_whole_view_is_the_day_without_a_day_column(tmp_path: Path, run: Run) -> None:
    """A view that holds one day needs no column to pick it by."""
    run(
        "CREATE TABLE source (id TEXT); INSERT INTO source VALUES ('a'), ('b');"
        "CREATE VIEW rows AS SELECT id FROM source;"
    )
    request = make_request(table(tmp_path), tmp_path)
    assert read_day(request).table["id"].to_pylist() == ["a", "b"]


def test_names_and_values_may_be_anything(tmp_path: Path, run: Run) -> None:
    """Quotes and Unicode in names and values reach the database as they are."""
    run(
        f'CREATE TABLE "{QUOTED}" (id TEXT, "{QUOTED}" TEXT);'
        f"INSERT INTO \"{QUOTED}\" VALUES ('a', '{ESCAPED}');"
    )
    source = table(tmp_path, table=NASTY, rename={NASTY: "score"})
    rows = read_day(make_request(source, tmp_path)).table
    assert rows.to_pydict() == {"id": ["a"], "score": [NASTY]}


def test_renamed_day_column_is_found(tmp_path: Path, run: Run) -> None:
    """The day may be declared by the contract's name of the column."""
    run(
        "CREATE TABLE rows (key TEXT, ts DATE);"
        "INSERT INTO rows VALUES ('a', '2013-09-02'), ('b', '2013-09-03');"
    )
    source = table(tmp_path, rename={"key": "id", "ts": "at"}, day_column="at")
    rows = read_day(make_request(source, tmp_path)).table
    assert rows.to_pydict() == {"id": ["a"], "at": [date(2013, 9, 2)]}


ROWS = "CREATE TABLE rows (id TEXT, at DATETIME, score INTEGER);"


@pytest.mark.parametrize(
    ("script", "parts", "error", "said"),
    [
        pytest.param("", {}, NoDataError, "no such table", id="no table"),
        pytest.param(ROWS, {}, NoDataError, "no rows of 2013-09-02", id="no rows"),
        pytest.param(
            ROWS, {"day_column": "when"}, UnreadableDataError, "'when'", id="no day"
        ),
        pytest.param(
            "CREATE TABLE rows (x TEXT);",
            {},
            UnreadableDataError,
            "none of the declared columns; it has: x",
            id="no column",
        ),
        pytest.param(
            ROWS, {"connection": "nowhere"}, ConfigurationError, "nowhere", id="unknown"
        ),
        pytest.param(
            ROWS,
            {"connection": "sqlite:////no/such/folder/s3cret.db"},
            SourceUnavailableError,
            "did not answer",
            id="database down",
        ),
    ],
)
def test_what_is_wrong_is_told_and_secrets_are_not(
    tmp_path: Path,
    run: Run,
    *,
    script: str,
    parts: dict[str, str],
    error: type[Exception],
    said: str,
) -> None:
    """Nothing there, not readable and no answer are three different things."""
    run(script)
    with pytest.raises(error, match=said) as caught:
        read_day(make_request(table(tmp_path, **parts), tmp_path))
    assert "s3cret" not in str(caught.value)


def test_address_of_a_database_that_is_down_is_not_in_the_traceback(
    tmp_path: Path,
) -> None:
    """What a scheduler logs of the error holds neither password nor host."""
    url = "postgresql://me:s3cret@127.0.0.1:1/scores"
    source = table(tmp_path, connection="warehouse")
    request = make_request(source, tmp_path, look_up={"warehouse": url}.get)
    with pytest.raises(
        SourceUnavailableError, match="table rows of warehouse"
    ) as caught:
        read_day(request)
    shown = "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in shown
    assert "127.0.0.1" not in shown.replace(url, "")


@pytest.mark.parametrize(
    ("script", "column", "expected"),
    [
        pytest.param(
            "INSERT INTO rows (score) VALUES (1), ('many');",
            "score",
            ["1", "many"],
            id="mixed types",
        ),
        pytest.param(
            "INSERT INTO rows (at) VALUES ('2013-09-02 08:00'), ('gestern');",
            "at",
            ["2013-09-02 08:00", "gestern"],
            id="no instant",
        ),
    ],
)
def test_value_that_does_not_fit_stays_in_its_column(
    tmp_path: Path, run: Run, *, script: str, column: str, expected: list[str]
) -> None:
    """The column comes as text, for the gates to name; no day is lost by it."""
    run(ROWS + script)
    rows = read_day(make_request(table(tmp_path), tmp_path)).table
    assert rows[column].to_pylist() == expected


def test_exact_numbers_of_many_digits_stay_exact(tmp_path: Path, run: Run) -> None:
    """A key in a NUMERIC column is not rounded to a double on its way."""
    ids = [9_007_199_254_740_993, 9_007_199_254_740_994]
    run(
        "CREATE TABLE rows (id NUMERIC(38, 0));"
        f"INSERT INTO rows VALUES ({ids[0]}), ({ids[1]});"
    )
    request = make_request(table(tmp_path), tmp_path)
    rows = read_day(replace(request, holds={"id": Holds.KEYS})).table
    assert rows["id"].to_pylist() == ids
