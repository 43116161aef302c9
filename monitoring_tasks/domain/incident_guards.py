"""What holds an incident back from going where somebody wants it. Pure."""

from collections.abc import Iterable
from datetime import datetime

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import PAGING
from monitoring_tasks.domain.rollbacks import DAYWATCH, Rollback
from monitoring_tasks.errors import IllegalTransitionError

S = IncidentState
PEOPLE_ONLY = {
    S.ACKNOWLEDGED: "only a person can take an incident on",
    S.REVIEWED: "only a person can say that a review is done",
    S.FALSE_POSITIVE: "only a person can say that an alarm was false",
}
"""States to which Daywatch itself never takes an incident."""


def is_person(actor: str) -> bool:
    """Whether an actor is a person, or another system that speaks for one."""
    return actor != DAYWATCH


def require_actor_may(incident: Incident, target: IncidentState, actor: str) -> None:
    """Refuse a move that only a person may make.

    Args:
        incident: As it stands.
        target: Where it is to go.
        actor: Who wants it.

    Raises:
        IllegalTransitionError: If Daywatch itself wants what only people may do.
    """
    if is_person(actor):
        return
    if target in PEOPLE_ONLY:
        raise IllegalTransitionError(PEOPLE_ONLY[target])
    if target is S.RESOLVED and incident.severity in PAGING:
        msg = f"a {incident.severity} is left for a person to resolve"
        raise IllegalTransitionError(msg)


def require_no_move(
    incident: Incident,
    target: IncidentState,
    actor: str,
    rollbacks: Iterable[Rollback],
    *,
    now: datetime,
) -> None:
    """Refuse a person's change that would leave an alias moving for nobody.

    Taking the incident on is no such change. No longer than until the rollback's own
    deadline: a registry that never answers must not hold an incident for ever.

    Args:
        incident: As it stands.
        target: Where it is to go.
        actor: Who wants it.
        rollbacks: Those of the incident.
        now: The present instant.

    Raises:
        IllegalTransitionError: If one of them is under way.
    """
    is_held = incident.is_active and target is not S.ACKNOWLEDGED
    if not is_held or not is_person(actor):
        return
    for rollback in rollbacks:
        if rollback.is_under_way(now):
            msg = (
                f"{incident.id} cannot become {target} yet: {rollback.id} is moving "
                f"alias '{rollback.alias}' from version {rollback.from_version} to "
                f"{rollback.to_version} ({rollback.state}); wait for its end, at most "
                f"until {rollback.expires_at:%Y-%m-%d %H:%M} UTC. If its process died, "
                f"`daywatch approve {rollback.id} --reason ...` carries it to its end"
            )
            raise IllegalTransitionError(msg)


def require_revision(incident: Incident, expected: int | None) -> None:
    """Refuse a change that was made up before somebody else made one.

    Args:
        incident: As it stands.
        expected: The revision at which it was read; None to change it whatever it is.

    Raises:
        IllegalTransitionError: If it was changed since.
    """
    if expected is not None and incident.revision != expected:
        msg = (
            f"{incident.id} was changed meanwhile (revision {incident.revision}, not "
            f"{expected}); `daywatch incident show {incident.id}`, then say it again"
        )
        raise IllegalTransitionError(msg)


def require_mergeable(incident: Incident, target: Incident) -> None:
    """Refuse to merge an incident into one that cannot speak for it.

    Args:
        incident: The one that is to be merged.
        target: The one it is to be a part of.

    Raises:
        IllegalTransitionError: If they are the same, or the target is over.
    """
    if incident.id == target.id:
        msg = f"{incident.id} cannot be merged into itself"
        raise IllegalTransitionError(msg)
    if not target.is_active:
        msg = f"{target.id} is {target.state}; merge into an incident that is active"
        raise IllegalTransitionError(msg)
