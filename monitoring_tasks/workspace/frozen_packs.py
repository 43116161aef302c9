"""Root-cause packs that were frozen: where they lie, and which one is an incident's."""

import re
from functools import partial
from typing import Any

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.root_cause import EVENT, GUESSED
from monitoring_tasks.store.packs import DIGEST, Packs
from monitoring_tasks.workspace.unread_parts import or_why
from monitoring_tasks.workspace.workspace import Workspace

PACK_LINE = re.compile(rf"{EVENT}(-\d+)?({GUESSED})?")
"""Names of the lines that name a pack, each time the incident opened: of a first guess,
and of what was confirmed."""


def packs_of(workspace: Workspace) -> Packs:
    """Return where the root-cause packs of a workspace lie."""
    return Packs(workspace.settings.home)


def frozen_digest(workspace: Workspace, incident: str) -> str | None:
    """Return the digest of an incident's newest frozen pack; None without one.

    Args:
        workspace: Where its time line is read.
        incident: Its id.
    """
    for line in reversed(workspace.incidents.events(incident)):
        if PACK_LINE.fullmatch(line["event"]):
            named = DIGEST.search(line["text"])
            return named.group() if named else None
    return None


def previous_pack(workspace: Workspace, incident: Incident) -> dict[str, Any] | None:
    """Return the newest readable pack of another incident of the model.

    Args:
        workspace: Where incidents and packs are read.
        incident: The incident; those opened after it do not count.
    """
    others = [
        other
        for other in workspace.incidents.find(incident.model)
        if other.id != incident.id and other.opened_at <= incident.opened_at
    ]
    packs = packs_of(workspace)
    for other in sorted(others, key=lambda i: i.opened_at, reverse=True):
        digest = frozen_digest(workspace, other.id)
        if digest is None:
            continue
        pack = or_why(partial(packs.read, other.id, digest), {}, EVENT)
        if pack is not None:
            return pack
    return None
