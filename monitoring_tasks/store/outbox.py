"""The outbox: messages, written with the changes they tell of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.messages import BEGINNINGS, Occasion
from monitoring_tasks.domain.outbox import (
    Message,
    MessageState,
    News,
    Route,
    Router,
    message_id,
    no_routes,
)
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_tables import MessageRow

S = MessageState


class Outbox:
    """Messages to channels; each call but `add` is one transaction."""

    def __init__(self, database: Database, router: Router = no_routes) -> None:
        """Remember the store.

        Args:
            database: The store.
            router: Where news goes; without one nothing is ever written.
        """
        self._database = database
        self._router = router

    def add(self, connection: sa.Connection, news: News) -> list[str]:
        """Write the messages of some news, a channel each, once per key.

        Args:
            connection: Of the transaction that makes the change they tell of.
            news: What is to be told.

        Returns:
            Their ids; of those that were there already too.
        """
        routes = {route.channel: route for route in self._router(news)}
        for channel in self._told_before(connection, news):
            # Whoever was asked to act hears how it goes on, whatever the rules say now;
            # a rule that waits for working hours still waits for them.
            if channel not in routes or routes[channel].is_gathered:
                routes[channel] = Route(
                    channel=channel, is_gathered=False, due_at=news.at
                )
        rows = [
            _new_row(news, route.channel, due_at=route.due_at)
            | {"is_gathered": route.is_gathered}
            for route in routes.values()
            if route.channel != news.origin
        ]
        self._database.insert_missing(connection, MessageRow, rows)
        return [row["id"] for row in rows]

    def tell(self, news: News) -> list[str]:
        """Write the messages of news that goes with no change, once per key.

        Args:
            news: What is to be told; the rules say where.
        """
        with self._database.transaction() as connection:
            return self.add(connection, news)

    def post(self, news: News, channels: Iterable[str]) -> list[str]:
        """Write messages to channels by name, in a transaction of its own.

        Args:
            news: What is to be told.
            channels: Where to; no rule is asked.
        """
        rows = [_new_row(news, channel, due_at=news.at) for channel in channels]
        with self._database.transaction() as connection:
            self._database.insert_missing(connection, MessageRow, rows)
        return [row["id"] for row in rows]

    def _told_before(self, connection: sa.Connection, news: News) -> list[str]:
        """Return the channels that were told of an incident by itself."""
        if news.incident is None or news.occasion in BEGINNINGS:
            return []
        row = MessageRow
        query = sa.select(row.channel).where(
            row.incident == news.incident.id, row.is_gathered.is_(False)
        )
        return list(connection.scalars(query.distinct().order_by(row.channel)))

    def has(self, key: str, channels: Iterable[str]) -> bool:
        """Whether some news was written for any of the channels.

        Args:
            key: Of the news.
            channels: Names of channels.
        """
        ids = [message_id(channel, key) for channel in channels]
        query = sa.select(MessageRow.id).where(MessageRow.id.in_(ids)).limit(1)
        with self._database.transaction() as connection:
            return connection.execute(query).first() is not None

    def waiting(self) -> list[Message]:
        """List what has not been sent, oldest first."""
        return self.find(S.WAITING)

    def find(
        self,
        *states: MessageState,
        incident: str | None = None,
        limit: int | None = None,
    ) -> list[Message]:
        """List messages, oldest first.

        Args:
            *states: Where they stand; none given for any.
            incident: Id of the incident they are about; None for any.
            limit: The newest so many; None for all.
        """
        row = MessageRow
        query = sa.select(table_of(row)).order_by(row.number.desc()).limit(limit)
        if states:
            query = query.where(row.state.in_([state.value for state in states]))
        if incident is not None:
            query = query.where(row.incident == incident)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [_message(dict(stored)) for stored in reversed(rows)]

    def beginning_with(self, text: str) -> list[Message]:
        """List the messages whose id begins with a text, oldest first.

        Args:
            text: The beginning of an id, or all of it.
        """
        row = MessageRow
        # Ids alone are compared, in their index: the rows are large.
        ids = sa.select(row.id).where(row.id.startswith(text, autoescape=True))
        query = sa.select(table_of(row)).where(row.id.in_(ids))
        with self._database.transaction() as connection:
            rows = connection.execute(query.order_by(row.number)).mappings()
            return [_message(dict(stored)) for stored in rows]

    def get(self, message: str) -> Message | None:
        """Return a message as it stands now; None when there is none."""
        query = sa.select(table_of(MessageRow)).where(MessageRow.id == message)
        with self._database.transaction() as connection:
            stored = connection.execute(query).mappings().first()
        return None if stored is None else _message(dict(stored))

    def retry(self, message: str, *, now: datetime) -> None:
        """Let a message that was given up, or that waits, be tried at once.

        Args:
            message: Its id.
            now: From when on.
        """
        self._change(
            message,
            state=S.WAITING.value,
            attempts=0,
            due_at=now,
            composed_at=None,
            notice=None,
        )

    def drop(self, message: str, *, fault: str) -> None:
        """Give a message up for good; it stays in the list.

        Args:
            message: Its id.
            fault: Who dropped it and why.
        """
        self._change(message, state=S.DROPPED.value, fault=fault)

    def receipt_of(self, channel: str, incident: str | None) -> JsonObject:
        """Return what a channel last gave back about an incident; empty for nothing.

        Args:
            channel: Name of the channel.
            incident: Id of the incident.
        """
        if incident is None:
            return {}
        row = MessageRow
        query = (
            sa.select(row.receipt)
            .where(
                row.channel == channel,
                row.incident == incident,
                row.state == S.SENT.value,
                # A digest is about many: its receipt is none of theirs.
                row.is_gathered.is_(False),
            )
            .order_by(row.sent_at.desc(), row.number.desc())
            .limit(1)
        )
        with self._database.transaction() as connection:
            return dict(connection.scalar(query) or {})

    def _change(self, message: str, **values: Any) -> None:  # noqa: ANN401 (columns)
        with self._database.transaction() as connection:
            update_messages(connection, [message], **values)


def update_messages(
    connection: sa.Connection,
    messages: Sequence[str],
    *,
    only_waiting: bool = False,
    **values: Any,  # noqa: ANN401 (columns)
) -> None:
    """Change columns of messages.

    Args:
        connection: Of the transaction.
        messages: Their ids.
        only_waiting: Whether those are left alone that do not wait any more.
        **values: New values by column.
    """
    row = MessageRow
    statement = sa.update(row).where(row.id.in_(messages)).values(**values)
    if only_waiting:
        statement = statement.where(row.state == S.WAITING.value)
    connection.execute(statement)


def _new_row(news: News, channel: str, *, due_at: datetime) -> dict[str, Any]:
    return {
        "id": message_id(channel, news.key),
        "channel": channel,
        "occasion": news.occasion.value,
        "incident": news.incident.id if news.incident else None,
        "model": news.model,
        "severity": news.severity,
        "subject": plain_json(news.subject),
        "is_gathered": False,
        "state": S.WAITING.value,
        "created_at": news.at,
        "due_at": due_at,
        "attempts": 0,
        "fault": "",
    }


def _message(row: dict[str, Any]) -> Message:
    return Message(
        **row
        | {
            "occasion": Occasion(row["occasion"]),
            "state": MessageState(row["state"]),
        }
    )
