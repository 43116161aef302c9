"""Which incident a bad day belongs to: an active one, one that ended, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState, graver

FLAPPING = frozenset(
    {
        Cause.COVARIATE_DRIFT,
        Cause.CONCEPT_DRIFT,
        Cause.LABEL_QUALITY,
        Cause.SEGMENT,
        Cause.UNDETERMINED,
    }
)
"""Causes that may take turns while an alarm comes and goes."""


class Step(StrEnum):
    """What a bad day does to the incident it belongs to."""

    OPENED = "opened"
    REOPENED = "reopened"
    ADDED = "added"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a bad day belongs.

    Attributes:
        incident: The incident as it stands with the day.
        step: What the day does to it; nothing where a person closed it over the day.
        is_news: Whether the day goes on its time line: one that was seen does not.
    """

    incident: Incident
    step: Step
    is_news: bool = True


def place_day(
    seen: Incident, incidents: Sequence[Incident], *, reopen_from: date | None
) -> Placement:
    """Say which incident a bad day belongs to, and how it stands with the day.

    Args:
        seen: The incident as the day alone shows it.
        incidents: All incidents of its model, the newest first.
        reopen_from: One that ended on this day or later is opened again; None for
            never.
    """
    active = _active(seen, incidents) or _flapping(seen, incidents)
    if active is not None:
        is_news = seen.id != active.id or seen.last_day > active.last_day
        return Placement(
            incident=_with_day(active, seen), step=Step.ADDED, is_news=is_news
        )
    closed = _closed_over(seen, incidents)
    if closed is not None:
        return Placement(incident=closed, step=Step.NOTHING, is_news=False)
    ended = _ended_lately(seen, incidents, reopen_from)
    if ended is not None:
        return Placement(incident=_reopened(ended, seen), step=Step.REOPENED)
    return Placement(incident=seen, step=Step.OPENED)


def _active(seen: Incident, incidents: Sequence[Incident]) -> Incident | None:
    same = (i for i in incidents if i.is_active and i.cause is seen.cause)
    return next(same, None)


def _flapping(seen: Incident, incidents: Sequence[Incident]) -> Incident | None:
    """Find the active incident that stands for all of a model whose alarm flaps.

    Broken data, a bad release and a P0 always stand for themselves.
    """
    if not seen.is_flapping or seen.severity is Severity.P0:
        return None
    if seen.cause not in FLAPPING:
        return None
    active = [i for i in incidents if i.is_active and i.cause in FLAPPING]
    return min(active, key=lambda incident: incident.onset_day, default=None)


def _closed_over(seen: Incident, incidents: Sequence[Incident]) -> Incident | None:
    """Find the closed incident that a day already belongs to."""
    of_day = (
        i
        for i in incidents
        if i.cause is seen.cause
        and (i.id == seen.id or i.onset_day <= seen.last_day <= i.last_day)
    )
    return next(of_day, None)


def _ended_lately(
    seen: Incident, incidents: Sequence[Incident], reopen_from: date | None
) -> Incident | None:
    """Find the incident of the same cause that ended within the days that count.

    A release that is withdrawn has ended for good: another version's is another.
    """
    if reopen_from is None:
        return None
    ended = [
        i
        for i in incidents
        if i.cause is seen.cause
        and i.state is IncidentState.RESOLVED
        and i.resolved_day is not None
        and i.resolved_day >= reopen_from
        and i.onset_day < seen.last_day
        and (seen.cause is not Cause.MODEL or i.version == seen.version)
    ]
    return max(ended, key=lambda incident: incident.last_day, default=None)


def _with_day(active: Incident, seen: Incident) -> Incident:
    """Add a bad day to an active incident; one that was thought over is open again.

    After a rollback the batches of the version taken back may still be on their way:
    that incident goes on being watched.
    """
    is_back = (
        active.state is IncidentState.MONITORING
        and active.cause is not Cause.MODEL
        and seen.last_day > active.last_day
        and not seen.is_flapping
    )
    return replace(
        active,
        state=IncidentState.OPEN if is_back else active.state,
        severity=graver(active.severity, seen.severity),
        onset_day=min(active.onset_day, seen.onset_day),
        last_day=max(active.last_day, seen.last_day),
        is_flapping=active.is_flapping or seen.is_flapping,
        upstreams=tuple(sorted({*active.upstreams, *seen.upstreams})),
    )


def _reopened(ended: Incident, seen: Incident) -> Incident:
    """Open an incident again; one that flaps pages nobody a second time."""
    return replace(
        _with_day(ended, seen),
        state=IncidentState.OPEN,
        reopened=ended.reopened + 1,
        resolved_day=None,
        paged_at=ended.paged_at if seen.is_flapping else None,
    )
