"""Days and instants: the one place where a calendar day becomes two instants.

A day is the model's own calendar day in the model's own time zone. Windows are
half-open, `[start, end)`, and in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A half-open span of instants, `[start, end)`, both aware and in UTC."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """Length in hours: 23 or 25 on the days the clock changes."""
        return (self.end - self.start).total_seconds() / 3600


def window_of(day: date, timezone: str) -> Window:
    """Return the instants between which `day` lasts in `timezone`.

    Args:
        day: A calendar day.
        timezone: IANA name of the zone it is a day of.

    >>> window_of(date(2013, 3, 10), "America/New_York").hours
    23.0
    """
    zone = ZoneInfo(timezone)
    # Midnight to midnight by the zone's own clock: 24 hours later may be another day.
    return Window(
        start=datetime.combine(day, time(), zone).astimezone(UTC),
        end=datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC),
    )


def day_of(instant: datetime, timezone: str) -> date:
    """Return the calendar day on which an aware `instant` falls in `timezone`.

    Args:
        instant: With a time zone.
        timezone: IANA name, such as `Europe/Berlin`.

    Raises:
        ValueError: If the instant has no time zone.
    """
    if instant.tzinfo is None:
        msg = f"{instant} has no time zone; pass an aware datetime"
        raise ValueError(msg)
    return instant.astimezone(ZoneInfo(timezone)).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included, in order.

    Args:
        first: The first day.
        last: The last day, not before `first`.

    Raises:
        ValueError: If `last` lies before `first`.
    """
    if last < first:
        msg = f"the last day ({last}) lies before the first ({first})"
        raise ValueError(msg)
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
