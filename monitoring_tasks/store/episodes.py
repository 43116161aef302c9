"""Which incident a bad day belongs to: an active one, one that ended, or a new one."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState, graver
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.store.incident_writes import (
    active_of,
    add_event,
    insert,
    save,
    select,
)
from monitoring_tasks.store.schema import IncidentRow

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


def place_day(
    connection: sa.Connection,
    seen: Incident,
    terms: Terms,
    *,
    text: str,
    detail: dict[str, Any],
) -> Incident:
    """Add a day to the incident it belongs to; open or re-open one if need be."""
    at, event = seen.opened_at, f"seen-{seen.last_day}"
    active = active_of(connection, seen.model, seen.cause)
    active = active or _flapper(connection, seen)
    if active is None:
        again = _closed(connection, seen)
        if again is not None:
            return again
        ended = _ended_lately(connection, seen, terms)
        if ended is None:
            insert(connection, seen)
            add_event(connection, seen, "opened", at=at, text=text, detail=detail)
            return seen
        now, text = _reopened(ended, seen), f"opened again: {text}"
    else:
        now = _with_day(active, seen)
    save(connection, now)
    is_news = active is None or (
        seen.id != active.id or seen.last_day > active.last_day
    )
    if is_news:
        add_event(connection, now, event, at=at, text=text, detail=detail)
    return now


def _closed(connection: sa.Connection, seen: Incident) -> Incident | None:
    """Find the closed incident that a day already belongs to."""
    row = IncidentRow
    is_within = sa.and_(row.onset_day <= seen.last_day, row.last_day >= seen.last_day)
    mine = (row.model == seen.model, row.cause == seen.cause.value)
    found = select(connection, *mine, sa.or_(row.id == seen.id, is_within))
    return next(iter(found), None)


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


def _ended_lately(
    connection: sa.Connection, seen: Incident, terms: Terms
) -> Incident | None:
    """Find the incident of the same cause that ended within the days that count.

    A release that is withdrawn has ended for good: another version's is another.
    """
    row = IncidentRow
    if terms.reopen_from is None:
        return None
    found = select(
        connection,
        row.model == seen.model,
        row.cause == seen.cause.value,
        row.state == IncidentState.RESOLVED.value,
        row.resolved_day >= terms.reopen_from,
        row.onset_day < seen.last_day,
    )
    same = [
        one
        for one in found
        if seen.cause is not Cause.MODEL or one.version == seen.version
    ]
    return max(same, key=lambda one: one.last_day, default=None)


def _flapper(connection: sa.Connection, seen: Incident) -> Incident | None:
    """Find the active incident that stands for all of a model whose alarm flaps.

    Broken data, a bad release and a P0 always stand for themselves.
    """
    if not seen.is_flapping or seen.severity is Severity.P0:
        return None
    if seen.cause not in FLAPPING:
        return None
    row = IncidentRow
    active = select(
        connection,
        row.model == seen.model,
        row.is_active.is_(True),
        row.cause.in_([cause.value for cause in FLAPPING]),
    )
    return min(active, key=lambda one: one.onset_day, default=None)
