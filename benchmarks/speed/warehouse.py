"""A day whose rows lie in Postgres: counted there, beside peers that fetch them first.

What the server spends counts for both sides. Evidently's own environment has no driver
of a database: it reads the same rows from a file, which costs it less.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv

from benchmarks.family import family_seconds
from benchmarks.fleet.databases import pid_of_postgres
from benchmarks.speed.cold_days import (
    Answers,
    beside_peers,
    days_of,
    daywatch,
    least,
    write_peers_rows,
)
from benchmarks.speed.made_model import build, make_rows
from benchmarks.speed.measure import Spent
from monitoring_tasks.up.postgres import running_postgres

MODEL = "bench_postgres"
CONNECTION = "bench"
VARIABLE = f"DAYWATCH_CONN_{CONNECTION.upper()}"
SIZES = (10_000, 1_000_000)
WARM_ROWS = 1_200
TYPES = {"i": "bigint", "f": "double precision", "M": "timestamptz"}
"""Kind of a column of numpy -> its type in Postgres; all others are texts."""


def measure_in_postgres(
    folder: Path, sizes: Sequence[int], *, repeat: int, tell: Callable[[str], None]
) -> Answers:
    """Measure days in Postgres on every side.

    Args:
        folder: An empty folder; takes a workspace and the database.
        sizes: Rows of each day.
        repeat: How often each is run; the least CPU time counts.
        tell: Called with what is being done.

    Raises:
        ConfigurationError: If Postgres is not installed: `pip install 'daywatch[up]'`.
    """
    home = folder / "home"
    tell("Postgres starts, a model and its reference are made")
    build(home, [MODEL], sources=_sources())
    with running_postgres(folder / "postgres") as address:
        server = pid_of_postgres(folder / "postgres")
        url = address.replace("+psycopg2", "+psycopg")
        days = days_of(MODEL, len(sizes) + 1)
        tell("rows are copied into Postgres")
        for number, (day, rows) in enumerate(
            zip(days, (WARM_ROWS, *sizes), strict=True)
        ):
            _copy(url, make_rows(day, rows), is_first=not number)
        # As on any day but the first: the reference was fetched, answers are kept.
        _cost(daywatch(home, days[0], MODEL), folder, url, server)
        answers: Answers = {}
        for day, rows in zip(days[1:], sizes, strict=True):
            peers = write_peers_rows(folder, day, rows)
            (peers / "day.sql").write_text(_query(day))
            costs = answers[f"{rows}"] = {}
            commands = beside_peers(peers, daywatch(home, day, MODEL))
            for side, command in commands.items():
                tell(f"{rows:,} rows in Postgres: {side}")
                tries = [_cost(command, folder, url, server) for _ in range(repeat)]
                costs[side] = min(tries, key=lambda spent: spent.cpu_seconds)
    return answers


def _cost(command: Sequence[str], folder: Path, url: str, server: int) -> Spent:
    """Return what a command and the server spent on it."""
    before = family_seconds(server)
    spent = least(command, folder, variables={VARIABLE: url})
    at_server = family_seconds(server) - before
    return replace(spent, cpu_seconds=spent.cpu_seconds + at_server)


def _sources() -> dict[str, Any]:
    """Return where rows and labels come from: rows are counted where they lie."""
    table = {"kind": "sql", "connection": CONNECTION, "day_column": "at"}
    return {
        "predictions": table | {"table": "predictions", "freeze": "facts"},
        "labels": table | {"table": "labels"},
    }


def _query(day: date) -> str:
    """Return how a peer fetches the rows of a day."""
    after = day + timedelta(days=1)
    joined = "predictions p JOIN labels l USING (id)"
    inside = f"p.at >= '{day}' AND p.at < '{after}'"
    return f"SELECT p.*, l.label FROM {joined} WHERE {inside}"  # noqa: S608 (ours)


def _copy(url: str, rows: pd.DataFrame, *, is_first: bool) -> None:
    """Put a day's rows into the tables; the first day makes them, with an index."""
    with _connected(url) as connection:
        for name, frame in {
            "predictions": rows.drop(columns="label"),
            "labels": rows[["id", "at", "label"]],
        }.items():
            if is_first:
                columns = ", ".join(
                    f"{column} {TYPES.get(kind.kind, 'text')}"
                    for column, kind in frame.dtypes.items()
                )
                connection.execute(f"CREATE TABLE {name} ({columns})".encode())
                connection.execute(f"CREATE INDEX ON {name} (at)".encode())
            text = pa.BufferOutputStream()
            pyarrow.csv.write_csv(pa.Table.from_pandas(frame), text)
            copy = f"COPY {name} FROM STDIN (FORMAT csv, HEADER)".encode()
            with connection.cursor() as cursor, cursor.copy(copy) as into:
                into.write(text.getvalue().to_pybytes())
            connection.execute(f"ANALYZE {name}".encode())


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    address = url.replace("+psycopg", "", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
