"""Labels met with rows that lie in an engine, without fetching a row that has one."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import text_of
from monitoring_tasks.rows.label_keys import ARRIVED, KEY, LABEL, UTC

NUMBER = r"^\s*[+-]?[0-9]+(\.0*)?\s*$"
"""A whole number as a person or a spreadsheet writes it; see `rows/keys.py`."""


def keyed(rows: EngineRows, *, as_numbers: bool) -> ir.Table:
    """Return rows with the key their label has, as text.

    Args:
        rows: The rows of a day, with an id.
        as_numbers: Whether texts that are whole numbers are compared as numbers.
    """
    ids = rows.table[rows.contract.columns.id]
    text = text_of(ids)
    if as_numbers and ids.type().is_string():
        digits = text.strip().re_replace(r"\.0*$", "").re_replace(r"^\+", "")
        short = digits.re_replace(r"^(-?)0+([0-9])", r"\1\2")
        plain = (short == "-0").ifelse("0", short)
        text = text.re_search(NUMBER).ifelse(plain, text)
    return rows.table.mutate(**{KEY: text})


def with_labels(
    rows: EngineRows, labels: ir.Table | None, keys: ir.Table
) -> EngineRows:
    """Return rows with the label column, null where a row has none.

    Args:
        rows: The rows of a day.
        labels: One row an id: `KEY` and `LABEL`; None for none.
        keys: The rows with their key, as `keyed` returns them.
    """
    name = rows.contract.columns.label
    if labels is None:
        return rows.with_table(rows.table.mutate(**{name: ibis.null("float64")}))
    joined = keys.left_join(labels.select(KEY, LABEL), KEY)
    columns = {column: joined[column] for column in rows.table.columns}
    return rows.with_table(joined.select(**columns, **{name: joined[LABEL]}))


def unmatched(labels: ir.Table, keys: ir.Table) -> pa.Table:
    """Fetch the keys of labels that no row has.

    Args:
        labels: What was laid beside the rows.
        keys: The rows with their key.
    """
    alone = labels.anti_join(keys, labels[KEY] == keys[KEY])
    return alone.select(KEY).to_pyarrow()


def labelled_too_early(rows: EngineRows, labels: ir.Table, keys: ir.Table) -> pa.Table:
    """Fetch key and instant of rows one of whose labels arrived before that instant.

    Args:
        rows: The rows of a day.
        labels: What was laid beside them.
        keys: The rows with their key.
    """
    timestamp = rows.contract.columns.timestamp
    empty = pa.table({KEY: pa.array([], pa.string()), ARRIVED: pa.array([], UTC)})
    if not rows.has(timestamp) or ARRIVED not in labels.columns:
        return empty
    kind = rows.table[timestamp].type()
    if not (kind.is_timestamp() and kind.timezone is not None):
        return empty
    met = keys.inner_join(labels.select(KEY, ARRIVED), KEY)
    early = met.filter(met[ARRIVED] < met[timestamp])
    return early.select(early[KEY], **{ARRIVED: early[timestamp]}).to_pyarrow()
