"""Reading one day from a source, whatever its kind.

A new kind of source is a case of `_rows_of`. "There is nothing" and "it did not answer"
are different errors, and both name what was tried.
"""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.sources import FileSource, Source, SqlSource
from monitoring_tasks.errors import (
    NoDataError,
    UnreadableDataError,
)
from monitoring_tasks.extract.database_tables import read_table
from monitoring_tasks.extract.day_filter import without_other_days
from monitoring_tasks.extract.declared_columns import declared_columns
from monitoring_tasks.extract.files import read_files
from monitoring_tasks.extract.typed_columns import read_instants
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.sources.request import Request


def read_day(request: Request) -> Rows:
    """Read the rows of one day that were known at `request.as_of`.

    Rows whose timestamp lies in another day are left out, and said.

    Raises:
        NoDataError: If the source answered and holds nothing for the day.
        UnreadableDataError: If a file is empty, cut off or not of its format.
        SourceUnavailableError: If the source did not answer.
        ConfigurationError: If the connection is unknown.
    """
    source = request.source
    table, query = _rows_of(source, request)
    table = _known_at(table, source.arrived_at, request)
    if not table.num_rows:
        raise NoDataError(request.no_rows_text(query))
    table, other_days = without_other_days(table, request)
    if other_days is not None and not table.num_rows:
        msg = f"{query}: {other_days.text}"
        raise NoDataError(msg)
    wanted = {*request.columns, source.arrived_at}
    return Rows(
        table=table.select([n for n in table.column_names if n in wanted]),
        query=query,
        watermark=_watermark(table, source.arrived_at, request.timezone),
        other_days=other_days,
    )


def _rows_of(source: Source, request: Request) -> tuple[pa.Table, str]:
    """Read the declared columns of a day, and say in words what was asked for."""
    match source:
        case FileSource():
            return read_files(source, request)
        case SqlSource():
            table, query = read_table(source, request)
            return declared_columns(table, request), query
        case _:
            assert_never(source)


def _known_at(table: pa.Table, column: str | None, request: Request) -> pa.Table:
    if column is None or column not in table.schema.names:
        return table
    values = table[column]
    if pa.types.is_string(values.type):
        values = read_instants(values)
    if pa.types.is_null(values.type):
        # No row says when it came, so none is known to have been there.
        return table.slice(0, 0)
    if not pa.types.is_timestamp(values.type):
        msg = f"column '{column}' says when rows arrived and is {values.type}"
        raise UnreadableDataError(msg)
    limit = request.latest(has_zone=values.type.tz is not None)
    latest = pa.scalar(limit, pa.timestamp("us", values.type.tz))
    index = table.column_names.index(column)
    table = table.set_column(index, column, values)
    return table.filter(pc.less_equal(values, latest))


def _watermark(table: pa.Table, column: str | None, timezone: str) -> datetime | None:
    if column is None or column not in table.schema.names:
        return None
    kind = pa.timestamp("us", table[column].type.tz)
    latest: datetime = pc.max(table[column].cast(kind, safe=False)).as_py()
    return latest if latest.tzinfo else latest.replace(tzinfo=ZoneInfo(timezone))
