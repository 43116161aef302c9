"""From what a channel gave back to the incident it was told of."""

import sqlalchemy as sa

from monitoring_tasks.domain.hearing import Address
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incident_tables import IncidentRow, MessageRow

Row = MessageRow
NEWEST = (Row.sent_at.desc(), Row.number.desc())


def address_of(
    database: Database, channel: str, field: str, value: str
) -> Address | None:
    """Return which incident a part of a receipt belongs to; None for none.

    Args:
        database: The store.
        channel: Name of the channel.
        field: Name of the part.
        value: What it holds.
    """
    query = sa.select(Row.incident, Row.notice).order_by(*NEWEST).limit(1)
    part = Row.receipt[field].as_string()
    with database.transaction() as connection:
        sent = connection.execute(query.where(*_told(channel), part == value)).first()
        if sent is None:
            return None
        of_incident = sa.select(part).where(
            *_told(channel), Row.incident == sent.incident
        )
        latest = connection.execute(of_incident.order_by(*NEWEST).limit(1)).scalar()
    return Address(
        incident=sent.incident,
        key=str((sent.notice or {}).get("key") or ""),
        environment=str((sent.notice or {}).get("environment") or ""),
        is_latest=latest == value,
    )


def open_receipts(database: Database, channel: str) -> dict[str, JsonObject]:
    """Return the latest receipt of a channel for each incident that needs somebody.

    Args:
        database: The store.
        channel: Name of the channel.
    """
    active = sa.select(IncidentRow.id).where(IncidentRow.is_active.is_(True))
    query = sa.select(Row.incident, Row.receipt).where(
        *_told(channel), Row.incident.in_(active)
    )
    latest: dict[str, JsonObject] = {}
    with database.transaction() as connection:
        for sent in connection.execute(query.order_by(*NEWEST)):
            latest.setdefault(sent.incident, sent.receipt or {})
    return latest


def _told(channel: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what makes a message one that was sent about one incident."""
    return (
        Row.channel == channel,
        Row.state == MessageState.SENT.value,
        Row.incident.is_not(None),
        # A digest is about several, and has the receipt of none of them.
        Row.is_gathered.is_(False),
        Row.notice.is_not(None),
    )
