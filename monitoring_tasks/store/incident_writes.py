"""What a transaction about incidents is made of."""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.timeline import event_digest
from monitoring_tasks.errors import LeaseHeldError
from monitoring_tasks.store.database import SEEN, lock
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_rows import incident_from, place_of, row_of
from monitoring_tasks.store.incident_tables import IncidentEventRow, IncidentRow

TIMELINE_LOCK = 0x74696D656C696E65  # "timeline", as a Postgres advisory lock


class Seen(NamedTuple):
    """An incident as a transaction read it, and as it has written it.

    Attributes:
        before: As it was read; None where the transaction opened it.
        now: As it stands.
    """

    before: Incident | None
    now: Incident


def select(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> list[Incident]:
    """Load incidents to change them, the newest first.

    Postgres: whoever does so keeps others waiting until the transaction's end.
    """
    query = sa.select(table_of(IncidentRow)).where(*conditions)
    query = query.order_by(IncidentRow.onset_day.desc(), IncidentRow.id)
    rows = connection.execute(query.with_for_update()).mappings()
    incidents = [incident_from(dict(row)) for row in rows]
    for incident in incidents:
        _seen(connection).setdefault(incident.id, Seen(incident, incident))
    return incidents


def find(connection: sa.Connection, incident: str) -> Incident | None:
    """Load an incident to change it; None when there is none.

    Args:
        connection: Of the transaction.
        incident: Its id.
    """
    return next(iter(select(connection, IncidentRow.id == incident)), None)


def active_of(connection: sa.Connection, model: str, cause: Cause) -> Incident | None:
    """Load the one active incident of a model and cause, if there is one.

    Args:
        connection: Of the transaction.
        model: Registered model name, or one of the fleet's.
        cause: The cause.
    """
    row = IncidentRow
    conditions = (row.model == model, row.cause == cause.value, row.is_active.is_(True))
    return next(iter(select(connection, *conditions)), None)


def insert(connection: sa.Connection, incident: Incident) -> None:
    """Write an incident down.

    Args:
        connection: Of the transaction.
        incident: One that is not there yet.

    Raises:
        LeaseHeldError: If another process is doing the same.
    """
    try:
        connection.execute(sa.insert(IncidentRow).values(**row_of(incident)))
    except sa.exc.IntegrityError as error:
        msg = f"'{incident.id}' is being opened by another process; try again"
        raise LeaseHeldError(msg) from error
    _seen(connection)[incident.id] = Seen(None, incident)


def save(connection: sa.Connection, incident: Incident) -> None:
    """Write down how an incident stands now; nothing where nothing has changed.

    Args:
        connection: Of the transaction, in which it was loaded.
        incident: As it stands.
    """
    seen = _seen(connection)[incident.id]
    if incident == seen.now:
        return
    # Counted from what was read: the object handed in may be of before a change.
    now = replace(incident, revision=seen.now.revision + 1)
    statement = sa.update(IncidentRow).where(IncidentRow.id == incident.id)
    connection.execute(statement.values(**row_of(now)))
    _seen(connection)[incident.id] = Seen(seen.before, now)


def changes(connection: sa.Connection) -> list[Seen]:
    """Return the incidents this transaction has opened or changed so far."""
    return [s for s in _seen(connection).values() if s.before != s.now]


def events_of(connection: sa.Connection, incident: str) -> list[dict[str, Any]]:
    """Load what happened to an incident, in order.

    Args:
        connection: Of the transaction.
        incident: Its id.
    """
    row = IncidentEventRow
    query = sa.select(table_of(row)).where(row.incident == incident)
    events = [dict(event) for event in connection.execute(query).mappings()]
    # Not by the database: events of one instant have an order of their own.
    return sorted(events, key=place_of)


def add_event(
    connection: sa.Connection,
    incident: Incident,
    event: str,
    *,
    at: datetime,
    text: str,
    detail: dict[str, Any] | None = None,
    actor: str = "daywatch",
) -> None:
    """Write a line on an incident's time line, once per `event`.

    Args:
        connection: Of the transaction.
        incident: As it stands after what happened.
        event: Names the line; one that is there already stays as it is.
        at: When.
        text: The line.
        detail: What it rests on, JSON only.
        actor: Who did it.
    """
    earlier = sa.select(IncidentEventRow.event).where(
        IncidentEventRow.incident == incident.id, IncidentEventRow.event == event
    )
    if connection.execute(earlier).first() is not None:
        return
    fields = {
        "incident": incident.id,
        "event": event,
        "at": at,
        "actor": actor,
        "kind": incident.state.value,
        "text": text,
        # As it is read back: the digest is of what the store holds.
        "detail": plain_json(detail or {}),
    }
    connection.execute(
        sa.insert(IncidentEventRow).values(**_chained(connection, fields))
    )


def _chained(connection: sa.Connection, fields: JsonObject) -> dict[str, Any]:
    """Return an event with its place in the chain and both digests."""
    # Two events at once would both follow the same one, and break the chain.
    lock(connection, TIMELINE_LOCK)
    row = IncidentEventRow
    query = sa.select(row.number, row.digest).order_by(row.number.desc()).limit(1)
    last = connection.execute(query).first()
    number, previous = (last.number, last.digest) if last else (0, BEFORE_FIRST)
    event = dict(fields) | {"number": number + 1, "previous": previous}
    return event | {"digest": event_digest(event)}


def _seen(connection: sa.Connection) -> dict[str, Seen]:
    seen: dict[str, Seen] = connection.info[SEEN]
    return seen
