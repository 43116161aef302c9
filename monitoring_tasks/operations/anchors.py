"""The heads of the chains, kept outside of the store, and held against it."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime

import fsspec

from monitoring_tasks.domain.chains import BEFORE_FIRST, Chained
from monitoring_tasks.domain.version_tags import HEADS_TAG
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
FILE_NAME = "chain-heads-{at:%Y%m%dT%H%M%S%fZ}.json"
"""A file an anchoring: what was written once is never written over."""
EMPTY = f"0 {BEFORE_FIRST}"


def chain_heads(workspace: Workspace) -> dict[str, str]:
    """Return the head of each chain: number and digest of its last line.

    Args:
        workspace: The workspace; only read.
    """
    return {
        "journal": workspace.journal.last_line(),
        "timeline": workspace.incidents.last_event(),
    }


def anchor_chains(workspace: Workspace, *, now: datetime) -> str | None:
    """Keep the heads of the chains in the folder the settings name, where they changed.

    The version that serves the model of the newest incident carries them as a tag too.
    What does not answer is logged: the chains themselves stand.

    Args:
        workspace: The workspace.
        now: When; a part of the file's name.

    Returns:
        Address of the file; None where nothing is new, or no folder is named.
    """
    folder = workspace.settings.anchors
    heads = chain_heads(workspace)
    if heads["timeline"] != EMPTY:
        _tag_served_version(workspace, heads)
    if not folder or set(heads.values()) == {EMPTY}:
        return None
    try:
        if read_anchors(folder, newest=1) == [heads]:
            return None
        system, path = fsspec.core.url_to_fs(folder)
        system.makedirs(path, exist_ok=True)
        name = f"{path.rstrip('/')}/{FILE_NAME.format(at=now)}"
        system.pipe_file(name, json.dumps(heads, sort_keys=True).encode())
    except OSError as error:
        logger.warning("the chains were not anchored in %s: %s", folder, error)
        return None
    return str(name)


def _tag_served_version(workspace: Workspace, heads: dict[str, str]) -> None:
    incident = workspace.incidents.latest_changed()
    contract = contract_of(workspace, incident.model) if incident else None
    if contract is None:
        return
    text = json.dumps(heads, sort_keys=True)
    try:
        registry = workspace.registry
        served = registry.alias_version(contract.model, contract.alias)
        if served is None:
            return
        version = registry.version(contract.model, served)
        if version.tags.get(HEADS_TAG) != text:
            registry.tag_version(contract.model, served, {HEADS_TAG: text})
    except MonitoringError as error:
        logger.warning("the chains were not anchored in the registry: %s", error)


def read_anchors(folder: str, *, newest: int | None = None) -> list[dict[str, str]]:
    """Return the heads that were kept in a folder, oldest first.

    Args:
        folder: A path or an fsspec URL.
        newest: Only the newest so many; None for all.

    Raises:
        OSError: If it cannot be read.
    """
    system, path = fsspec.core.url_to_fs(folder)
    if not system.exists(path):
        return []
    names = sorted(system.glob(f"{path.rstrip('/')}/chain-heads-*.json"))
    chosen = names if newest is None else names[-newest:]
    return [json.loads(system.cat_file(name)) for name in chosen]


def broken_anchors(workspace: Workspace, tagged: Iterable[Version] = ()) -> list[str]:
    """Return what stands in anchors and is not in the chains any more, in sentences.

    Args:
        workspace: The workspace; only read.
        tagged: Versions whose tags may hold heads.

    Raises:
        OSError: If the folder of anchors cannot be read.
    """
    folder = workspace.settings.anchors
    anchors = read_anchors(folder) if folder else []
    texts = (version.tags.get(HEADS_TAG) for version in tagged)
    anchors += [json.loads(text) for text in texts if text]
    lines = {
        "journal": _heads_of(workspace.journal.lines()),
        "timeline": _heads_of(workspace.incidents.timeline()),
    }
    gone = [
        f"{chain}: line {head.split(' ')[0]} was anchored and is not there as it was"
        for heads in anchors
        for chain, head in heads.items()
        if head != EMPTY and head not in lines.get(chain, set())
    ]
    return list(dict.fromkeys(gone))


def _heads_of(lines: Iterable[Chained]) -> set[str]:
    return {f"{line.number} {line.digest}" for line in lines}
