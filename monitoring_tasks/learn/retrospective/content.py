"""What a retrospective says: how good alarms, answers, estimates and promises were.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from monitoring_tasks.domain.incident_actions import ActionItem
from monitoring_tasks.domain.incidents import Incident, IncidentState

NOT_ALARMS = frozenset({IncidentState.CANDIDATE, IncidentState.DISMISSED})
MONTHS_A_QUARTER = 3


class Period(StrEnum):
    """How much time a retrospective looks back over."""

    WEEKLY = "weekly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days a retrospective is about, both included."""

    first: date
    last: date


def last_span(period: Period, today: date) -> Span:
    """Return the last whole week, Monday to Sunday, or quarter before a day.

    Args:
        period: Which.
        today: The day; it is not in the span.

    >>> last_span(Period.QUARTERLY, date(2026, 1, 5)).first.isoformat()
    '2025-10-01'
    """
    if period is Period.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return Span(first=monday - timedelta(days=7), last=monday - timedelta(days=1))
    begins = _quarter_of(today)
    last = begins - timedelta(days=1)
    return Span(first=_quarter_of(last), last=last)


def is_quarterly_day(day: date) -> bool:
    """Whether a day is the first Monday of a quarter."""
    is_first_week = day.month % MONTHS_A_QUARTER == 1 and day.day <= 7  # noqa: PLR2004
    return is_first_week and day.weekday() == 0


def _quarter_of(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % MONTHS_A_QUARTER, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """How good the alarms of a span were.

    Attributes:
        opened: Incidents that began in it; parts of others left out.
        paged: Those about which somebody was paged.
        false: Those people called false.
        reclassified: Those whose cause or severity people overruled.
        merged: Those that another incident speaks for.
        precision: Share of those with an outcome that were no false alarms, 0..1;
            None without one.
        undecided: Those still open: nobody has said yet.
    """

    opened: int
    paged: int
    false: int
    reclassified: int
    merged: int
    precision: float | None
    undecided: int


def alarms_of(
    incidents: Sequence[Incident], overruled: frozenset[str] = frozenset()
) -> Alarms:
    """Return how good the alarms were that became these incidents.

    Args:
        incidents: Those that began in the span.
        overruled: Ids of those whose cause or severity people overruled.
    """
    real = [i for i in incidents if i.state not in NOT_ALARMS]
    alone = [i for i in real if i.state is not IncidentState.MERGED]
    false = [i for i in alone if i.state is IncidentState.FALSE_POSITIVE]
    decided = [i for i in alone if not i.is_active]
    precision = 1 - len(false) / len(decided) if decided else None
    return Alarms(
        opened=len(alone),
        paged=sum(i.paged_at is not None for i in alone),
        false=len(false),
        reclassified=sum(i.id in overruled for i in alone),
        merged=len(real) - len(alone),
        precision=precision,
        undecided=sum(i.is_active for i in alone),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast something was done, over the incidents of a span.

    Attributes:
        name: What: `detect`, `acknowledge`, `mitigate`, `resolve`.
        count: Incidents where it was done.
        lacking: Incidents where it was not, or not yet.
        median_hours: None where it never was.
        longest_hours: Likewise.
    """

    name: str
    count: int
    lacking: int
    median_hours: float | None
    longest_hours: float | None


def speed_of(name: str, lasted: Sequence[timedelta | None]) -> Speed:
    """Return how fast something was done.

    Args:
        name: What.
        lasted: How long it took, an incident each; None where it was not done.
    """
    hours = [t.total_seconds() / 3600 for t in lasted if t is not None]
    return Speed(
        name=name,
        count=len(hours),
        lacking=len(lasted) - len(hours),
        median_hours=median(hours) if hours else None,
        longest_hours=max(hours, default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A model's estimates of a number, beside what came true.

    Attributes:
        version: The version.
        metric: Name of the metric.
        days: Days with both.
        bias: Mean of estimated less realized, in units of the metric.
        mean_absolute_error: Mean distance, in units of the metric.
        beyond_chance: On how many days they lay further apart than chance allows.
    """

    version: str
    metric: str
    days: int
    bias: float
    mean_absolute_error: float
    beyond_chance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReview:
    """What a span says of one model.

    Attributes:
        model: Registered model name.
        owners: Who answers for it.
        judged_days: Days that came to a verdict.
        breach_days: Those of them in breach.
        blind_days: Days of the span after its first judged one without a verdict that
            says anything.
        alarms: How good its alarms were.
        speeds: How fast they were answered.
        outcomes: Its estimates beside what came true.
        slos: Its objectives over many days, as plain JSON.
        proposals: Changes of limits that are proposed, as plain JSON; None where they
            were not searched for.
        fault: Why less is known of it; empty for nothing.
    """

    model: str
    owners: Sequence[str] = ()
    judged_days: int = 0
    breach_days: int = 0
    blind_days: Sequence[date] = ()
    alarms: Alarms
    speeds: Sequence[Speed] = ()
    outcomes: Sequence[Outcome] = ()
    slos: Sequence[Mapping[str, Any]] = ()
    proposals: Mapping[str, Any] | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospective:
    """What a span says of models, and what is still to be done.

    Attributes:
        period: Weekly or quarterly.
        span: The days.
        written_at: When it is written.
        models: Each model by itself.
        incidents: Those that began in the span, the newest first.
        actions: Open action items, overdue first.
        today: The day on which action items are overdue.
        failed_tests: Ids of tests of incidents that failed; None where none was held.
        changes: What was changed in contracts since; None where nobody keeps it.
    """

    period: Period
    span: Span
    written_at: datetime
    models: Sequence[ModelReview]
    incidents: Sequence[Incident]
    actions: Sequence[ActionItem]
    today: date
    failed_tests: Sequence[str] | None = None
    changes: Sequence[str] | None = field(default=None)

    @property
    def overdue(self) -> list[ActionItem]:
        """Action items whose day has passed."""
        return [action for action in self.actions if action.is_overdue(self.today)]

    @property
    def name(self) -> str:
        """What it is called, e.g. `weekly-2026-03-02`."""
        return f"{self.period}-{self.span.first}"

    def lines(self) -> list[str]:
        """Return what it says in a few lines, for a message."""
        listed = [_line(model) for model in self.models]
        count, overdue = len(self.actions), len(self.overdue)
        items = "item is" if count == 1 else "items are"
        listed.append(f"{count} action {items} open, {overdue} overdue")
        return listed


def _line(model: ModelReview) -> str:
    alarms = model.alarms
    precision = (
        "no alarm has an outcome yet"
        if alarms.precision is None
        else f"{alarms.precision:.0%} of the alarms were right"
    )
    slos = [f"{slo['name']} {slo['state']}" for slo in model.slos]
    promises = f"; {', '.join(slos)}" if slos else ""
    return (
        f"{model.model}: {model.breach_days} of {model.judged_days} days in breach, "
        f"{len(model.blind_days)} blind; {alarms.opened} incidents, {alarms.paged} "
        f"paged, {precision}{promises}"
    )
