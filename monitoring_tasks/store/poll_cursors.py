"""Until when channels were asked what people did there, and when they may be again."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incident_tables import PollCursorRow

Row = PollCursorRow
LONGEST_REST = timedelta(days=1)
"""Nobody asks for more; what is written further ahead is of a clock put back since."""


class PollCursors:
    """A row a channel; while a round is unfinished, one an incident it got to.

    Rows are named `channel`, `channel/incident`, and `channel/` for the instant before
    which the channel is to be left alone: no name of a channel has a stroke.
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
        rows = self._rows(channel)
        parts = {name.removeprefix(f"{channel}/"): at for name, at in rows.items()}
        return {name: at for name, at in parts.items() if name not in {channel, ""}}

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
        parts = Row.channel.startswith(f"{channel}/", autoescape=True)
        with self._database.transaction() as connection:
            connection.execute(sa.delete(Row).where(parts))
            row = {"channel": channel, "asked_at": at}
            self._database.upsert(connection, Row, [row])

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

    def _rows(self, channel: str) -> dict[str, datetime]:
        parts = Row.channel.startswith(f"{channel}/", autoescape=True)
        query = sa.select(Row.channel, Row.asked_at)
        query = query.where(sa.or_(Row.channel == channel, parts))
        with self._database.transaction() as connection:
            return {row.channel: row.asked_at for row in connection.execute(query)}
