"""What is asked of a source, and what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.sources import Source
from monitoring_tasks.domain.windows import Window
from monitoring_tasks.settings import ConnectionLookup


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
        holds: What the columns hold; one it does not name stays as the source has it.
        timestamp: Column whose instant has to lie in the day; None for labels.
        days_before: How many days before the day that instant may lie.
        days_after: How many days after the day that instant may lie.
    """

    source: Source
    day: date
    window: Window
    columns: tuple[str, ...]
    as_of: datetime
    home: Path
    timezone: str = "UTC"
    look_up: ConnectionLookup | None = None
    holds: Mapping[str, Holds] = field(default_factory=dict)
    timestamp: str | None = None
    days_before: int = 0
    days_after: int = 0

    def edges(self, *, has_zone: bool) -> tuple[datetime, datetime]:
        """Return when the day starts and ends; without a zone, by the model's clock."""
        if has_zone:
            return self.window.start, self.window.end
        start = datetime.combine(self.day, time())
        return start, start + timedelta(days=1)
