"""The round of every few minutes: clocks, canary, messages, a sign of life."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.connections import read_credentials
from monitoring_tasks.domain.exchange import Exchange, HttpRequest
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.anchors import anchor_chains
from monitoring_tasks.operations.messages.alarming import raise_alarm, tell_overdue
from monitoring_tasks.operations.messages.asking import ask_channels
from monitoring_tasks.operations.messages.canary import missing_canaries, send_canary
from monitoring_tasks.operations.messages.clocks import keep_clocks
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.operations.moving_on import move_on
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.transports.http import carry_on
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

logger = logging.getLogger(__name__)


def make_round(*, mode: str, look_up: ConnectionLookup | None = None) -> dict[str, Any]:
    """Make a round in the workspace the environment names: see `round_of`.

    Args:
        mode: `live`; in any other nothing is sent.
        look_up: From a connection's name to its URL.

    Raises:
        MonitoringError: If a part of the round failed; the others were done.
    """
    if Mode(mode) is not Mode.LIVE:
        return {"sent": [], "reason": f"mode is {mode}: nothing is sent"}
    with open_workspace(look_up=look_up) as workspace:
        done = round_of(workspace)
    if done["faults"]:
        # Seen in Airflow, and only after everything else was done.
        faults = "; ".join(f"{name}: {text}" for name, text in done["faults"].items())
        raise MonitoringError(faults)
    return done


def make_round_after(
    key: str, *, look_up: ConnectionLookup | None = None
) -> dict[str, Any]:
    """Send what waits after a day was responded to, if its run is live.

    Args:
        key: The unit's.
        look_up: From a connection's name to its URL.
    """
    mode = Unit.from_key(key).mode
    if mode is not Mode.LIVE:
        return {"sent": [], "reason": f"mode is {mode}: nothing is sent"}
    with open_workspace(look_up=look_up) as workspace:
        return asdict(deliver_waiting(workspace))


def round_of(workspace: Workspace) -> dict[str, Any]:
    """Ask what people did, escalate, send what waits, and show a sign of life.

    A part that fails holds up no other: messages go out whatever else is broken.

    Args:
        workspace: The workspace.

    Returns:
        As `deliver_waiting`, with what was `heard`, `moved_on`, `escalated`,
        `missing_canaries`, `anchor`, whether the `heartbeat` was sent, and the
        `faults` of parts that failed.
    """
    now = SYSTEM_CLOCK.now()
    present = workspace.clock.now()
    parts = _Parts()
    # First: who has taken an incident on elsewhere is not to be asked again.
    parts.do("heard", lambda: ask_channels(workspace, now=now))
    parts.do("moved_on", lambda: move_on(workspace, now=present))
    parts.do("escalated", lambda: keep_clocks(workspace, now=present))
    parts.do("canary", lambda: send_canary(workspace, now=now))
    delivered = deliver_waiting(workspace)
    parts.do("missing_canaries", lambda: _tell_of_lost(workspace, now=now))
    # After the messages: a registry that does not answer must not hold them.
    parts.do("anchor", lambda: anchor_chains(workspace, now=now))
    is_well = not parts.done.get("missing_canaries", True)
    parts.do("heartbeat", lambda: is_well and _send_heartbeat(workspace, now=now))
    return asdict(delivered) | parts.done | {"faults": parts.faults}


@dataclass
class _Parts:
    """The parts of a round, each on its own.

    Attributes:
        done: What came of each that was done, by name.
        faults: Why others failed, by name.
    """

    done: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def do(self, name: str, work: Callable[[], Any]) -> None:
        """Do a part; what goes wrong with it is logged and kept.

        Args:
            name: Of the part.
            work: Does it.
        """
        try:
            self.done[name] = work()
        except Exception as error:
            logger.exception("a part of the round failed: %s", name)
            self.faults[name] = f"{type(error).__name__}: {error}"


def _tell_of_lost(workspace: Workspace, *, now: datetime) -> list[str]:
    """Tell of what does not get through; return the channels of missing canaries."""
    missing = missing_canaries(workspace, now=now)
    alarms = tell_overdue(workspace, now=now)
    for canary in missing:
        fault = canary.fault or "nobody has sent it"
        alarms += raise_alarm(workspace, canary, fault, is_dead=True, now=now)
    if alarms:
        # The alarms that were just written must not wait for the next round.
        deliver_waiting(workspace)
    return [canary.channel for canary in missing]


def _send_heartbeat(workspace: Workspace, *, now: datetime) -> bool:
    """Show a watcher outside that messages get through; no sign while some are lost.

    A dead scheduler shows no sign either: that is what the watcher waits for.
    """
    name = workspace.settings.heartbeat
    dead = workspace.outbox.find(MessageState.DEAD)
    is_deaf = any(message.occasion is not Occasion.TEST for message in dead)
    if not name or is_deaf:
        return False
    try:
        credentials = read_credentials(name, workspace.look_up)
        carry_on(_sign_of_life(credentials.address), credentials, now=now)
    except MonitoringError as error:
        logger.warning("the heartbeat was not sent: %s", error)
        return False
    return True


def _sign_of_life(url: str) -> Exchange:
    yield HttpRequest(method="GET", url=url)
    return {}
