"""The clocks of the EU AI Act on serious incidents: reminders, no legal advice.

The numbers are pinned to the sentences they come from: a test reads each out of
`operations/governance/data/legal_quotes.json`. Days are calendar days. The day somebody
becomes aware does not count, as in Regulation (EEC, Euratom) 1182/71, Article 3(1);
weekends and holidays do, and no clock is made longer because of them. Days are
counted in UTC, and the last one ends when it ends in Brussels: at both ends the reading
that leaves less time. When clocks are put forward the instant moves by an hour, never
the day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from monitoring_tasks.domain.windows import window_of

BRUSSELS = "Europe/Brussels"
RETENTION_DAYS, RETENTION_MONTHS = 183, 6
"""How long evidence is held at least: the longer of both, for six months may be 184."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """How long a duty leaves from the moment somebody becomes aware.

    Attributes:
        id: What people type, and the id of its quote.
        article: Where it stands in Regulation (EU) 2024/1689.
        days: Calendar days, >= 0; 0 for immediately.
        duty: What is due, in short.
        questions: Any of them answered `yes` triggers it; empty for every serious
            incident.
        is_deployers: Whether it binds deployers alone.
    """

    id: str
    article: str
    days: int
    duty: str
    questions: tuple[str, ...] = ()
    is_deployers: bool = False


CLOCKS = (
    LegalClock(
        id="art26-5",
        article="26(5)",
        days=0,
        duty="a deployer informs the provider first, then importer or distributor "
        "and authorities",
        is_deployers=True,
    ),
    LegalClock(
        id="art73-3",
        article="73(3)",
        days=2,
        duty="report of a widespread infringement, or of disrupted critical "
        "infrastructure",
        questions=("widespread_infringement", "art3_49_b"),
    ),
    LegalClock(
        id="art73-4",
        article="73(4)",
        days=10,
        duty="report of the death of a person",
        questions=("death",),
    ),
    LegalClock(
        id="art73-2", article="73(2)", days=15, duty="report of a serious incident"
    ),
)
"""Shortest first."""


class ClockState(StrEnum):
    """How a clock stands. Only what people said stops one; silence never does."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    NOT_TRIGGERED = "not_triggered"
    NOT_REQUIRED = "not_required"


OPEN = frozenset({ClockState.RUNNING, ClockState.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Until when something is due.

    Attributes:
        day: The last day, as a date of UTC.
        at: The instant from which on it is overdue, in UTC.
    """

    day: date
    at: datetime


def due_of(clock: LegalClock, aware_at: datetime) -> Due:
    """Return until when a clock leaves time; what is due immediately is due at once.

    Args:
        clock: The clock.
        aware_at: When somebody became aware; aware.
    """
    day = aware_at.astimezone(UTC).date() + timedelta(days=clock.days)
    if clock.days == 0:
        return Due(day=day, at=aware_at.astimezone(UTC))
    return Due(day=day, at=window_of(day, BRUSSELS).end)


def hold_until(known_at: datetime) -> date:
    """Return the last day on which evidence known at an instant is held at least."""
    day = known_at.astimezone(UTC).date()
    return max(day + timedelta(days=RETENTION_DAYS), _months_after(day))


def _months_after(day: date) -> date:
    years, month = divmod(day.month - 1 + RETENTION_MONTHS, 12)
    first = date(day.year + years, month + 1, 1)
    # Six months after the 31st may have no such day: the first of the next is later.
    later = first + timedelta(days=day.day - 1)
    return later if later.month == first.month else date(later.year, later.month, 1)
