"""From changes of incidents to messages, in the transaction that makes the changes."""

import sqlalchemy as sa

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.occasions import occasion_of, tells_by_itself
from monitoring_tasks.domain.outbox import News
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.store.incident_rows import row_of
from monitoring_tasks.store.incident_writes import changes
from monitoring_tasks.store.outbox import Outbox


def announce(connection: sa.Connection, outbox: Outbox, entry: Entry) -> None:
    """Write the messages about all incidents that a transaction has changed.

    Args:
        connection: Of the transaction, before it ends.
        outbox: Where they are written.
        entry: Who changed them, when and why.
    """
    for seen in changes(connection):
        occasion = occasion_of(seen.before, seen.now)
        if occasion is None or not tells_by_itself(seen.now):
            continue
        key = f"{seen.now.id}:{seen.now.revision}:{occasion}"
        outbox.add(connection, _news(seen.now, occasion, key, entry))


def announce_note(
    connection: sa.Connection,
    outbox: Outbox,
    incident: Incident,
    *,
    name: str,
    entry: Entry,
) -> None:
    """Write the messages about what a person noted on an incident.

    Args:
        connection: Of the transaction that writes the note.
        outbox: Where they are written.
        incident: As it stands.
        name: Names the line of the time line.
        entry: Who noted it, when and what.
    """
    key = f"{incident.id}:note:{name}"
    outbox.add(connection, _news(incident, Occasion.NOTED, key, entry))


def _news(incident: Incident, occasion: Occasion, key: str, entry: Entry) -> News:
    return News(
        occasion=occasion,
        subject={
            "incident": row_of(incident),
            "text": entry.text,
            "actor": entry.actor,
            "at": entry.at,
        },
        incident=incident,
        model=incident.model,
        severity=incident.severity.value,
        at=entry.at,
        key=key,
        origin=entry.origin,
    )
