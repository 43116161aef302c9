"""The days of a source are all it has, whatever number of rows it holds."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.contract.sources import Source, SqlSource
from monitoring_tasks.errors import NoDataError, UnreadableDataError
from monitoring_tasks.extract import samples
from monitoring_tasks.extract.delivered_days import days_with_rows
from monitoring_tasks.extract.samples import sample_of
from tests.extract.test_sources import files, written

# ruff: noqa: S608 (statements of the test's own)
FIRST = date(2024, 3, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(3)]
AT = [
    datetime(d.year, d.month, d.day, hour, tzinfo=UTC) for d in DAYS for hour in (1, 9)
]


def table(folder: Path, script: str, **parts: object) -> SqlSource:
    """Make a table `rows` in SQLite and describe it."""
    with closing(sqlite3.connect(folder / "rows.db")) as connection:
        connection.executescript(script)
    known = {"kind": "sql", "connection": "feed", "table": "rows"}
    return SqlSource.model_validate(known | parts)


def days_of(
    source: Source, home: Path, column: str = "at", zone: str = "UTC"
) -> list[date]:
    """Return the days of a source."""
    look_up = {"feed": f"sqlite:///{home / 'rows.db'}"}.get
    return days_with_rows(source, column, timezone=zone, home=home, look_up=look_up)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("DATETIME", "{day} 23:59:59.25"),
        ("DATE", "{day}"),
        ("TEXT", "{day}T23:59:59"),
        ("NUMERIC", "{day} 23:59"),
    ],
)
def test_table_tells_its_days_itself(tmp_path: Path, kind: str, form: str) -> None:
    """Each once and in order; what is null or no day is of none."""
    values = [form.format(day=day) for day in reversed(DAYS * 2)]
    rows = ", ".join(f"('{value}')" for value in [*values, "soon"])
    script = f"CREATE TABLE rows (ts {kind}); INSERT INTO rows VALUES {rows}, (NULL);"
    source = table(tmp_path, script, rename={"ts": "at"})
    assert days_of(source, tmp_path) == DAYS


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        pytest.param(pa.array(AT), "UTC", DAYS, id="instants"),
        pytest.param(
            pa.array(AT),
            "America/New_York",
            [FIRST - timedelta(days=1), *DAYS],
            id="by the model's clock",
        ),
        pytest.param(
            pa.array([at.replace(tzinfo=None) for at in AT], pa.timestamp("ns")),
            "America/New_York",
            DAYS,
            id="without a zone",
        ),
        pytest.param(pa.array([*DAYS, None]), "UTC", DAYS, id="dates"),
        pytest.param(
            pa.array([*(at.isoformat() for at in AT), "soon", None]),
            "UTC",
            DAYS,
            id="texts, of which one is no instant",
        ),
    ],
)
def test_files_without_a_day_in_their_name_are_read_whole(
    tmp_path: Path, at: pa.Array, zone: str, expected: list[date]
) -> None:
    """One column of every file tells the days."""
    half = len(at) // 2
    for number, part in enumerate((at.slice(0, half), at.slice(half))):
        written(tmp_path, pa.table({"at": part}), f"rows/{number}.parquet")
    written(tmp_path, pa.table({"other": [1]}), "rows/z.parquet")
    assert days_of(files("rows/*.parquet"), tmp_path, zone=zone) == expected


def test_csv_tells_its_days(tmp_path: Path) -> None:
    """Whatever stands in its other columns."""
    lines = [f"{n},{at.isoformat()}" for n, at in enumerate(AT)]
    (tmp_path / "rows.csv").write_text("\n".join(["id,when", *lines]))
    source = files("rows.csv", format="csv", rename={"when": "at"})
    assert days_of(source, tmp_path) == DAYS


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        (files("rows.parquet"), NoDataError, "no row has a day in 'at'"),
        (files("rows-{day}.parquet"), NoDataError, "1 files match, none with a day"),
        (files("none-*.parquet"), NoDataError, "no file matches"),
        (files("other.parquet"), UnreadableDataError, "in none of the 1 files"),
    ],
)
def test_source_without_days_says_what_to_mend(
    tmp_path: Path, source: Source, error: type[Exception], said: str
) -> None:
    """None, and an error with a remedy; never an empty list."""
    written(tmp_path, pa.table({"at": pa.nulls(2)}), "rows.parquet")
    written(tmp_path, pa.table({"x": [1]}), "other.parquet")
    written(tmp_path, pa.table({"x": [1]}), "rows-2024-02-30.parquet")
    with pytest.raises(error, match=said):
        days_of(source, tmp_path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("CREATE TABLE rows (at DATETIME);", "no row has a day in 'at'"),
        ("CREATE TABLE rows (x DATETIME);", "no column 'at' to pick a day by"),
        ("", "there is no such table"),
    ],
)
def test_table_without_days_says_what_to_mend(
    tmp_path: Path, script: str, said: str
) -> None:
    """No rows, no column, no table."""
    source = table(tmp_path, script)
    with pytest.raises((NoDataError, UnreadableDataError), match=said):
        days_of(source, tmp_path)


def test_sample_of_a_table_is_its_latest_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the instant of a row: no birth date, nothing that is null in most rows."""
    monkeypatch.setattr(samples, "MOST_ROWS", 2)
    rows = (
        "('2001-01-01', '2024-03-09 00:00:00', '2024-03-01 00:00:00')",
        "('1950-01-01', NULL, '2024-03-03 00:00:00')",
        "('1960-01-01', NULL, '2024-03-02 00:00:00')",
        "('2002-01-01', '2024-03-08 00:00:00', NULL)",
    )
    script = (
        "CREATE TABLE rows (born DATE, closed_on DATETIME, scored_at DATETIME);"
        f"INSERT INTO rows VALUES {', '.join(rows)};"
    )
    table(tmp_path, script)
    url = f"sqlite:///{tmp_path / 'rows.db'}"
    ranks = {"scored_at": 0, "closed_on": 1, "born": 2}
    sample = sample_of("rows", url, tmp_path, rank=ranks.__getitem__)
    latest = [at.day for at in sample.rows["scored_at"].to_pylist()]
    assert latest == [3, 2]
    assert not sample.is_whole


@pytest.mark.parametrize(
    ("path", "names"),
    [
        pytest.param(
            "rows/{day}/*.parquet",
            ["2024-03-01/part_2024-03-02.parquet", "2024-03-03/part_x.parquet"],
            id="another day in the name",
        ),
        pytest.param(
            "rows/{day}.parquet",
            ["2024-03-01.parquet", "2024-03-03.parquet", "copy_2024-03-02.parquet"],
            id="a day in another place",
        ),
        pytest.param(
            "rows/**/day={day}/*.parquet",
            ["a/2024-03-02/day=2024-03-01/x.parquet", "day=2024-03-03/x.parquet"],
            id="any depth",
        ),
        pytest.param(
            "rows/{day}/x_{day}.parquet",
            [
                "2024-03-01/x_2024-03-01.parquet",
                "2024-03-02/x_2024-03-01.parquet",
                "2024-03-03/x_2024-03-03.parquet",
            ],
            id="twice",
        ),
    ],
)
def test_day_of_a_file_stands_where_the_pattern_says(
    tmp_path: Path, path: str, names: list[str]
) -> None:
    """Those days are found that a daily read finds files of, by a sample as well."""
    for name in names:
        written(tmp_path, pa.table({"at": AT[:1]}), f"rows/{name}")
    expected = [DAYS[0], DAYS[2]]
    assert days_of(files(path), tmp_path) == expected
    sample = sample_of(str(tmp_path / path), None, tmp_path)
    assert (getattr(sample.source, "path", ""), list(sample.days)) == (path, expected)


@pytest.mark.parametrize(
    ("names", "path", "days"),
    [
        pytest.param(
            ["2024-03-01.parquet", "2024-03-02.parquet"],
            "dump-2023-12-31/{day}.parquet",
            DAYS[:2],
            id="the folder's day is none of the rows",
        ),
        pytest.param(
            ["2024-03-01.parquet", "late_2024-03-02.parquet"],
            "dump-2023-12-31/*.parquet",
            [],
            id="days in no common place",
        ),
    ],
)
def test_pattern_of_a_folder_tells_the_days_it_has(
    tmp_path: Path, names: list[str], path: str, days: list[date]
) -> None:
    """Of a folder that was named; what lies above its files is no day of them."""
    for name in names:
        written(tmp_path, pa.table({"at": AT[:1]}), f"dump-2023-12-31/{name}")
    sample = sample_of(str(tmp_path / "dump-2023-12-31"), None, tmp_path)
    assert (getattr(sample.source, "path", ""), list(sample.days)) == (path, days)
