"""Two stores held against each other, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

KEYS: Mapping[str, tuple[str, ...]] = {
    "evaluations": ("key",),
    "findings": (
        *("evaluation", "kind", "metric", "column", "segment", "version", "horizon"),
    ),
    "profiles": ("model", "day", "version", "segment", "as_of"),
    "partitions": ("model", "day", "kind", "digest"),
}
"""Table of results -> what a row of it is known by. `batch_summaries` is none: what is
older than 120 days is dropped from it."""
BACKFILLED = """
SELECT t.* FROM evaluations AS t WHERE t.mode = 'backfill' AND t.day <= %(last)s
"""
FINDINGS = """
SELECT t.* FROM findings AS t JOIN evaluations AS e ON e.key = t.evaluation
WHERE e.mode = 'backfill' AND e.day <= %(last)s
"""
OF_DAYS = "SELECT t.* FROM {table} AS t WHERE t.day <= %(last)s"
Rows = Mapping[Any, Mapping[str, Any]]
"""What a row is known by -> its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store, and the workspace that addresses in it begin with.

    Attributes:
        connection: To its database.
        home: Left out of every text: both workspaces lie somewhere.
    """

    connection: psycopg.Connection
    home: Path


class StoresDifferError(Exception):
    """Rows that both ways had to write alike are not; the first ones are told."""


def compare_tables(left: Store, right: Store, *, last: date) -> dict[str, int]:
    """Hold what a backfill wrote against what another one did.

    Args:
        left: One store.
        right: The other one.
        last: Later days are left out.

    Returns:
        How many rows of each table are equal, in every column.

    Raises:
        StoresDifferError: If a row differs, lacks, or there is none at all.
    """
    with left.connection, right.connection:
        return {
            table: equal_rows(
                table, _read(left, table, last), _read(right, table, last)
            )
            for table in KEYS
        }


def equal_rows(table: str, left: Rows, right: Rows) -> int:
    """Return how many rows two stores have, all of them equal.

    Args:
        table: Names it.
        left: Rows by what they are known by.
        right: The other store's.

    Raises:
        StoresDifferError: If a row differs or lacks, or there is none at all.
    """
    faults = differing(left, right)
    if faults:
        first = "\n".join(faults[:10])
        msg = f"{table}: {len(faults)} differences in {len(left)} rows\n{first}"
        raise StoresDifferError(msg)
    if not left:
        msg = f"{table}: no row to compare"
        raise StoresDifferError(msg)
    return len(left)


def differing(left: Rows, right: Rows) -> list[str]:
    """Return what differs, a sentence each, in the order of the rows.

    Args:
        left: Rows by what they are known by.
        right: The other store's.
    """
    faults = [
        f"{key}: {name}: {left[key][name]!r} and {right[key][name]!r}"[:400]
        for key in left.keys() & right.keys()
        for name in left[key]
        if left[key][name] != right[key][name]
    ]
    faults += [f"{key}: is in one alone" for key in left.keys() ^ right.keys()]
    return sorted(faults)


def _read(store: Store, table: str, last: date) -> Rows:
    """Return the rows of a table by what they are known by."""
    statement = {"evaluations": BACKFILLED, "findings": FINDINGS}.get(
        table, OF_DAYS.format(table=table)
    )
    with store.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement.encode(), {"last": last}).fetchall()
    plain = [without_home(row, store.home) for row in rows]
    return {tuple(row[name] for name in KEYS[table]): row for row in plain}


def without_home(row: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """Return a row with the folder of its workspace left out of texts.

    Args:
        row: Its columns.
        home: The workspace.
    """
    return {
        name: value.replace(f"{home}/", "") if isinstance(value, str) else value
        for name, value in row.items()
    }
