"""Which incident a bad day belongs to: an active one, one that ended, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import ENDED, Incident, IncidentState, graver

UNCONFIRMED = frozenset({IncidentState.CANDIDATE, IncidentState.DISMISSED})
"""Bad days that have not lasted: no day belongs to them but their own."""


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
    observed: Incident,
    incidents: Sequence[Incident],
    *,
    reopen_from: date | None,
    targets: Sequence[Incident] = (),
) -> Placement:
    """Say which incident a bad day belongs to, and how it stands with the day.

    Args:
        observed: The incident as the day alone shows it.
        incidents: All incidents of its model, the newest first.
        reopen_from: One that ended on this day or later is opened again; None for
            never.
        targets: Incidents of other models into which people merged some of these.
    """
    incidents = [
        incident for incident in incidents if incident.state not in UNCONFIRMED
    ]
    # Its own cause first: only a day without an incident joins the one that flaps.
    active = (
        _active(observed, incidents)
        or _merged_into(observed, incidents, targets)
        or _flapping(observed, incidents)
    )
    if active is not None:
        now = _with_day(active, observed)
        # A day judged again may confirm what it had guessed.
        is_news = (
            observed.id != active.id
            or observed.last_day > active.last_day
            or now.severity is not active.severity
        )
        return Placement(incident=now, step=Step.ADDED, is_news=is_news)
    # Before a new one: judging a day again must not undo what a person closed.
    closed = _closed_over(observed, incidents)
    if closed is not None:
        return Placement(incident=closed, step=Step.NOTHING, is_news=False)
    ended = _ended_lately(observed, incidents, reopen_from)
    if ended is not None:
        return Placement(incident=_reopened(ended, observed), step=Step.REOPENED)
    return Placement(incident=observed, step=Step.OPENED)


def _active(observed: Incident, incidents: Sequence[Incident]) -> Incident | None:
    same = (i for i in incidents if i.is_active and i.cause is observed.cause)
    return next(same, None)


def _merged_into(
    observed: Incident, incidents: Sequence[Incident], targets: Sequence[Incident]
) -> Incident | None:
    """Find the active incident into which a person merged the one of this cause."""
    by_id = {incident.id: incident for incident in (*incidents, *targets)}
    for incident in incidents:
        if incident.cause is not observed.cause:
            continue
        target: Incident | None = incident
        # A target may have been merged in its turn; never more often than there are.
        for _ in by_id:
            if target is None or target.state is not IncidentState.MERGED:
                break
            target = by_id.get(target.merged_into or "")
        if target is not None and target is not incident and target.is_active:
            return target
    return None


def _flapping(observed: Incident, incidents: Sequence[Incident]) -> Incident | None:
    """Find the active incident that stands for all of a model whose alarm flaps.

    Broken data, a bad release and a P0 always stand for themselves.
    """
    if not observed.is_flapping or observed.severity is Severity.P0:
        return None
    if not takes_turns(observed.cause):
        return None
    active = [i for i in incidents if i.is_active and takes_turns(i.cause)]
    return min(active, key=lambda incident: incident.onset_day, default=None)


def takes_turns(cause: Cause) -> bool:
    """Whether a cause may take turns with others while an alarm comes and goes."""
    match cause:
        case (
            Cause.COVARIATE_DRIFT
            | Cause.CONCEPT_DRIFT
            | Cause.LABEL_QUALITY
            | Cause.SEGMENT
            | Cause.UNDETERMINED
        ):
            return True
        case Cause.DATA | Cause.INTEGRATION | Cause.COMMON_CAUSE | Cause.MODEL:
            return False
        case _:
            assert_never(cause)


def _closed_over(observed: Incident, incidents: Sequence[Incident]) -> Incident | None:
    """Find the closed incident that a day already belongs to."""
    of_day = (
        i
        for i in incidents
        if i.cause is observed.cause
        and (i.id == observed.id or i.onset_day <= observed.last_day <= i.last_day)
    )
    return next(of_day, None)


def _ended_lately(
    observed: Incident, incidents: Sequence[Incident], reopen_from: date | None
) -> Incident | None:
    """Find the incident of the same cause that ended within the days that count.

    A release that is withdrawn has ended for good: another version's is another.
    """
    if reopen_from is None:
        return None
    ended = [
        i
        for i in incidents
        if i.cause is observed.cause
        and i.state in ENDED
        and i.resolved_day is not None
        and i.resolved_day >= reopen_from
        # A day before the episode is no relapse of it.
        and i.onset_day < observed.last_day
        and (observed.cause is not Cause.MODEL or i.version == observed.version)
    ]
    return max(ended, key=lambda incident: incident.last_day, default=None)


def _with_day(active: Incident, observed: Incident) -> Incident:
    """Add a bad day to an active incident; one that was thought over is open again.

    After a rollback the batches of the version taken back may still be on their way:
    that incident goes on being watched.
    """
    is_back = (
        active.state is IncidentState.MONITORING
        and active.cause is not Cause.MODEL
        and observed.last_day > active.last_day
        and not observed.is_flapping
    )
    is_graver = graver(active.severity, observed.severity) is not active.severity
    is_model = Cause.MODEL is active.cause is observed.cause
    return replace(
        active,
        state=IncidentState.OPEN if is_back else active.state,
        severity=graver(active.severity, observed.severity),
        # What it is called, and whom it is laid to, is what made it as grave as it is.
        title=observed.title if is_graver else active.title,
        version=observed.version if is_graver and is_model else active.version,
        # Days may be judged in any order, and severity never falls by itself.
        onset_day=min(active.onset_day, observed.onset_day),
        last_day=max(active.last_day, observed.last_day),
        is_flapping=active.is_flapping or observed.is_flapping,
        upstreams=tuple(sorted({*active.upstreams, *observed.upstreams})),
        segments=tuple(sorted({*active.segments, *observed.segments})),
    )


def _reopened(ended: Incident, observed: Incident) -> Incident:
    """Open an incident again; one that flaps pages nobody a second time."""
    return replace(
        _with_day(ended, observed),
        state=IncidentState.OPEN,
        reopened=ended.reopened + 1,
        resolved_day=None,
        resolved_at=None,
        # Trouble that comes back has to be taken on again.
        acknowledged_at=None,
        escalation=0,
        # Otherwise None: trouble that comes back pages again.
        paged_at=ended.paged_at if observed.is_flapping else None,
    )
