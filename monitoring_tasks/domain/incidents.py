"""Incidents: one open at a time per model and cause, with a state of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.errors import IllegalTransitionError


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"


S = IncidentState
TRANSITIONS: Mapping[IncidentState, frozenset[IncidentState]] = {
    S.OPEN: frozenset(
        {S.ACKNOWLEDGED, S.MITIGATING, S.MONITORING, S.RESOLVED, S.FALSE_POSITIVE}
    ),
    S.ACKNOWLEDGED: frozenset(
        {S.MITIGATING, S.MONITORING, S.RESOLVED, S.FALSE_POSITIVE}
    ),
    S.MITIGATING: frozenset({S.MONITORING, S.OPEN, S.FALSE_POSITIVE}),
    S.MONITORING: frozenset({S.RESOLVED, S.OPEN, S.FALSE_POSITIVE}),
    S.RESOLVED: frozenset({S.OPEN}),
    S.FALSE_POSITIVE: frozenset(),
}
ACTIVE = frozenset({S.OPEN, S.ACKNOWLEDGED, S.MITIGATING, S.MONITORING})
"""States in which a second incident of the same model and cause is not opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that needs a person, from the first bad day to the end.

    Attributes:
        id: Stable text id, e.g. `flight_delay-model-2013-09-03`.
        model: Registered model name.
        cause: Where the trouble comes from.
        state: Where it stands.
        severity: How much it matters; raised by the machine, lowered by people.
        version: The model version it is about.
        onset_day: First bad day of the episode.
        last_day: Latest day on which it was seen.
        title: One line.
        opened_at: When it was opened.
        reopened: How often it came back soon after it was resolved.
        is_flapping: Whether it came and went too often to be told of each time.
        upstreams: What its model's rows come from; empty where that cannot be to
            blame.
        resolved_day: The day whose good verdict ended it; its last bad day when a
            person did.
        silenced_by: The silence because of which nobody is paged.
        merged_into: The incident of the whole fleet that speaks for it.
        paged_at: When somebody was to be paged about it; None for never.
    """

    id: str
    model: str
    cause: Cause
    state: IncidentState
    severity: Severity
    version: str
    onset_day: date
    last_day: date
    title: str
    opened_at: datetime
    reopened: int = 0
    is_flapping: bool = False
    upstreams: tuple[str, ...] = ()
    resolved_day: date | None = None
    silenced_by: str | None = None
    merged_into: str | None = None
    paged_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether it still needs somebody."""
        return self.state in ACTIVE


def require_transition(current: IncidentState, target: IncidentState) -> None:
    """Refuse a move the state machine does not know.

    Args:
        current: Where the incident stands.
        target: Where it is to go.

    Raises:
        IllegalTransitionError: If `target` cannot follow `current`.
    """
    if target not in TRANSITIONS[current]:
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "nothing"
        msg = f"an incident that is {current} cannot become {target}; only {allowed}"
        raise IllegalTransitionError(msg)


def graver(left: Severity, right: Severity) -> Severity:
    """Return the graver of two severities; P0 is the gravest.

    Args:
        left: One of them.
        right: The other.
    """
    return min(left, right)  # as texts: "P0" < "P1"
