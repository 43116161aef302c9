"""Silences, and who asked for or ended them; nothing is ever changed or removed."""

from datetime import datetime
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.silences import Silence, require_valid
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import SilenceEventRow, SilenceRow, table_of

ADDED, ENDED = "added", "ended"


class Silences:
    """What nobody is to be paged about, as people asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, wish: Silence, *, longest_days: int) -> Silence:
        """Keep a silence; one that says the same and still acts stands for it.

        Raises:
            ConfigurationError: If it hides a P0, lasts too long, or nobody answers
                for it.
        """
        require_valid(wish, longest_days=longest_days)
        with self._database.transaction() as connection:
            for known in _read(connection, SilenceRow.model == wish.model):
                if _same(known, wish) and known.acts_at(wish.starts_at):
                    return known
            row = {
                "id": wish.id,
                "model": wish.model,
                "cause": wish.cause and wish.cause.value,
                "segment": wish.segment,
                "severity_at_most": wish.severity_at_most.value,
                "starts_at": wish.starts_at,
                "ends_at": wish.ends_at,
            }
            self._database.insert_missing(connection, SilenceRow, [row])
            said = _event((wish.id, ADDED), wish.starts_at, wish.actor, wish.reason)
            self._database.insert_missing(connection, SilenceEventRow, [said])
        return wish

    def end(self, silence: str, *, at: datetime, actor: str, reason: str) -> Silence:
        """End a silence early; ending it again changes nothing.

        Raises:
            LookupError: If there is none of this id.
        """
        with self._database.transaction() as connection:
            if not _read(connection, SilenceRow.id == silence):
                msg = f"there is no silence '{silence}'"
                raise LookupError(msg)
            said = _event((silence, ENDED), at, actor, reason)
            self._database.insert_missing(connection, SilenceEventRow, [said])
            return _read(connection, SilenceRow.id == silence)[0]

    def find(self, model: str | None = None) -> list[Silence]:
        """List silences, the newest first."""
        mine = () if model is None else (SilenceRow.model == model,)
        with self._database.transaction() as connection:
            return _read(connection, *mine)

    def acting(self, model: str, instant: datetime) -> list[Silence]:
        """List those under which a day of `model` falls that is judged at `instant`."""
        return [found for found in self.find(model) if found.acts_at(instant)]

    def events(self, silence: str) -> list[dict[str, Any]]:
        """List what happened to a silence, in order."""
        row = SilenceEventRow
        query = sa.select(table_of(row)).where(row.silence == silence).order_by(row.at)
        with self._database.transaction() as connection:
            return [dict(found) for found in connection.execute(query).mappings()]


def silence_id(model: str, starts_at: datetime, *about: object) -> str:
    """Give a silence's id: the same for the same wish at the same instant."""
    text = "/".join(map(str, (model, starts_at.isoformat(), *about)))
    return f"silence-{starts_at:%Y-%m-%d}-{crc32(text.encode()):08x}"


def _same(known: Silence, wish: Silence) -> bool:
    return (
        known.cause,
        known.segment,
        known.severity_at_most,
        known.ends_at,
        known.actor,
        known.reason,
    ) == (
        wish.cause,
        wish.segment,
        wish.severity_at_most,
        wish.ends_at,
        wish.actor,
        wish.reason,
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
    rows = [dict(found) for found in connection.execute(query).mappings()]
    ids = [found["id"] for found in rows]
    said = connection.execute(sa.select(table_of(event)).where(event.silence.in_(ids)))
    told = {(found["silence"], found["event"]): found for found in said.mappings()}
    return [_silence(found, told) for found in rows]


def _silence(row: dict[str, Any], told: dict[tuple[str, str], Any]) -> Silence:
    added, ended = told[row["id"], ADDED], told.get((row["id"], ENDED))
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
