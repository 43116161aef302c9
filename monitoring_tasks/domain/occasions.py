"""What there is to tell of a change to an incident. Pure."""

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.paging import is_digest

S = IncidentState
REACHED = {
    S.ACKNOWLEDGED: Occasion.ACKNOWLEDGED,
    S.MITIGATING: Occasion.MITIGATING,
    S.MONITORING: Occasion.MONITORING,
    S.RESOLVED: Occasion.RESOLVED,
    S.REVIEW_DUE: Occasion.REVIEW_DUE,
    S.CLOSED: Occasion.CLOSED,
    S.MERGED: Occasion.MERGED,
    S.FALSE_POSITIVE: Occasion.FALSE_POSITIVE,
}
"""What there is to tell of an incident that has come to a state."""
SILENT = frozenset({S.CANDIDATE, S.DISMISSED})
"""Nobody is told of bad days that have not lasted."""


def occasion_of(before: Incident | None, after: Incident) -> Occasion | None:
    """Return what there is to tell of a change; None for nothing.

    Args:
        before: As it stood when the transaction began; None where it was not there.
        after: As it stands now.
    """
    if before is None:
        return None if after.state in SILENT else Occasion.OPENED
    # What becomes of a bad day that nobody was told of is no news either.
    if {before.state, after.state} & SILENT:
        return None
    if after.is_active and (not before.is_active or after.reopened > before.reopened):
        return Occasion.REOPENED
    if after.state is not before.state and after.state in REACHED:
        return REACHED[after.state]
    return _grown(before, after)


def _grown(before: Incident, after: Incident) -> Occasion | None:
    if before.acknowledged_at is None and after.acknowledged_at is not None:
        return Occasion.ACKNOWLEDGED
    if after.escalation > before.escalation:
        return Occasion.ESCALATED
    is_back = after.state is S.OPEN and before.state is S.MONITORING
    if after.severity < before.severity or is_back:
        return Occasion.RAISED
    # What a silence held back is told once that has ended.
    is_paged = before.paged_at is None and after.paged_at is not None
    return Occasion.OPENED if is_paged else None


def why_untold(incident: Incident) -> str | None:
    """Return why nobody is told of an incident by itself; None where they are.

    Args:
        incident: As it stands now.
    """
    if incident.silenced_by is not None and incident.paged_at is None:
        return f"silenced by {incident.silenced_by}"
    is_part = incident.merged_into is not None and incident.state is not S.MERGED
    if is_part and incident.paged_at is None:
        return f"{incident.merged_into} speaks for it"
    return None


def tells_by_itself(incident: Incident) -> bool:
    """Whether an incident is told of, or another one speaks for it.

    A digest gathers what the budget holds back; it is told of all the same.
    """
    return is_digest(incident.id) or why_untold(incident) is None
