"""Reading the journal: whether it is complete, and who was champion when."""

from datetime import datetime
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.holds import ALL_MODELS
from monitoring_tasks.domain.journal import OUTSIDE, STANDS, JournalLine
from monitoring_tasks.domain.version_tags import HEAD_TAG
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.operations.anchors import broken_anchors
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.workspace import Workspace


def audit(workspace: Workspace) -> dict[str, Any]:
    """Check every line, and that no line the registry was told of is missing.

    The chain shows a line that was changed, left out or put in; only a head kept
    elsewhere shows that the end was cut off. Each line leaves one in a file of the
    workspace that wrote it, each move one on the version that was put back.

    Returns:
        `ok`; `lines`, how many there are; `head`, the last digest; `broken`, where the
        chain breaks; `cut`, the numbers of lines that this workspace wrote and that are
        gone; `mirrored`, each head the registry keeps and whether the journal
        has it. A broken chain is told without asking the registry. `timeline`: where
        the chain of the incidents' time lines breaks; `anchors`: what was kept outside
        and is not in a chain any more.

    Raises:
        SourceUnavailableError: If the registry does not answer.
    """
    broken = workspace.journal.verify()
    lines = workspace.journal.lines()
    cut = workspace.journal.cut_lines()
    versions = [] if broken else _known_versions(workspace, lines)
    mirrored = _mirrored(versions, lines)
    timeline = workspace.incidents.verify()
    anchors = broken_anchors(workspace, versions)
    is_sound = not (broken or cut or timeline or anchors)
    return {
        "ok": is_sound and all(head["found"] for head in mirrored),
        "lines": len(lines),
        "head": workspace.journal.head(),
        "broken": broken,
        "cut": cut,
        "mirrored": mirrored,
        "events": len(workspace.incidents.timeline()),
        "timeline": timeline,
        "anchors": anchors,
    }


def _known_versions(workspace: Workspace, lines: list[JournalLine]) -> list[Version]:
    """Return the registered versions of every model anybody knows."""
    files = contract_files(workspace.settings.expectations)
    # A model whose contract is gone may still have heads in the registry.
    models = {path.parent.name for path in files} | {line.model for line in lines}
    return [
        version
        for model in sorted(models - {ALL_MODELS})
        for version in _versions(workspace, model)
    ]


def _mirrored(
    versions: list[Version], lines: list[JournalLine]
) -> list[dict[str, Any]]:
    """Return the heads of the journal that the registry keeps."""
    digests = {line.digest for line in lines}
    return [
        {
            "model": version.model,
            "version": version.version,
            "head": version.tags[HEAD_TAG],
            "found": version.tags[HEAD_TAG] in digests,
        }
        for version in versions
        if version.tags.get(HEAD_TAG)
    ]


def _versions(workspace: Workspace, model: str) -> list[Any]:
    try:
        return list(workspace.versions(model))
    except VersionMissingError:
        return []  # a contract whose model is not registered yet has no heads


def champions(
    workspace: Workspace, model: str, *, first: datetime, last: datetime
) -> dict[str, Any]:
    """Return where the alias stood from one instant to another.

    Args:
        workspace: Whose journal is read.
        model: Registered model name.
        first: From when on.
        last: Up to when, included; the same as `first` asks about one instant.

    Returns:
        `stands`, oldest first: `version` (None while nothing is known, empty for no
        version), `since`, `until`, the `line` that says so and whether somebody else
        moved the alias at the end of it (`left_unseen`: when exactly is not known).
        `known_since` is the first line about the alias.

    Raises:
        ConfigurationError: If no contract declares the model.
    """
    alias = workspace.contract(model).alias
    lines = [
        line
        for line in workspace.journal.lines_in(*STANDS, model=model)
        if line.alias == alias
    ]
    stands = [
        _stand(line, following)
        for line, following in zip(lines, [*lines[1:], None], strict=True)
        if line.at <= last and (following is None or following.at > first)
    ]
    if not lines or lines[0].at > first:
        stands.insert(0, _unknown(lines))
    return {
        "model": model,
        "alias": alias,
        "first": first,
        "last": last,
        "known_since": lines[0].at if lines else None,
        "stands": stands,
    }


def _stand(line: JournalLine, following: JournalLine | None) -> dict[str, Any]:
    return {
        "version": line.to_version,
        "since": line.at,
        "until": following.at if following else None,
        "left_unseen": following is not None and following.state == OUTSIDE,
        "line": {
            "number": line.number,
            "state": line.state,
            "actor": line.actor,
            "reason": line.reason,
            "digest": line.digest,
        },
    }


def _unknown(lines: list[JournalLine]) -> dict[str, Any]:
    """Before its first look Daywatch knows nothing, and says so."""
    until = lines[0].at if lines else None
    return {
        "version": None,
        "since": None,
        "until": until,
        "left_unseen": False,
        "line": None,
    }
