"""Which rows of an engine are of a day, and which were known at an instant."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from monitoring_tasks.contract.sources import SqlSource
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.sources.request import Request

NONE = ibis.literal(value=False)


def on_day(values: ir.Value, name: str, request: Request) -> ir.BooleanValue:
    """Return whether a row's day or instant lies in the day asked for.

    Args:
        values: Days or instants; in a database texts of these, ISO 8601.
        name: The column, for the error.
        request: Says which day, in which time zone.

    Raises:
        UnreadableDataError: If the column holds none of these.
    """
    kind = values.type()
    if kind.is_unknown() or kind.is_null():
        return NONE
    if kind.is_date():
        return values == ibis.literal(request.day)
    if kind.is_timestamp():
        return _between(values, request.edges(has_zone=kind.timezone is not None))
    # Texts of files are read one by one in memory, with whatever offset they have.
    if kind.is_string() and isinstance(request.source, SqlSource):
        return values.startswith(request.day.isoformat())
    msg = (
        f"column '{name}' picks the rows of a day and is {kind}: with `freeze: facts` "
        "it has to be a date or an instant"
    )
    raise UnreadableDataError(msg)


def is_known(values: ir.Value, name: str, request: Request) -> ir.BooleanValue:
    """Return whether a row had arrived at the instant asked about; null never did.

    Args:
        values: When rows arrived.
        name: The column, for the error.
        request: Says at which instant.

    Raises:
        UnreadableDataError: If the column holds no instants.
    """
    kind = values.type()
    if kind.is_unknown() or kind.is_null():
        return NONE
    if kind.is_date():
        values = values.cast("timestamp(6)")
    elif not kind.is_timestamp():
        msg = (
            f"column '{name}' says when rows arrived and is {kind}: with `freeze: "
            "facts` it has to be an instant"
        )
        raise UnreadableDataError(msg)
    has_zone = kind.is_timestamp() and kind.timezone is not None
    return values <= instant(request.latest(has_zone=has_zone))


def inside(values: ir.TimestampValue, request: Request) -> ir.BooleanValue:
    """Return whether a row's instant lies in the day, or as near as belongs to it.

    A row without an instant does: the gates name it.

    Args:
        values: Instants.
        request: Says which day, and how many days beside it belong to it.
    """
    start, end = request.edges(has_zone=values.type().timezone is not None)
    before, after = timedelta(days=request.days_before), timedelta(request.days_after)
    return _between(values, (start - before, end + after)).fill_null(True)  # noqa: FBT003 (Ibis' own)


def _between(
    values: ir.TimestampValue, edges: tuple[datetime, datetime]
) -> ir.BooleanValue:
    start, end = edges
    return (values >= instant(start)) & (values < instant(end))


def instant(at: datetime) -> ir.TimestampScalar:
    """Return an instant as an engine's own; one without a zone stays without.

    Args:
        at: The instant.
    """
    zone = "UTC" if at.tzinfo is not None else None
    return ibis.literal(at, type=dt.Timestamp(timezone=zone))
