"""What tells that the rows of a day in a table of Postgres are the same: checksums.

Each is a sum over the rows, in whatever order they come, of a number made of the row's
values. Two ways of making it; a state names the way, so that a day which was read in
one is always held against itself in the same.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import psycopg

from monitoring_tasks.domain.partitions import VALUES, SourceState
from monitoring_tasks.engine.opened import Read

WAY = "checksums by"
"""The part of a state that names the way; without it a state is of MD5."""
HASHES = "hash_record_extended"
"""Postgres' own hashes of values, from 14 on: a fifth of what MD5 of texts takes.

Hash indexes and partitions outlast new versions of Postgres, and so do these. Would one
hash otherwise, its days would look changed, and never the same by mistake.
"""
LACKS_HASHES = "SELECT to_regprocedure('hash_record_extended(record, bigint)') IS NULL"
# The beginning of an MD5 as a number.
MD5 = "('x' || substr(md5({}), 1, 15))::bit(60)::bigint"
HASH = 'hashtextextended(({})::text COLLATE "C", 1)'
# A record's hash is a sum of its values' hashes: added up as it is, it would not tell
# that two rows had exchanged a value.
RECORD_HASH = HASH.format("hash_record_extended(row({}), 1)")
TOTAL = "coalesce(sum({}), 0)::text"


def table_state(
    connection: psycopg.Connection,
    delivered: ir.Table,
    read: Read,
    like: SourceState | None,
) -> SourceState:
    """Return what tells that the rows of a day are the same, in one scan.

    Args:
        connection: To the database, in the snapshot that is asked about.
        delivered: The rows, as `delivered_rows` returns them.
        read: Which declared columns are among them.
        like: What it will be compared with; None for nothing: the cheapest way.
    """
    # Of two ways nothing could be compared: the one that was taken then is taken again.
    may_hash = like is None or like.parts.get(WAY) == HASHES
    hashes = may_hash and not _only_row(connection, LACKS_HASHES)[0]
    asked = {"rows": "count(*)::text"}
    if hashes:
        asked[WAY] = f"'{HASHES}'"
    if read.key in delivered.columns:
        key = f'r."{read.key}"::text'
        asked["ids"] = TOTAL.format((HASH if hashes else MD5).format(key))
    if read.columns:
        # In one order, so that a contract that lists them otherwise changes nothing.
        names = sorted(read.columns)
        asked[VALUES + ", ".join(names)] = TOTAL.format(
            _row_number(delivered, [read.columns[name] for name in names], hashes)
        )
    # The names are ours and the rest is Ibis' own.
    statement = f"SELECT {', '.join(asked.values())} FROM ({ibis.to_sql(delivered)}) r"  # noqa: S608
    answer = _only_row(connection, statement)
    return SourceState(parts=dict(zip(asked, answer, strict=True)))


def _row_number(delivered: ir.Table, columns: list[str], hashes: bool) -> str:  # noqa: FBT001 (a way)
    """Return the expression that makes a number of the values of a row."""
    if not hashes:
        listed = ", ".join(f'r."{column}"' for column in columns)
        return MD5.format(f"row({listed})::text")
    kinds = delivered.schema()
    hashed = [_hashable(f'r."{column}"', kinds[column]) for column in columns]
    return RECORD_HASH.format(", ".join(hashed))


PLAIN: Mapping[type[dt.DataType], str] = {
    dt.Boolean: "boolean",
    dt.Int16: "smallint",
    dt.Int32: "integer",
    dt.Float32: "real",
    dt.Float64: "double precision",
    dt.Date: "date",
}
"""Types whose hash tells all their values apart, but for 0 and -0."""


def _hashable(column: str, kind: dt.DataType) -> str:
    """Return a column as what is hashed to 64 bits, equal values alike.

    Whole numbers of 64 bits and instants are hashed to 32, 5 as 4294967300 is: of them
    their bytes are taken. Of exact numbers a hash leaves out the sign, and is the same
    for NaN and both infinities: they are hashed as they are written, 1.0 not as 1.00,
    and so is all that is not known here.
    """
    if isinstance(kind, dt.Int64):
        return f"int8send({column}::bigint)"
    if isinstance(kind, dt.Timestamp):
        name = "timestamp" if kind.timezone is None else "timestamptz"
        return f"{name}_send({column}::{name})"
    if isinstance(kind, dt.Decimal):
        # Money by way of a number: its text is as the server's locale has it.
        return f'{column}::numeric::text COLLATE "C"'
    plain = PLAIN.get(type(kind))
    return f"{column}::{plain}" if plain else f'{column}::text COLLATE "C"'


def _only_row(connection: psycopg.Connection, statement: str) -> tuple[Any, ...]:
    return connection.execute(statement.encode()).fetchone() or ()
