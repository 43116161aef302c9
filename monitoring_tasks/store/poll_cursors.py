"""Until when channels were asked what people did there, and when they may be again."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incident_tables import PollCursorRow

Row = PollCursorRow
LONGEST_REST = timedelta(days=1)
"""Nobody asks for more; what is written further ahead is of a clock put back since."""


class PollCursors:
    """A row a channel; while a round is unfinished, two an incident it got to.

    Rows are named `channel`, `channel/incident` for what it told of,
    `channel//incident` for what was asked in vain, and `channel/` for the instant
    before which the channel is to be left alone: no name of a channel has a stroke.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def asked_until(self, channel: str) -> datetime | None:
        """Return until when a channel was asked about everything; None for never."""
        return self._rows(channel).get(channel)

    def answered(self, channel: str) -> dict[str, datetime]:
        """Return until when a channel told of single incidents, on unfinished rounds.

        Args:
            channel: Name of the channel.
        """
        names = self._parts(channel)
        return {n: at for n, at in names.items() if n and not n.startswith("/")}

    def failed(self, channel: str) -> dict[str, datetime]:
        """Return when incidents were asked about in vain, on unfinished rounds.

        Args:
            channel: Name of the channel.
        """
        names = self._parts(channel)
        return {n[1:]: at for n, at in names.items() if n.startswith("/")}

    def resting_until(self, channel: str, *, now: datetime) -> datetime | None:
        """Return before when a channel is not to be asked; None where it may be now.

        Args:
            channel: Name of the channel.
            now: The present instant.
        """
        until = self._rows(channel).get(f"{channel}/")
        is_ahead = until is not None and now < until <= now + LONGEST_REST
        return until if is_ahead else None

    def keep_asked(self, channel: str, at: datetime, *, incident: str = "") -> None:
        """Write down until when a channel was asked.

        Args:
            channel: Name of the channel.
            at: Until when.
            incident: Id of the only incident it told of; empty for a whole round.
        """
        if incident:
            self._keep(f"{channel}/{incident}", at)
            return
        with self._database.transaction() as connection:
            connection.execute(sa.delete(Row).where(_is_part_of(channel)))
            row = {"channel": channel, "asked_at": at}
            self._database.upsert(connection, Row, [row])

    def keep_failed(self, channel: str, at: datetime, *, incident: str) -> None:
        """Write down when a channel was asked about an incident in vain.

        Args:
            channel: Name of the channel.
            at: When.
            incident: Id of the incident.
        """
        self._keep(f"{channel}//{incident}", at)

    def let_rest(self, channel: str, until: datetime) -> None:
        """Write down before when a channel is not to be asked again.

        Args:
            channel: Name of the channel.
            until: The instant from which it may be.
        """
        self._keep(f"{channel}/", until)

    def _keep(self, name: str, at: datetime) -> None:
        with self._database.transaction() as connection:
            row = {"channel": name, "asked_at": at}
            self._database.upsert(connection, Row, [row])

    def _parts(self, channel: str) -> dict[str, datetime]:
        rows = self._rows(channel)
        rows.pop(channel, None)
        return {name.removeprefix(f"{channel}/"): at for name, at in rows.items()}

    def _rows(self, channel: str) -> dict[str, datetime]:
        query = sa.select(Row.channel, Row.asked_at)
        query = query.where(sa.or_(Row.channel == channel, _is_part_of(channel)))
        with self._database.transaction() as connection:
            return {row.channel: row.asked_at for row in connection.execute(query)}


def _is_part_of(channel: str) -> sa.ColumnElement[bool]:
    """Whether a row is one of a channel's parts; in LIKE of SQLite, `Ops` is `ops`."""
    first = f"{channel}/"
    return sa.func.substr(Row.channel, 1, len(first)) == first
