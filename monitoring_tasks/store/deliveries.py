"""Messages on their way out: claimed by a worker, sent, or failed and put off."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.outbox import CLAIM, Message, MessageState
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incident_tables import MessageRow
from monitoring_tasks.store.outbox import update_messages

S = MessageState


class Deliveries:
    """What workers write down while they send; each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, messages: Sequence[Message], *, worker: str, now: datetime
    ) -> list[Message]:
        """Take messages to send them; those are left out that another worker has.

        Args:
            messages: As they were read.
            worker: Who takes them.
            now: The present instant.

        Returns:
            Those that were free, in their order.
        """
        with self._database.transaction() as connection:
            return [
                message
                for message in messages
                if self._take(connection, message, worker=worker, now=now)
            ]

    def _take(
        self, connection: sa.Connection, message: Message, *, worker: str, now: datetime
    ) -> bool:
        row = MessageRow
        is_free = sa.or_(
            row.claimed_at.is_(None),
            row.claimed_at <= now - CLAIM,
            # The clock was put back; a little ahead is another worker's now.
            row.claimed_at >= now + CLAIM,
        )
        statement = (
            sa.update(row)
            .where(
                row.id == message.id,
                row.state == S.WAITING.value,
                row.attempts == message.attempts,
                is_free,
            )
            .values(claimed_at=now, claimed_by=worker)
        )
        return connection.execute(statement).rowcount == 1

    def write_notice(
        self, message: Message, notice: JsonObject, *, now: datetime
    ) -> None:
        """Freeze what a message says, before it is first sent.

        Args:
            message: The message.
            notice: What it says, as JSON.
            now: When that was written.
        """
        self._change(message.id, notice=plain_json(notice), composed_at=now)

    def write_sent(
        self,
        messages: Sequence[Message],
        receipt: JsonObject,
        *,
        now: datetime,
        covers: Iterable[Message] = (),
    ) -> None:
        """Write down that messages were delivered, and which others they told.

        Args:
            messages: Those that went out together; one, or a digest's.
            receipt: What the other side gave back.
            now: When.
            covers: Messages that have nothing more to tell.
        """
        ids = [message.id for message in messages]
        with self._database.transaction() as connection:
            for message in messages:
                update_messages(
                    connection,
                    [message.id],
                    only_waiting=True,
                    state=S.SENT.value,
                    sent_at=now,
                    attempted_at=now,
                    attempts=message.attempts + 1,
                    receipt=dict(receipt),
                    fault="",
                    claimed_at=None,
                    claimed_by=None,
                )
            others = [message.id for message in covers]
            update_messages(
                connection,
                others,
                only_waiting=True,
                state=S.COVERED.value,
                covered_by=ids[0],
            )

    def write_untold(self, message: Message, *, now: datetime) -> None:
        """Write down that the channel is never told of such things.

        Args:
            message: The message.
            now: When that was noticed.
        """
        what = "digests" if message.is_gathered else message.occasion.value
        self._change(
            message.id,
            state=S.COVERED.value,
            fault=f"channels of this kind are not told of {what}",
            attempted_at=now,
            claimed_at=None,
            claimed_by=None,
        )

    def write_failed(
        self,
        message: Message,
        fault: str,
        *,
        now: datetime,
        due_at: datetime | None,
    ) -> None:
        """Write down that a message could not be delivered.

        Args:
            message: As it stands after the attempt, this one counted.
            fault: Why, without secrets.
            now: When.
            due_at: When it is tried again; None where it is given up.
        """
        state = S.DEAD if due_at is None else S.WAITING
        row = MessageRow
        # Another worker, or a person, may have settled it meanwhile: theirs stands.
        statement = (
            sa.update(row)
            .where(
                row.id == message.id,
                row.state == S.WAITING.value,
                row.attempts == message.attempts - 1,
            )
            .values(
                state=state.value,
                fault=fault,
                attempts=message.attempts,
                attempted_at=now,
                # From the first attempt on, also where nothing could be written.
                composed_at=message.composed_at or now,
                due_at=due_at or message.due_at,
                claimed_at=None,
                claimed_by=None,
            )
        )
        with self._database.transaction() as connection:
            connection.execute(statement)

    def _change(self, message: str, **values: Any) -> None:  # noqa: ANN401 (columns)
        with self._database.transaction() as connection:
            update_messages(connection, [message], **values)
