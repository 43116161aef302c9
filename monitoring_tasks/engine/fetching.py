"""What an engine answers, fetched; from Postgres not as objects of Python."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pyarrow as pa

PLAIN = (dt.String, dt.Boolean, dt.Integer, dt.Floating, dt.Date, dt.Timestamp)
"""Types of columns whose text says all."""


def fetched(answer: ir.Table) -> pa.Table:
    """Fetch an answer.

    Args:
        answer: Rows, or what was reckoned of them.
    """
    backend, schema = ibis.get_backend(answer), answer.schema()
    copied = _copied(backend, lambda: ibis.to_sql(answer), schema)
    return answer.to_pyarrow() if copied is None else copied


def fetched_sql(backend: Any, statement: str, schema: sch.Schema) -> pa.Table:  # noqa: ANN401 (any engine's)
    """Fetch the answer to a statement in an engine's own words.

    Args:
        backend: The engine.
        statement: What is asked.
        schema: The columns of the answer.
    """
    copied = _copied(backend, lambda: statement, schema)
    if copied is not None:
        return copied
    return backend.sql(statement, schema=schema).to_pyarrow()


def _copied(
    backend: Any,  # noqa: ANN401 (any engine's)
    statement: Callable[[], str],
    schema: sch.Schema,
) -> pa.Table | None:
    """Return what Postgres copies; None of others, and where texts do not say all."""
    if backend.name != "postgres" or not all(
        isinstance(kind, PLAIN) for kind in schema.types
    ):
        return None
    from monitoring_tasks.sources.copied_csv import copied_csv  # noqa: PLC0415 (an extra's driver)

    types = dict(zip(schema.names, schema.to_pyarrow().types, strict=True))
    # An instant that Arrow does not read may be one that the driver does.
    with suppress(pa.ArrowException), backend.con.transaction():
        return copied_csv(backend.con, statement(), types)
    return None
