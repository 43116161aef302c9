"""Rows of other days that came with a day, in words."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.sources.request import Request

ZONE_REMEDY = (
    "if the source cuts its days by another clock, set `timezone`; if rows are about "
    "later days, set `policy.timestamps.days_after`"
)


def left_out(
    ends: tuple[pa.Scalar, pa.Scalar], count: int, *, delivered: int, request: Request
) -> OtherDays:
    """Say how many of how many rows are of which days, with a remedy that fits.

    Args:
        ends: The earliest and the latest instant of the rows that are left out.
        count: How many these are, at least one.
        delivered: How many rows came in all.
        request: Says which day was asked for, and by which column.
    """
    # As text: an instant may lie beyond the years that Python knows.
    first, last = (_day_text(end, request.timezone) for end in ends)
    which = first if first == last else f"{first} to {last}"
    text = (
        f"{count} of {delivered} rows are of {which} by '{request.timestamp}', "
        f"not of {request.day}"
    )
    beside = {str(request.day + timedelta(days=days)) for days in (-1, 0, 1)}
    remedy = "deliver the day's own rows and run the day again"
    if {first, last} <= beside and count < delivered:
        remedy = ZONE_REMEDY
    return OtherDays(rows=count, delivered=delivered, text=f"{text}; {remedy}")


def _day_text(at: pa.Scalar, timezone: str) -> str:
    if at.type.tz is not None:
        at = at.cast(pa.timestamp("us", timezone))
    return str(pc.strftime(at, "%Y-%m-%d").as_py())
