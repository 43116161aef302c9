"""What was heard from channels, each event once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.hearing import UNSETTLED, Heard, Outcome, What
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_tables import HeardEventRow

Row = HeardEventRow
HEARD = ("event", "channel", "what", "who", "at", "text", "field", "value", "key")
OPEN = [outcome.value for outcome in UNSETTLED]


class HeardEvents:
    """What people did in channels; each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, heard: Heard, *, now: datetime) -> Outcome:
        """Write down that something was heard; return what became of it so far.

        Args:
            heard: What was heard; an event that is there already stays as it is.
            now: The present instant.
        """
        row = {name: getattr(heard, name) for name in (*HEARD, "other")} | {
            "what": heard.what.value,
            "heard_at": now,
            "incident": None,
            "outcome": Outcome.PENDING.value,
            "reason": "",
        }
        query = sa.select(Row.outcome).where(*_named(heard))
        with self._database.transaction() as connection:
            self._database.insert_missing(connection, Row, [row])
            return Outcome(connection.execute(query).scalar_one())

    def end(
        self, heard: Heard, outcome: Outcome, *, incident: str | None, reason: str
    ) -> None:
        """Write down what became of something; what is settled stays as it is.

        Args:
            heard: What was heard.
            outcome: What became of it.
            incident: Id of the incident; None where it is not known.
            reason: Why it changed nothing; empty where it did.
        """
        values = {"outcome": outcome.value, "incident": incident, "reason": reason}
        statement = sa.update(Row).where(*_named(heard), Row.outcome.in_(OPEN))
        with self._database.transaction() as connection:
            connection.execute(statement.values(**values))

    def mark_of(self, channel: str, other: str) -> tuple[str, str] | None:
        """Return the part of a receipt that an id of the other side stands for.

        Args:
            channel: Name of the channel.
            other: The other side's id of the incident.

        Returns:
            Name and value of that part; None where nothing told of both.
        """
        query = (
            sa.select(Row.field, Row.value)
            .where(
                Row.channel == channel,
                Row.other == other,
                Row.value != "",
                Row.incident.is_not(None),
            )
            .order_by(Row.heard_at.desc())
            .limit(1)
        )
        with self._database.transaction() as connection:
            pair = connection.execute(query).first()
        return None if pair is None else (pair.field, pair.value)

    def unknown(self, channel: str, other: str) -> list[Heard]:
        """List what was heard about something nobody knew then, oldest first.

        Args:
            channel: Name of the channel.
            other: The other side's id of the incident.
        """
        return self._find(
            Row.channel == channel,
            Row.other == other,
            Row.outcome == Outcome.UNKNOWN.value,
        )

    def unfinished(self, *, before: datetime, since: datetime) -> list[Heard]:
        """List what may still be acted on, oldest first.

        Args:
            before: What was heard earlier and never acted on was left behind.
            since: What was heard later may have come before our own message was
                written down as sent.
        """
        is_left = sa.and_(Row.outcome == Outcome.PENDING.value, Row.heard_at < before)
        is_early = sa.and_(Row.outcome == Outcome.UNKNOWN.value, Row.heard_at >= since)
        return self._find(sa.or_(is_left, is_early))

    def listing(
        self,
        incident: str | None = None,
        *,
        limit: int | None = None,
        without: Collection[What] = (),
    ) -> list[dict[str, Any]]:
        """List what was heard, oldest first.

        Args:
            incident: Id of the incident it is about; None for any.
            limit: The newest so many; None for all.
            without: What is left out.
        """
        newest = (Row.heard_at.desc(), Row.at.desc(), Row.event.desc())
        query = sa.select(table_of(Row)).order_by(*newest).limit(limit)
        query = query.where(Row.what.not_in([what.value for what in without]))
        if incident is not None:
            query = query.where(Row.incident == incident)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [dict(row) for row in reversed(rows)]

    def _find(self, *conditions: sa.ColumnElement[bool]) -> list[Heard]:
        query = sa.select(table_of(Row)).where(*conditions).order_by(Row.at, Row.event)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Heard(
                **{name: row[name] for name in (*HEARD, "other")}
                | {"what": What(row["what"])}
            )
            for row in rows
        ]


def _named(heard: Heard) -> tuple[sa.ColumnElement[bool], ...]:
    return Row.channel == heard.channel, Row.event == heard.event
