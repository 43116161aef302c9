"""The heads of the chains, kept outside of the store, and held against it."""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import fsspec

from monitoring_tasks.domain.chains import BEFORE_FIRST, Chained
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.domain.version_tags import HEADS_TAG
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
FILES = "chain-heads-{day}*.json"
FILE_NAME = "chain-heads-{day}-{digest}.json"
"""One a day in the end. Named for what it holds, and never written over: what is new
has a name of its own, and takes the place of those of its day that led up to it."""
DAY = "%Y%m%d"
EMPTY = f"0 {BEFORE_FIRST}"
Files = Mapping[str, dict[str, str] | None]
"""The heads in each file by its name; None in one that cannot be read."""


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
    """Keep the heads of the chains in the folder the settings name, one file a day.

    The version that serves the model of the newest incident carries them as a tag too.
    What does not answer is logged: the chains themselves stand. A day's earlier file
    goes once a newer one is there, unless what it holds is gone from the chains: then
    every round of the day says so, and the tag stays as it was.

    Args:
        workspace: The workspace.
        now: When; its day is a part of the file's name.

    Returns:
        Address of the file; None where nothing is new, or no folder is named.

    Raises:
        MonitoringError: If what was anchored today is not in the chains any more.
    """
    folder = workspace.settings.anchors
    heads = chain_heads(workspace)
    written: str | None = None
    gone: dict[str, list[str]] = {}
    try:
        if folder:
            day = now.astimezone(UTC).strftime(DAY)
            system, path = fsspec.core.url_to_fs(folder)
            earlier = _read_files(system, path, f"{day}-")
            # Before anything is written: a folder that is full keeps its proofs.
            gone = {name: _lacking(workspace, each) for name, each in earlier.items()}
            written = _write_anchor(folder, heads, earlier, day=day)
            _make_room(folder, heads, {n: h for n, h in earlier.items() if not gone[n]})
    except OSError as error:
        logger.warning("the chains were not anchored in %s: %s", folder, error)
    if any(gone.values()):
        lines = dict.fromkeys(line for each in gone.values() for line in each)
        msg = f"{'; '.join(lines)}: `daywatch journal verify`"
        raise MonitoringError(msg)
    if heads["timeline"] != EMPTY:
        _tag_served_version(workspace, heads)
    return written


def _write_anchor(
    folder: str, heads: dict[str, str], earlier: Files, *, day: str
) -> str | None:
    """Write a file under a name of its own; None where it is there already."""
    system, path = fsspec.core.url_to_fs(folder)
    base = FILE_NAME.format(day=day, digest=hash_json(heads)[:16])
    name = f"{path.rstrip('/')}/{base}"
    if earlier.get(name) == heads or set(heads.values()) == {EMPTY}:
        return None
    system.makedirs(path, exist_ok=True)
    system.pipe_file(name, json.dumps(heads, sort_keys=True).encode())
    return name


def _make_room(folder: str, heads: dict[str, str], earlier: Files) -> None:
    """Remove what of the day led up to the heads, which are written.

    None that another process wrote later.
    """
    system, _ = fsspec.core.url_to_fs(folder)
    for name, each in earlier.items():
        if each is None or each == heads:
            continue
        if all(_number(h) <= _number(heads.get(c, EMPTY)) for c, h in each.items()):
            system.rm_file(name)


def _lacking(workspace: Workspace, heads: dict[str, str] | None) -> list[str]:
    """Return what of anchored heads is not in the chains any more, in sentences."""
    return [
        _gone(chain, head)
        for chain, head in (heads or {}).items()
        if head != EMPTY and not _has(workspace, chain, head)
    ]


def _has(workspace: Workspace, chain: str, head: str) -> bool:
    if chain == "journal":
        return workspace.journal.has_line(head)
    return chain == "timeline" and workspace.incidents.has_event(head)


def _number(head: str) -> int:
    return int(head.partition(" ")[0])


def _gone(chain: str, head: str) -> str:
    return f"{chain}: line {_number(head)} was anchored and is not there as it was"


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


def _read_files(
    system: fsspec.AbstractFileSystem, path: str, day: str = ""
) -> dict[str, dict[str, str] | None]:
    """Return the heads in each file by its name; None in one that cannot be read."""
    # A listing that was kept from before a file was written would leave it out.
    system.invalidate_cache()
    if not system.exists(path):
        return {}
    names = sorted(system.glob(f"{path.rstrip('/')}/{FILES.format(day=day)}"))
    # All at once: on object storage each alone takes its time.
    contents = system.cat(names, on_error="return") if names else {}
    return {
        str(name): _heads_in(content)
        for name, content in contents.items()
        # Gone since it was listed: another process has a newer one of that day.
        if not isinstance(content, FileNotFoundError)
    }


def _heads_in(content: bytes | Exception) -> dict[str, str] | None:
    if isinstance(content, Exception):
        raise content
    try:
        heads: dict[str, str] = json.loads(content)
        for head in heads.values():
            _number(head)
    except (ValueError, TypeError, AttributeError):
        return None
    return heads


def broken_anchors(workspace: Workspace, tagged: Iterable[Version] = ()) -> list[str]:
    """Return what stands in anchors and is not in the chains any more, in sentences.

    Args:
        workspace: The workspace; only read.
        tagged: Versions whose tags may hold heads.

    Raises:
        OSError: If the folder of anchors cannot be read.
    """
    folder = workspace.settings.anchors
    files = _read_files(*fsspec.core.url_to_fs(folder)) if folder else {}
    gone = [
        f"the anchor {name} cannot be read"
        for name, heads in files.items()
        if heads is None
    ]
    texts = (version.tags.get(HEADS_TAG) for version in tagged)
    anchors = [heads for heads in files.values() if heads is not None]
    anchors += [json.loads(text) for text in texts if text]
    lines = {
        "journal": _heads_of(workspace.journal.lines()),
        "timeline": _heads_of(workspace.incidents.timeline()),
    }
    gone += [
        _gone(chain, head)
        for heads in anchors
        for chain, head in heads.items()
        if head != EMPTY and head not in lines.get(chain, set())
    ]
    return list(dict.fromkeys(gone))


def _heads_of(lines: Iterable[Chained]) -> set[str]:
    return {f"{line.number} {line.digest}" for line in lines}
