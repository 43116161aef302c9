"""Merging, paging and gathering of reported incidents, written to the store.

What is decided is decided in `domain.paging` and `domain.fleet_incidents`. Every
function is a part of the transaction in which an incident is reported or moved; one
such transaction is under way at a time.
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.fleet_incidents import (
    CommonCause,
    absorb,
    close_with_parts,
    digest_of,
    digest_text,
    find_common_cause,
    is_part_of_common_cause,
    mark_paged,
)
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.paging import (
    FLEET,
    WEEK,
    Page,
    Terms,
    page_reason,
    silence_over,
)
from monitoring_tasks.domain.silences import Silence
from monitoring_tasks.store.incident_tables import IncidentRow
from monitoring_tasks.store.incident_writes import (
    active_of,
    add_event,
    find,
    insert,
    save,
    select,
)

FLEET_LOCK = 0x666C656574  # "fleet", as a Postgres advisory lock


def merge_and_page(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    """Merge an active incident with its like, then page somebody or write why not.

    Args:
        connection: Of the transaction in which it is reported.
        incident: As it stands with the day.
        terms: What may hold its page back.
        at: When it is reported.
    """
    if not incident.is_active:
        return incident
    silence = silence_over(incident, terms)
    now = replace(incident, silenced_by=silence.id if silence else None)
    now = _joined(connection, now, terms, at=at)
    page = _page_of(connection, now, terms, at=at)
    if page is Page.NOW:
        now = replace(now, paged_at=at)
    save(connection, now)
    if silence is not None:
        _note_silence(connection, now, silence, at=at)
    if page is Page.OVER_BUDGET:
        return _digested(connection, now, terms, at=at)
    return now


def close_parent(connection: sa.Connection, child: Incident, *, at: datetime) -> None:
    """End the incident a closed one was a part of, once all its parts are over.

    A grave one is left for a person, with a line that says so.

    Args:
        connection: Of the transaction in which the part is moved.
        child: The part, as it stands now.
        at: When it is moved.
    """
    parent = find(connection, child.merged_into) if child.merged_into else None
    if child.is_active or parent is None or not parent.is_active:
        return
    parts = (IncidentRow.merged_into == parent.id, IncidentRow.is_active.is_(True))
    if select(connection, *parts):
        return
    closed = close_with_parts(parent, at=at, resolved_day=child.resolved_day)
    if closed is None:
        text = "all parts of it are over; a person may resolve it"
        add_event(connection, parent, f"over-{child.last_day}", at=at, text=text)
        return
    save(connection, closed)
    add_event(connection, closed, "over", at=at, text="all parts of it are over")


def _page_of(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Page:
    into = incident.merged_into
    parent = find(connection, into) if into else None
    paged = select(
        connection, IncidentRow.paged_at > at - WEEK, IncidentRow.id != incident.id
    )
    is_part = parent is not None and parent.is_active
    return page_reason(incident, terms, paged, is_part=is_part)


def _note_silence(
    connection: sa.Connection, incident: Incident, silence: Silence, *, at: datetime
) -> None:
    until = f"until {silence.ends_at:%Y-%m-%d %H:%M} UTC"
    text = f"silenced by {silence.actor} {until}: {silence.reason}"
    add_event(connection, incident, f"silenced-{silence.id}", at=at, text=text)


def _joined(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    """Make an incident a part of the fleet's, if enough others began with it.

    What was a part once is not merged again after a person closed the common cause.
    """
    if is_part_of_common_cause(incident):
        parent = find(connection, incident.merged_into or "")
        if parent is not None and parent.is_active:
            last = max(parent.last_day, incident.last_day)
            longer = replace(parent, last_day=last)
            save(connection, mark_paged(longer, [incident], at=at))
        return incident
    if not incident.upstreams:
        return incident
    active = select(
        connection,
        IncidentRow.is_active.is_(True),
        ~IncidentRow.model.startswith(FLEET, autoescape=True),
    )
    common = find_common_cause(
        incident,
        active,
        lambda upstream: active_of(connection, FLEET + upstream, Cause.COMMON_CAUSE),
        needed=terms.common_models,
        at=at,
    )
    return incident if common is None else _merged(connection, common, at=at)


def _merged(
    connection: sa.Connection, common: CommonCause, *, at: datetime
) -> Incident:
    reported = common.parts[0]
    text = f"{common.text}; look upstream of all of them"
    opened = _opened(connection, common.incident, text=text)
    if opened is None:
        return reported
    save(connection, mark_paged(opened, common.parts, at=at))
    for part in common.parts:
        _join(connection, part, opened, at=at)
    return replace(reported, merged_into=opened.id)


def _digested(
    connection: sa.Connection, incident: Incident, terms: Terms, *, at: datetime
) -> Incident:
    pages = terms.pages_a_week or 0
    wanted = digest_of(incident, pages_a_week=pages, at=at)
    digest = _opened(connection, wanted, text=digest_text(pages))
    return incident if digest is None else _join(connection, incident, digest, at=at)


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
    now = absorb(active, wanted)
    save(connection, now)
    return now


def _join(
    connection: sa.Connection, part: Incident, parent: Incident, *, at: datetime
) -> Incident:
    now = replace(part, merged_into=parent.id)
    save(connection, now)
    text = f"part of {parent.id}: {parent.title}"
    add_event(connection, now, f"merged-{parent.id}", at=at, text=text)
    joined = f"part: {part.title}"
    add_event(connection, parent, f"joined-{part.id}", at=at, text=joined)
    return now
