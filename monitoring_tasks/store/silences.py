"""Silences, and who asked for or ended them; nothing is ever changed or removed."""

from datetime import datetime
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.silences import Silence, require_valid
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_tables import SilenceEventRow, SilenceRow

ADDED, ENDED = "added", "ended"


class Silences:
    """What nobody is to be paged about, as people asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, silence: Silence, *, longest_days: int) -> Silence:
        """Keep a silence; one that says the same and still acts stands for it.

        Args:
            silence: What a person asks for.
            longest_days: Days after which it has to end, >= 1.

        Raises:
            ConfigurationError: If it hides a P0, lasts too long, or nobody answers
                for it.
        """
        require_valid(silence, longest_days=longest_days)
        with self._database.transaction() as connection:
            for stored in _read(connection, SilenceRow.model == silence.model):
                if _same(stored, silence) and stored.acts_at(silence.starts_at):
                    return stored
            row = {
                "id": silence.id,
                "model": silence.model,
                "cause": silence.cause and silence.cause.value,
                "segment": silence.segment,
                "severity_at_most": silence.severity_at_most.value,
                "starts_at": silence.starts_at,
                "ends_at": silence.ends_at,
            }
            self._database.insert_missing(connection, SilenceRow, [row])
            event = _event(
                (silence.id, ADDED), silence.starts_at, silence.actor, silence.reason
            )
            self._database.insert_missing(connection, SilenceEventRow, [event])
        return silence

    def end(self, silence: str, *, at: datetime, actor: str, reason: str) -> Silence:
        """End a silence early; ending it again changes nothing.

        Args:
            silence: Its id.
            at: When.
            actor: Who ends it.
            reason: Why.

        Raises:
            LookupError: If there is none of this id.
        """
        with self._database.transaction() as connection:
            if not _read(connection, SilenceRow.id == silence):
                msg = f"there is no silence '{silence}'"
                raise LookupError(msg)
            event = _event((silence, ENDED), at, actor, reason)
            self._database.insert_missing(connection, SilenceEventRow, [event])
            return _read(connection, SilenceRow.id == silence)[0]

    def find(self, model: str | None = None) -> list[Silence]:
        """List silences, the newest first."""
        conditions = () if model is None else (SilenceRow.model == model,)
        with self._database.transaction() as connection:
            return _read(connection, *conditions)

    def acting(self, model: str | None, instant: datetime) -> list[Silence]:
        """List those under which a day of `model` falls that is judged at `instant`.

        Args:
            model: Registered model name; None for any.
            instant: The instant; aware.
        """
        row = SilenceRow
        conditions = () if model is None else (row.model == model,)
        with self._database.transaction() as connection:
            lasting = _read(connection, row.ends_at >= instant, *conditions)
        return [silence for silence in lasting if silence.acts_at(instant)]

    def events(self, silence: str) -> list[dict[str, Any]]:
        """List what happened to a silence, in order."""
        row = SilenceEventRow
        query = sa.select(table_of(row)).where(row.silence == silence).order_by(row.at)
        with self._database.transaction() as connection:
            return [dict(event) for event in connection.execute(query).mappings()]


def silence_id(model: str, starts_at: datetime, *about: object) -> str:
    """Return a silence's id: the same for the same request at the same instant.

    Args:
        model: Registered model name.
        starts_at: When it was asked for.
        about: What else tells it from others.
    """
    text = "/".join(map(str, (model, starts_at.isoformat(), *about)))
    return f"silence-{starts_at:%Y-%m-%d}-{crc32(text.encode()):08x}"


def _same(stored: Silence, silence: Silence) -> bool:
    return (
        # Not by when it was asked for: asked twice it is one silence.
        stored.cause,
        stored.segment,
        stored.severity_at_most,
        stored.ends_at,
        stored.actor,
        stored.reason,
    ) == (
        silence.cause,
        silence.segment,
        silence.severity_at_most,
        silence.ends_at,
        silence.actor,
        silence.reason,
    )


def _event(key: tuple[str, str], at: datetime, actor: str, text: str) -> dict[str, Any]:
    silence, event = key
    return {"silence": silence, "event": event, "at": at, "actor": actor, "text": text}


def _read(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> list[Silence]:
    row, event = SilenceRow, SilenceEventRow
    query = sa.select(table_of(row)).where(*conditions)
    query = query.order_by(row.starts_at.desc(), row.id)
    rows = [dict(stored) for stored in connection.execute(query).mappings()]
    shown = sa.select(row.id).where(*conditions)
    happened = connection.execute(
        sa.select(table_of(event)).where(event.silence.in_(shown))
    )
    events = {
        (stored["silence"], stored["event"]): stored for stored in happened.mappings()
    }
    return [_silence(stored, events) for stored in rows]


def _silence(row: dict[str, Any], events: dict[tuple[str, str], Any]) -> Silence:
    added, ended = events[row["id"], ADDED], events.get((row["id"], ENDED))
    return Silence(
        **row
        | {
            "cause": Cause(row["cause"]) if row["cause"] else None,
            "severity_at_most": Severity(row["severity_at_most"]),
        },
        actor=added["actor"],
        reason=added["text"],
        ended_at=ended["at"] if ended else None,
    )
