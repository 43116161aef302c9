"""Asking channels what people did there, where nothing may come in from outside."""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from monitoring_tasks.channel_settings import AnsweringChannel
from monitoring_tasks.connections import read_credentials
from monitoring_tasks.domain.exchange import Exchange
from monitoring_tasks.domain.hearing import Heard, Outcome, What
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import (
    DeliveryDelayedError,
    DeliveryRefusedError,
    MonitoringError,
)
from monitoring_tasks.operations.hearing import hear, hear_unfinished
from monitoring_tasks.respond.channels.inbound.table import INBOUND
from monitoring_tasks.store.addresses import open_receipts
from monitoring_tasks.store.poll_cursors import PollCursors
from monitoring_tasks.transports.http import carry_on
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
FIRST = timedelta(days=1)
"""How far the first question goes back."""
OVERLAP = timedelta(minutes=15)
"""Services show things late, and clocks differ; what was heard is not heard again."""
STRANGE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What reading an answer ends with that is none."""
MOST_FAULTS = 2
"""After so many questions in vain a channel is asked no more on a round."""


def ask_channels(workspace: Workspace, *, now: datetime) -> dict[str, int]:
    """Ask every channel that has a `poll_connection`; none of them stops the round.

    Args:
        workspace: The workspace.
        now: The present instant.

    Returns:
        How much was heard that changed something, by channel; those left out that
        could not be asked.
    """
    changed: dict[str, int] = {}
    try:
        hear_unfinished(workspace)
    except MonitoringError as error:
        logger.warning("what was left unfinished has to wait: %s", error)
    for name, channel in sorted(workspace.settings.channels.items()):
        if isinstance(channel, AnsweringChannel) and channel.poll_connection:
            try:
                changed[name] = ask_channel(workspace, name, now=now)
            except MonitoringError as error:
                logger.warning("%s could not be asked: %s", name, error)
    return changed


def ask_channel(workspace: Workspace, name: str, *, now: datetime) -> int:
    """Ask one channel what people did since it was last asked.

    What was answered counts, whatever fails after it. Those it was not asked about are
    first on the next round, those asked in vain last, all from where they stood, and
    not before the instant the channel asked for.

    Args:
        workspace: The workspace.
        name: Name of a channel that has a `poll_connection`.
        now: The present instant.

    Returns:
        How much was heard that changed something.

    Raises:
        DeliveryDelayedError: If the service did not answer at all, told of no incident
            though asked about each, or wants to be left alone.
        DeliveryRefusedError: If it will not answer.
        ConfigurationError: If the connection is not known or cannot be used.
    """
    cursors = PollCursors(workspace.database)
    resting = cursors.resting_until(name, now=now)
    if resting is not None:
        msg = f"it wants to be left alone until {resting:%Y-%m-%d %H:%M:%S} UTC"
        raise DeliveryDelayedError(msg)
    receipts = open_receipts(workspace.database, name)
    questions = _Questions(workspace, name, now, cursors)
    changed = questions.ask_about(receipts) if receipts else 0
    if not questions.faults:
        cursors.keep_asked(name, now)
        return changed
    if questions.are_in_vain(receipts):
        raise next(iter(questions.faults.values()))
    logger.warning(
        "%s told of %d of %d incidents; it is asked again about the others: %s",
        name,
        questions.answered,
        len(receipts),
        "; ".join(f"{about}: {why}" for about, why in questions.faults.items()),
    )
    return changed


class _Questions:
    """One round of questions to one channel, an incident each.

    Attributes:
        answered: How many incidents it told of.
        faults: Why others were not told of, by id; those never asked about left out.
    """

    def __init__(
        self, workspace: Workspace, name: str, now: datetime, cursors: PollCursors
    ) -> None:
        self._workspace, self._name, self._now = workspace, name, now
        self._cursors = cursors
        self.answered = 0
        self._is_reached = False
        self.faults: dict[str, MonitoringError] = {}

    def ask_about(self, receipts: Mapping[str, JsonObject]) -> int:
        """Ask about each incident, who waited longest first; return what changed.

        In the order of the last attempt, in vain or not: an incident that fails for
        ever goes to the end each time, and every other has its turn.

        Args:
            receipts: The latest of each incident, by its id.
        """
        asked = self._cursors.asked_until(self._name)
        whole = (asked - OVERLAP) if asked else self._now - FIRST
        parts = self._cursors.answered(self._name)
        since = {i: max(whole, parts.get(i, whole) - OVERLAP) for i in receipts}
        failed = self._cursors.failed(self._name)
        tried = {i: max(failed.get(i, whole), parts.get(i, whole)) for i in receipts}
        changed = 0
        for incident in sorted(
            # Of one round, those that failed after those that did not.
            receipts,
            key=lambda i: (tried[i], failed.get(i) == tried[i], since[i], i),
        ):
            heard: list[Heard] = []
            fault = self._ask(receipts[incident], since[incident], heard)
            # Also what came before the fault: it was answered.
            changed += self._hear(heard)
            if fault is None:
                self.answered += 1
                self._cursors.keep_asked(self._name, self._now, incident=incident)
                continue
            self.faults[incident] = fault
            self._cursors.keep_failed(self._name, self._now, incident=incident)
            if self._is_enough(fault):
                break
        return changed

    def are_in_vain(self, receipts: Collection[str]) -> bool:
        """Whether the channel told of none, and there is no hope for those not asked.

        Args:
            receipts: Ids of all the incidents.
        """
        is_over = not self._is_reached or len(self.faults) == len(receipts)
        return not self.answered and is_over

    def _ask(
        self, receipt: JsonObject, since: datetime, heard: list[Heard]
    ) -> MonitoringError | None:
        """Put what people did about an incident into `heard`; return what failed."""
        workspace, name, now = self._workspace, self._name, self._now
        channel = workspace.settings.channels[name]
        if not isinstance(channel, AnsweringChannel) or not channel.poll_connection:
            return None
        credentials = read_credentials(channel.poll_connection, workspace.look_up)
        exchange = INBOUND[channel.kind].poll(
            channel, name, credentials, receipt, since=min(since, now), heard=heard
        )
        try:
            carry_on(self._noting(exchange), credentials, now=now)
        except (DeliveryDelayedError, DeliveryRefusedError) as error:
            return error
        except STRANGE as error:
            # Of what a service answers only the kind of fault is told.
            msg = f"it gave an answer that is none ({type(error).__name__})"
            return DeliveryDelayedError(msg)
        return None

    def _noting(self, exchange: Exchange) -> Exchange:
        """Carry a conversation on, and note that the service answers at all."""
        try:
            request = next(exchange)
            while True:
                answer = yield request
                self._is_reached = True
                request = exchange.send(answer)
        except StopIteration as end:
            receipt: JsonObject = end.value
            return receipt

    def _hear(self, heard: Iterable[Heard]) -> int:
        changed = 0
        for each in sorted(heard, key=lambda each: (each.at, each.event)):
            outcome = hear(self._workspace, each)
            changed += outcome is Outcome.DONE and each.what is not What.NAMED
        return changed

    def _is_enough(self, fault: MonitoringError) -> bool:
        """Whether the channel is asked no more on this round; remember until when."""
        wait = getattr(fault, "retry_after", None)
        if wait is not None:
            until = self._now + timedelta(seconds=wait)
            self._cursors.let_rest(self._name, until)
            return True
        # One answer may be in trouble for ever: it must not hold up the others.
        return len(self.faults) >= MOST_FAULTS
