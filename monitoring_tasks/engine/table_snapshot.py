"""A snapshot of a table of Postgres, as whole as those who write it leave it."""

import psycopg
from psycopg import sql

SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
NOT_LOCKED = (
    psycopg.errors.WrongObjectType,  # a materialized view, a foreign table
    psycopg.errors.InsufficientPrivilege,  # some columns are granted, not the table
    psycopg.errors.OutOfMemory,  # more partitions than the server has locks for
)
"""What keeps a table from being locked, and not from being read."""


def begin_snapshot(
    connection: psycopg.Connection, address: tuple[str | None, str]
) -> None:
    """Begin a transaction that reads one snapshot, and waits for who replaces rows.

    `TRUNCATE` and an `ALTER TABLE` that rewrites heed no snapshot: in one that began
    before they were committed the table is empty, whatever the same transaction
    inserted. So the lock comes first, which any statement would take: a snapshot begins
    with the first one that reads.

    Args:
        connection: In no transaction.
        address: Schema, as far as it is known, and name of a table or view.
    """
    lock = sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(
        sql.Identifier(*(part for part in address if part))
    )
    connection.execute(SNAPSHOT)
    try:
        connection.execute(lock)
    except NOT_LOCKED:
        connection.execute("ROLLBACK")
        connection.execute(SNAPSHOT)
