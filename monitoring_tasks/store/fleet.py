"""What incidents have to do with each other: common causes, pages, the week's budget.

Every function is a part of the transaction in which an incident is reported or moved;
one such transaction is under way at a time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zlib import crc32

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import (
    FLEET,
    PAGING,
    WEEK,
    Page,
    Terms,
    ask,
    began_together,
    digest_id,
    is_digest,
    silence_over,
)
from monitoring_tasks.store.incident_writes import (
    active_of,
    add_event,
    find,
    insert,
    save,
    select,
)
from monitoring_tasks.store.schema import IncidentRow

FLEET_LOCK = 0x666C656574  # "fleet", as a Postgres advisory lock


def settle(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    """Merge an active incident with its like, then page somebody or write why not."""
    if not incident.is_active:
        return incident
    silence = silence_over(incident, terms)
    now = replace(incident, silenced_by=silence.id if silence else None)
    now = _joined(connection, now, terms, at=at)
    parent = find(connection, now.merged_into) if now.merged_into else None
    paged = select(
        connection, IncidentRow.paged_at > at - WEEK, IncidentRow.id != now.id
    )
    is_part = parent is not None and parent.is_active
    page = ask(now, terms, paged, is_part=is_part)
    if page is Page.NOW:
        now = replace(now, paged_at=at)
    save(connection, now)
    if silence is not None:
        until = f"until {silence.ends_at:%Y-%m-%d %H:%M} UTC"
        text = f"silenced by {silence.actor} {until}: {silence.reason}"
        add_event(connection, now, f"silenced-{silence.id}", at=at, text=text)
    if page is Page.OVER_BUDGET:
        return _digested(connection, now, terms, at=at)
    return now


def close_parent(connection: sa.Connection, child: Incident, *, at: datetime) -> None:
    """End the incident a closed one was a part of, once all its parts are over.

    A grave one is left for a person, with a line that says so.
    """
    parent = find(connection, child.merged_into) if child.merged_into else None
    if child.is_active or parent is None or not parent.is_active:
        return
    parts = (IncidentRow.merged_into == parent.id, IncidentRow.is_active.is_(True))
    if select(connection, *parts):
        return
    if parent.severity in PAGING:
        text = "all parts of it are over; a person may resolve it"
        add_event(connection, parent, f"over-{child.last_day}", at=at, text=text)
        return
    now = replace(parent, state=IncidentState.RESOLVED, resolved_day=child.resolved_day)
    save(connection, now)
    add_event(connection, now, "over", at=at, text="all parts of it are over")


def _joined(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    """Make an incident a part of the fleet's, if enough others began with it.

    What was a part once is not merged again after a person closed the whole.
    """
    if incident.merged_into and not is_digest(incident.merged_into):
        parent = find(connection, incident.merged_into)
        if parent is not None and parent.is_active:
            last = max(parent.last_day, incident.last_day)
            parent = replace(parent, last_day=last)
            save(connection, _told(parent, [incident], at=at))
        return incident
    if not incident.upstreams:
        return incident
    active = select(
        connection,
        IncidentRow.is_active.is_(True),
        ~IncidentRow.model.startswith(FLEET, autoescape=True),
    )
    for upstream in incident.upstreams:
        whole = active_of(connection, FLEET + upstream, Cause.COMMON_CAUSE)
        free = [other for other in active if _may_join(other, whole)]
        others = began_together(incident, free, upstream, needed=terms.common_models)
        if others:
            return _merged(connection, upstream, incident, others, at=at)
    return incident


def _may_join(other: Incident, whole: Incident | None) -> bool:
    into = other.merged_into
    return into is None or is_digest(into) or (whole is not None and into == whole.id)


def _merged(
    connection: sa.Connection,
    upstream: str,
    incident: Incident,
    others: Sequence[Incident],
    *,
    at: datetime,
) -> Incident:
    parts = [incident, *others]
    models = sorted({part.model for part in parts})
    text = f"{len(models)} models broke together, fed by {upstream}: "
    text += ", ".join(models)
    wanted = Incident(
        id=f"common_cause-{incident.last_day}-{crc32(upstream.encode()):08x}",
        model=FLEET + upstream,
        cause=Cause.COMMON_CAUSE,
        state=IncidentState.OPEN,
        severity=min(Severity.P1, *(part.severity for part in parts)),
        version="",
        onset_day=min(part.onset_day for part in parts),
        last_day=max(part.last_day for part in parts),
        title=text[:200],
        opened_at=at,
    )
    whole = _opened(connection, wanted, text=f"{text}; look upstream of all of them")
    if whole is None:
        return incident
    save(connection, _told(whole, parts, at=at))
    for part in parts:
        _join(connection, part, whole, at=at)
    return replace(incident, merged_into=whole.id)


def _told(whole: Incident, parts: Sequence[Incident], *, at: datetime) -> Incident:
    """Page about the whole, once, unless every part that asks for it is silenced."""
    is_quiet = all(part.silenced_by is not None for part in parts)
    is_known = whole.paged_at is not None
    return whole if is_known or is_quiet else replace(whole, paged_at=at)


def _digested(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    text = (
        f"the fleet has had its {terms.pages_a_week} pages of seven days; further ones "
        "are gathered here"
    )
    wanted = Incident(
        id=digest_id(at.date()),
        model=FLEET,
        cause=Cause.UNDETERMINED,
        state=IncidentState.OPEN,
        severity=Severity.P2,
        version="",
        onset_day=incident.onset_day,
        last_day=incident.last_day,
        title=text[:200],
        opened_at=at,
    )
    whole = _opened(connection, wanted, text=text)
    if whole is None:
        return incident
    return _join(connection, incident, whole, at=at)


def _opened(
    connection: sa.Connection, wanted: Incident, *, text: str
) -> Incident | None:
    """Open an incident of the fleet, or add to the active one; None if it was closed.

    What a person closed on a day is not opened again by that day.
    """
    active = active_of(connection, wanted.model, wanted.cause)
    if active is None:
        if find(connection, wanted.id) is not None:
            return None
        insert(connection, wanted)
        add_event(connection, wanted, "opened", at=wanted.opened_at, text=text)
        return wanted
    now = replace(
        active,
        severity=min(active.severity, wanted.severity),
        onset_day=min(active.onset_day, wanted.onset_day),
        last_day=max(active.last_day, wanted.last_day),
        title=wanted.title,
    )
    save(connection, now)
    return now


def _join(
    connection: sa.Connection, part: Incident, whole: Incident, *, at: datetime
) -> Incident:
    now = replace(part, merged_into=whole.id)
    save(connection, now)
    text = f"part of {whole.id}: {whole.title}"
    add_event(connection, now, f"merged-{whole.id}", at=at, text=text)
    add_event(connection, whole, f"joined-{part.id}", at=at, text=f"part: {part.title}")
    return now
