"""Which rows are of a day: picked by a column, or left out for lying in another day."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.extract.typed_columns import read_instants, readable_instants
from monitoring_tasks.sources.other_days import left_out
from monitoring_tasks.sources.request import Request

EPOCH = date(1970, 1, 1).toordinal()


def rows_of_day(table: pa.Table, column: str, request: Request) -> pa.Table:
    """Return the rows whose day or instant lies in the day asked for.

    Rows with a text that is no instant are of no day: left out like those without one.

    Args:
        table: Rows with that column, decoded. Not modified.
        column: Holds the day or the instant of a row.
        request: Says which day, in which time zone.

    Raises:
        UnreadableDataError: If the column holds neither days nor instants.
    """
    values = _days_or_instants(table[column], column)
    if pa.types.is_null(values.type):
        return table.slice(0, 0)
    if pa.types.is_date(values.type):
        return table.filter(pc.equal(values.cast(pa.date32()), pa.scalar(request.day)))
    return table.filter(_inside(values, request))


def days_in(values: pa.ChunkedArray, column: str, timezone: str) -> set[date]:
    """Return the days that a column's values lie in, as `rows_of_day` picks them.

    Args:
        values: Days or instants, or texts of these; decoded.
        column: What the column is called.
        timezone: The model's; instants with a zone are put on its calendar.

    Raises:
        UnreadableDataError: If the column holds neither days nor instants.
    """
    values = _days_or_instants(values, column)
    if pa.types.is_null(values.type):
        return set()
    if pa.types.is_timestamp(values.type):
        if values.type.tz is not None:
            values = values.cast(pa.timestamp("us", timezone))
            values = pc.local_timestamp(values)
        values = values.cast(pa.date32(), safe=False)
    # As numbers: a day may lie beyond the years that Python knows.
    numbers = pc.unique(values.cast(pa.date32())).cast(pa.int32()).drop_null()
    first, last = date.min.toordinal(), date.max.toordinal()
    ordinals = (number + EPOCH for number in numbers.to_pylist())
    return {date.fromordinal(n) for n in ordinals if first <= n <= last}


def _days_or_instants(values: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Return a column as days or instants; one without any value as it is."""
    if pa.types.is_string(values.type):
        values = _instants(values, column)
    kind = values.type
    kinds = (pa.types.is_null, pa.types.is_date, pa.types.is_timestamp)
    if not any(is_kind(kind) for is_kind in kinds):
        msg = f"column '{column}' picks the rows of a day and is {kind}"
        raise UnreadableDataError(msg)
    return values


def without_other_days(
    table: pa.Table, request: Request
) -> tuple[pa.Table, OtherDays | None]:
    """Leave out the rows whose timestamp lies outside the day, and say what they were.

    Rows without an instant stay: the gates name them.

    Args:
        table: Typed rows. Not modified.
        request: Says which day, by which column, and how many days beside it belong
            to it.

    Returns:
        The rows that stay, and what was left out; None for nothing.
    """
    name = request.timestamp
    if name is None or name not in table.column_names:
        return table, None
    values = table[name]
    if not pa.types.is_timestamp(values.type):
        return table, None
    inside = pc.fill_null(
        _inside(values, request, before=request.days_before, after=request.days_after),
        fill_value=True,
    )
    outside = pc.invert(inside)
    count = pc.sum(outside).as_py() or 0
    if not count:
        return table, None
    ends = pc.min_max(values.filter(outside))
    other = left_out(
        (ends["min"], ends["max"]), count, delivered=table.num_rows, request=request
    )
    return table.filter(inside), other


def _inside(
    values: pa.ChunkedArray, request: Request, *, before: int = 0, after: int = 0
) -> pa.ChunkedArray:
    start, end = request.edges(has_zone=values.type.tz is not None)
    kind = pa.timestamp("us", values.type.tz)
    first = pa.scalar(start - timedelta(days=before), kind)
    last = pa.scalar(end + timedelta(days=after), kind)
    return pc.and_(pc.greater_equal(values, first), pc.less(values, last))


def _instants(texts: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    values = read_instants(texts)
    if pa.types.is_timestamp(values.type):
        return values
    values = readable_instants(texts)
    if values.null_count < len(values):
        return values
    example = next((t for t in texts.to_pylist() if t is not None), None)
    msg = (
        f"column '{column}' picks the rows of a day and holds texts that are no day, "
        f"such as {str(example)[:40]!r}; write ISO 8601, e.g. 2024-03-18T08:00:00Z"
    )
    raise UnreadableDataError(msg)
