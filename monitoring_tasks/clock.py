"""What time it is: the one module that asks the system."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The system's clock, or a simulated one that stands where the data stands.

    Attributes:
        simulated_at: Returns the instant a simulated clock shows where nobody says what
            a run is about, or None where nothing is known yet; None for the system's.
    """

    simulated_at: Callable[[], datetime | None] | None = None

    def now(self, *, about: datetime | None = None) -> datetime:
        """Return the present instant, in UTC.

        Args:
            about: The instant the run is about: a simulated clock shows it. A simulated
                clock that knows neither it nor an instant of its own shows the
                system's: a person may act before any day was judged.
        """
        if self.simulated_at is not None:
            shown = about or self.simulated_at()
            if shown is not None:
                return shown
        return datetime.now(tz=UTC)  # noqa: TID251 (the one place that asks the system)


SYSTEM_CLOCK = Clock()
"""What is about processes and machines, never about days, is timed by this one."""
