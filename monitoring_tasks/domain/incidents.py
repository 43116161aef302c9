"""Incidents: one open at a time per model and cause, with a state of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.errors import IllegalTransitionError


class IncidentState(StrEnum):
    """Where an incident stands."""

    CANDIDATE = "candidate"
    DISMISSED = "dismissed"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    REVIEW_DUE = "review_due"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    MERGED = "merged"
    FALSE_POSITIVE = "false_positive"


S = IncidentState
ASIDE = frozenset({S.MERGED, S.FALSE_POSITIVE})
"""Where a person may put an incident from any state before its review is done."""
TRANSITIONS: Mapping[IncidentState, frozenset[IncidentState]] = {
    S.CANDIDATE: frozenset({S.MERGED, S.DISMISSED}),
    S.DISMISSED: frozenset(),
    S.OPEN: ASIDE | {S.ACKNOWLEDGED, S.MITIGATING, S.MONITORING, S.RESOLVED},
    S.ACKNOWLEDGED: ASIDE | {S.MITIGATING, S.MONITORING, S.RESOLVED},
    S.MITIGATING: ASIDE | {S.OPEN, S.MONITORING},
    S.MONITORING: ASIDE | {S.OPEN, S.RESOLVED},
    S.RESOLVED: frozenset({S.OPEN, S.REVIEW_DUE, S.CLOSED, S.FALSE_POSITIVE}),
    S.REVIEW_DUE: frozenset({S.OPEN, S.REVIEWED, S.FALSE_POSITIVE}),
    S.REVIEWED: frozenset({S.OPEN, S.CLOSED}),
    S.CLOSED: frozenset(),
    S.MERGED: frozenset({S.OPEN}),
    S.FALSE_POSITIVE: frozenset({S.OPEN}),
}
ACTIVE = frozenset({S.OPEN, S.ACKNOWLEDGED, S.MITIGATING, S.MONITORING})
"""States in which a second incident of the same model and cause is not opened."""
ENDED = frozenset({S.RESOLVED, S.REVIEW_DUE, S.REVIEWED})
"""The trouble is over; what comes back soon opens the incident again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that needs a person, from the first bad day to the end.

    Attributes:
        id: Stable text id, e.g. `flight_delay-model-2013-09-02`.
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
        merged_into: The incident that speaks for it: of the whole fleet while it is
            active, or the one a person merged it into.
        paged_at: When somebody was to be paged about it; None for never.
        segments: Segments whose numbers were in breach, `all` for the whole batch.
        acknowledged_at: When a person took it on; None while nobody has.
        mitigated_at: When something was first done about it.
        resolved_at: When it was last said to be over.
        commander: Who leads the response.
        scribe: Who keeps its time line.
        assignee: Who works on it.
        escalation: How many steps of its escalation were taken.
        revision: Grows with each change; a change may name the one it was read at.
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
    segments: tuple[str, ...] = ()
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    commander: str | None = None
    scribe: str | None = None
    assignee: str | None = None
    escalation: int = 0
    revision: int = field(default=1, compare=False)

    @property
    def was_candidate(self) -> bool:
        """Whether it is, or began as, a bad day of which nobody knew if it lasts."""
        return self.id == candidate_id(self.model, self.last_day)

    @property
    def is_ended_by_a_person(self) -> bool:
        """Whether a person said that it is over, and no good day did."""
        return self.resolved_day is not None and self.resolved_day <= self.last_day

    @property
    def is_active(self) -> bool:
        """Whether it still needs somebody."""
        return self.state in ACTIVE


def candidate_id(model: str, day: date) -> str:
    """Name the candidate of a bad day.

    Args:
        model: Registered model name.
        day: The model's own calendar day.
    """
    return f"{model}-candidate-{day}"


def moved_to(
    incident: Incident, state: IncidentState, *, at: datetime, day: date | None = None
) -> Incident:
    """Return an incident in another state, with the instants that go with it.

    Args:
        incident: As it stands; the transition is not checked here.
        state: Where it goes.
        at: When.
        day: The day that ended it; None for its last bad day.
    """
    changed = replace(incident, state=state)
    match state:
        case S.ACKNOWLEDGED:
            return replace(changed, acknowledged_at=incident.acknowledged_at or at)
        case S.MITIGATING:
            return replace(changed, mitigated_at=incident.mitigated_at or at)
        case S.RESOLVED:
            ended = day or incident.last_day
            return replace(changed, resolved_at=at, resolved_day=ended)
        case S.OPEN if not incident.is_active:
            return _opened_again(changed, at=at)
        case _:
            return changed


def _opened_again(incident: Incident, *, at: datetime) -> Incident:
    """Return an incident that a person opened again: it is to be taken on anew."""
    return replace(
        incident,
        reopened=incident.reopened + 1,
        acknowledged_at=None,
        resolved_at=None,
        resolved_day=None,
        merged_into=None,
        escalation=0,
        # Its clocks begin with this episode, not with the last.
        paged_at=at if incident.paged_at is not None else None,
    )


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
