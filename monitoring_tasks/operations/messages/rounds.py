"""The round of every few minutes: clocks, canary, messages, a sign of life."""

import logging
from dataclasses import asdict
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
from monitoring_tasks.operations.messages.alarming import raise_alarm
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
    """
    if Mode(mode) is not Mode.LIVE:
        return {"sent": [], "reason": f"mode is {mode}: nothing is sent"}
    with open_workspace(look_up=look_up) as workspace:
        return round_of(workspace)


def make_round_after(
    key: str, *, look_up: ConnectionLookup | None = None
) -> dict[str, Any]:
    """Make a round after a day was responded to, if its run is live.

    Args:
        key: The unit's.
        look_up: From a connection's name to its URL.
    """
    return make_round(mode=Unit.from_key(key).mode.value, look_up=look_up)


def round_of(workspace: Workspace) -> dict[str, Any]:
    """Ask what people did, escalate, send what waits, and show a sign of life.

    Args:
        workspace: The workspace.

    Returns:
        As `deliver_waiting`, with what was `heard`, `moved_on`, `escalated`,
        `missing_canaries`, `anchor` and whether the `heartbeat` was sent.
    """
    now = SYSTEM_CLOCK.now()
    present = workspace.clock.now()
    # First: who has taken an incident on elsewhere is not to be asked again.
    heard = ask_channels(workspace, now=now)
    moved = move_on(workspace, now=present)
    escalated = keep_clocks(workspace, now=present)
    send_canary(workspace, now=now)
    delivered = deliver_waiting(workspace)
    missing = missing_canaries(workspace, now=now)
    for canary in missing:
        fault = canary.fault or "nobody has sent it"
        raise_alarm(workspace, canary, fault, is_dead=True, now=now)
    if missing:
        # The alarms that were just written must not wait for the next round.
        deliver_waiting(workspace)
    return asdict(delivered) | {
        "heard": heard,
        "escalated": escalated,
        "moved_on": moved,
        "missing_canaries": [canary.channel for canary in missing],
        # After the messages: a registry that does not answer must not hold them.
        "anchor": anchor_chains(workspace, now=now),
        "heartbeat": not missing and _send_heartbeat(workspace, now=now),
    }


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
        carry_on(_sign_of_life(credentials.url), credentials, now=now)
    except MonitoringError as error:
        logger.warning("the heartbeat was not sent: %s", error)
        return False
    return True


def _sign_of_life(url: str) -> Exchange:
    yield HttpRequest(method="GET", url=url)
    return {}
