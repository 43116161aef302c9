"""A sample of the rows in an engine: the same rows on every engine and every run."""

import math

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.engine.fetching import fetched
from monitoring_tasks.engine.grouping_sets import columns_a_scan, in_parts
from monitoring_tasks.engine.values import text_of

DIGITS = 16
"""Hexadecimal digits of the hash that rows are chosen by."""
SPREAD = 8
"""Standard deviations of room: fewer rows than are wanted practically never come."""
HASH = "__hash__"
COLUMNS_A_SCAN = 32
"""Columns one statement fetches, where columns are read alone: 15 MB each meanwhile."""


@ibis.udf.scalar.builtin(name="md5")  # type: ignore[untyped-decorator]
def _hexadecimal(text: str) -> str:  # type: ignore[empty-body]
    """The MD5 of a text in lower-case hexadecimal digits, as most engines give it."""


@ibis.udf.scalar.builtin(name="md5")  # type: ignore[untyped-decorator]
def _bytes_of_text(text: str) -> bytes:  # type: ignore[empty-body]
    """The MD5 of a text as bytes, as BigQuery gives it."""


@ibis.udf.scalar.builtin(name="md5")  # type: ignore[untyped-decorator]
def _bytes_of_bytes(content: bytes) -> bytes:  # type: ignore[empty-body]
    """The MD5 of bytes as bytes, as Trino gives it."""


@ibis.udf.scalar.builtin(name="to_utf8")  # type: ignore[untyped-decorator]
def _as_utf8(text: str) -> bytes:  # type: ignore[empty-body]
    """The bytes of a text, as Trino gives them."""


@ibis.udf.scalar.builtin(name="to_hex")  # type: ignore[untyped-decorator]
def _as_hexadecimal(content: bytes) -> str:  # type: ignore[empty-body]
    """Hexadecimal digits of bytes, in the engine's own case."""


def id_hash(ids: ir.Value, engine: str) -> ir.StringValue:
    """Return the hash of ids that rows are chosen by: the same on every engine.

    Args:
        ids: Whole numbers or texts; null has none.
        engine: Ibis' name of the engine.
    """
    text = text_of(ids)
    match engine:
        case "bigquery":
            digits = _as_hexadecimal(_bytes_of_text(text)).lower()
        case "trino":
            digits = _as_hexadecimal(_bytes_of_bytes(_as_utf8(text))).lower()
        case _:
            digits = _hexadecimal(text)
    return digits.substr(0, DIGITS)


def sampled_rows(rows: ir.Table, key: str, *, most: int, of: int) -> pa.Table:
    """Fetch at most `most` rows, by the hash of their id; all where there are no more.

    Chosen by a bound on the hash first, so that an engine neither sorts nor keeps the
    other rows; then by the order of the hashes: exactly so many.

    Args:
        rows: The rows, with an id each; repeated ids are chosen together.
        key: The id.
        most: How many rows at most.
        of: How many rows there are.
    """
    if of <= most:
        return fetched(rows)
    hashed = rows.mutate(**{HASH: id_hash(rows[key], ibis.get_backend(rows).name)})
    columns = [*rows.columns]
    parts = [*in_parts(columns, columns_a_scan(rows, COLUMNS_A_SCAN, len(columns)))]
    if len(parts) > 1:
        # One more, for the row behind the last that is wanted may have the same hash.
        hashes = _chosen(hashed.select(HASH), most=most + 1, of=of)[HASH]
        # The order of rows that share a hash is any: such are fetched whole.
        if pc.count_distinct(hashes).as_py() > most:
            below = hashed.filter(hashed[HASH] < hashes[most].as_py())
            values: dict[str, pa.ChunkedArray] = {}
            for part in parts:
                ordered = fetched(below.select(HASH, *part).order_by(HASH))
                values |= {name: ordered[name] for name in part}
            return pa.table(values)
    return _chosen(hashed, most=most, of=of).drop_columns([HASH])


def _chosen(hashed: ir.Table, *, most: int, of: int) -> pa.Table:
    """Fetch the rows with the smallest hashes, by a bound on them."""
    wanted = most + SPREAD * math.sqrt(most)
    chosen = pa.table({HASH: pa.array([], pa.string())})
    # Again only where ids repeat, or many are null: then fewer come than were wanted.
    while chosen.num_rows < most and wanted < of:
        bound = f"{int(wanted / of * 16**DIGITS):0{DIGITS}x}"
        chosen = _first(hashed.filter(hashed[HASH] < bound), most)
        wanted *= 4
    if chosen.num_rows < most:
        chosen = _first(hashed.filter(hashed[HASH].notnull()), most)
    return chosen


def _first(hashed: ir.Table, most: int) -> pa.Table:
    """Fetch the rows with the smallest hashes, and no other."""
    return fetched(hashed.order_by(HASH).limit(most))
