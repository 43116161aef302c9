"""What is asked of a source, and what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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

    def no_rows_text(self, query: str) -> str:
        """Say that a source answered and holds nothing of the day.

        Args:
            query: What was asked for, in words.
        """
        return (
            f"{query}: it answered and holds no rows of {self.day} that were known "
            f"at {self.as_of:%Y-%m-%d %H:%M:%S %Z}; has the scoring job run?"
        )

    def latest(self, *, has_zone: bool) -> datetime:
        """Return after which instant no row counts; without a zone, as for a day."""
        limit = self.as_of.astimezone(UTC)
        if has_zone:
            return limit
        return limit.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
