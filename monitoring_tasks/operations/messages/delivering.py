"""Sending what waits in the outbox: at least once, in order, by many workers."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitoring_tasks.clock import SYSTEM_CLOCK, Clock
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.domain.outbox import (
    Message,
    covered_by,
    gathered,
    is_hopeless,
    next_attempt,
    sendable,
)
from monitoring_tasks.errors import (
    DeliveryRefusedError,
    MonitoringError,
    TransientError,
)
from monitoring_tasks.operations.channels import send_notice
from monitoring_tasks.operations.messages.alarming import raise_alarm
from monitoring_tasks.operations.messages.composing import compose
from monitoring_tasks.operations.messages.digests import compose_digest
from monitoring_tasks.operations.messages.frozen_notices import (
    notice_from_json,
    notice_to_json,
)
from monitoring_tasks.operations.messages.pictures import chart_for
from monitoring_tasks.operations.messages.substituting import bare_instead
from monitoring_tasks.respond.bare_notices import is_bare
from monitoring_tasks.respond.channels.table import KINDS
from monitoring_tasks.workspace.workspace import Workspace


@dataclass
class Delivered:
    """What became of the messages one worker took.

    Attributes:
        sent: Ids of those that were delivered.
        covered: Ids of those that another one had told.
        delayed: Ids of those that are tried again, with why they failed.
        dead: Ids of those that were given up, with why.
    """

    sent: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    delayed: dict[str, str] = field(default_factory=dict)
    dead: dict[str, str] = field(default_factory=dict)


def deliver_waiting(
    workspace: Workspace, *, clock: Clock = SYSTEM_CLOCK, worker: str = ""
) -> Delivered:
    """Send all messages that are due; what fails is tried again later.

    Args:
        workspace: The workspace.
        clock: For pauses and claims; the system's even where days are simulated.
        worker: Name of this worker; host and process if left out.
    """
    worker = worker or f"{socket.gethostname()}:{os.getpid()}"
    postman = _Postman(workspace=workspace, clock=clock, worker=worker)
    # What is sent lets the next about the same incident go.
    while postman.send_next():
        pass
    postman.send_digests()
    return postman.delivered


@dataclass
class _Postman:
    """One worker on its round.

    Attributes:
        workspace: The workspace.
        clock: For pauses and claims.
        worker: Its name.
        delivered: What became of the messages it took.
        away: Channels that did not answer on this round.
    """

    workspace: Workspace
    clock: Clock
    worker: str
    delivered: Delivered = field(default_factory=Delivered)
    away: set[str] = field(default_factory=set)

    def send_next(self) -> bool:
        """Send each message that may go now; return whether any went."""
        waiting = self.workspace.outbox.waiting()
        went = False
        for message in sendable(waiting, now=self.clock.now()):
            # One channel that does not answer must not hold up the others.
            if message.channel not in self.away and self._claim([message]):
                went = self._send(message, waiting) or went
        return went

    def send_digests(self) -> None:
        """Send the digest of each channel whose hour has come."""
        waiting = self.workspace.outbox.waiting()
        for channel, messages in gathered(waiting, now=self.clock.now()).items():
            if channel not in self.away and (claimed := self._claim(messages)):
                self._send_together(claimed)

    def _claim(self, messages: Sequence[Message]) -> list[Message]:
        now = self.clock.now()
        return self.workspace.deliveries.claim(messages, worker=self.worker, now=now)

    def _send(self, message: Message, waiting: Sequence[Message]) -> bool:
        channel = self.workspace.settings.channels.get(message.channel)
        covers: list[Message] = []
        if channel is not None:
            kind = KINDS[channel.kind]
            covers = covered_by(message, waiting, is_stream=kind.is_stream)
            if message.occasion not in kind.tells:
                self._pass_over(message)
                return True
        try:
            notice = self._frozen(message)
            receipt = self._hand_over([message], notice)
        except Exception as error:  # noqa: BLE001 (written down, and tried again)
            self._put_off([message], error)
            return False
        self._write_sent([message], receipt, covers)
        return True

    def _send_together(self, messages: Sequence[Message]) -> None:
        first = messages[0]
        channel = self.workspace.settings.channels.get(first.channel)
        if channel is not None and Occasion.DIGEST not in KINDS[channel.kind].tells:
            for message in messages:
                self._pass_over(message)
            return
        try:
            notice = self._digest(messages)
            receipt = self._hand_over(messages, notice)
        except Exception as error:  # noqa: BLE001 (as above)
            self._put_off(messages, error)
            return
        self._write_sent(messages, receipt, ())

    def _frozen(self, message: Message) -> Notice:
        """Return what a message says: as it was first written, at every attempt."""
        try:
            if message.notice is not None:
                return notice_from_json(message.notice)
            notice = compose(self.workspace, message)
            frozen = notice_to_json(notice)
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 (told in bare words, and an alarm)
            notice = self._bare([message], error)
            frozen = notice_to_json(notice)
        self._freeze(message, frozen)
        return notice

    def _digest(self, messages: Sequence[Message]) -> Notice:
        try:
            return compose_digest(self.workspace, messages, at=self.clock.now())
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 (as above)
            return self._bare(messages, error)

    def _bare(self, messages: Sequence[Message], error: Exception) -> Notice:
        return bare_instead(self.workspace, messages, error, now=self.clock.now())

    def _freeze(self, message: Message, notice: JsonObject) -> None:
        now = self.clock.now()
        self.workspace.deliveries.write_notice(message, notice, now=now)

    def _hand_over(self, messages: Sequence[Message], notice: Notice) -> JsonObject:
        """Send a notice; where its channel cannot word it, bare words instead."""
        first = messages[0]
        try:
            return self._send_notice(first, notice)
        except (MonitoringError, OSError):
            raise
        except Exception as error:
            if is_bare(notice):
                raise
            bare = self._bare(messages, error)
            if not first.is_gathered:
                self._freeze(first, notice_to_json(bare))
            return self._send_notice(first, bare)

    def _send_notice(self, message: Message, notice: Notice) -> JsonObject:
        return send_notice(
            self.workspace,
            message.channel,
            notice,
            self._receipt_for(message),
            now=self.clock.now(),
            chart=None if is_bare(notice) else chart_for(self.workspace, message),
        )

    def _receipt_for(self, message: Message) -> JsonObject:
        """Return what the channel gave back about the incident; empty for nothing."""
        if message.is_gathered:
            return {}
        channel = self.workspace.settings.channels.get(message.channel)
        has_threads = channel is not None and KINDS[channel.kind].has_threads
        incident = message.belongs_to if has_threads else message.incident
        return self.workspace.outbox.receipt_of(message.channel, incident)

    def _write_sent(
        self,
        messages: Sequence[Message],
        receipt: JsonObject,
        covers: Sequence[Message],
    ) -> None:
        self.workspace.deliveries.write_sent(
            messages, receipt, now=self.clock.now(), covers=covers
        )
        self.delivered.sent += [message.id for message in messages]
        self.delivered.covered += [message.id for message in covers]

    def _pass_over(self, message: Message) -> None:
        """Leave out what a channel of this kind is never told."""
        self.workspace.deliveries.write_untold(message, now=self.clock.now())
        self.delivered.covered.append(message.id)

    def _put_off(self, messages: Sequence[Message], error: Exception) -> None:
        """Write down why messages failed, and tell others of it if it is grave.

        Those of a digest are tried again together, and told of by one alarm.
        """
        now = self.clock.now()
        first = messages[0]
        stored = self.workspace.outbox.get(first.id) or first
        failed = replace(stored, attempts=first.attempts + 1)
        fault = f"{type(error).__name__}: {error}"
        due_at = self._again_at(failed, error, now=now)
        ended = self.delivered.dead if due_at is None else self.delivered.delayed
        for message in messages:
            counted = replace(message, attempts=message.attempts + 1)
            self.workspace.deliveries.write_failed(
                counted, fault, now=now, due_at=due_at
            )
            ended[message.id] = fault
        if isinstance(error, TransientError):
            self.away.add(first.channel)
        raise_alarm(self.workspace, failed, fault, is_dead=due_at is None, now=now)

    def _again_at(
        self, message: Message, error: Exception, *, now: datetime
    ) -> datetime | None:
        if isinstance(error, DeliveryRefusedError) or is_hopeless(message, now=now):
            return None
        asked = getattr(error, "retry_after", None)
        is_away = isinstance(error, TransientError)
        return next_attempt(message, now=now, retry_after=asked if is_away else None)
