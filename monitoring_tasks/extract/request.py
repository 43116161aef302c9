"""What is asked of a source, and what it answered."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.domain.sources import Source
from monitoring_tasks.domain.windows import Window
from monitoring_tasks.extract.connections import ConnectionLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read.

    Attributes:
        source: Where it is.
        day: The model's own calendar day.
        window: The instants between which the day lasts.
        columns: Declared columns; those the source lacks are left out.
        as_of: Rows that arrived later are left out.
        home: Where relative paths start.
        timezone: The model's time zone; instants without a zone are meant in it.
        look_up: From a connection's name to its URL.
    """

    source: Source
    day: date
    window: Window
    columns: tuple[str, ...]
    as_of: datetime
    home: Path
    timezone: str = "UTC"
    look_up: ConnectionLookup | None = None

    def edges(self, *, has_zone: bool) -> tuple[datetime, datetime]:
        """Give where the day starts and ends; without a zone, by the model's clock."""
        if has_zone:
            return self.window.start, self.window.end
        start = datetime.combine(self.day, time())
        return start, start + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What was read, and the words in which it was asked for."""

    table: pa.Table
    query: str
    watermark: datetime | None
