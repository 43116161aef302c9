"""Evidence bundles: made, checked, and removed once nothing holds them any more."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.regulatory_clocks import RETENTION_DAYS, hold_until
from monitoring_tasks.domain.regulatory_readings import blocks_closing
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.governance.bundle_content import (
    MADE,
    REMOVED,
    evidence_files,
    parts_of,
)
from monitoring_tasks.operations.governance.bundle_files import (
    NAME_DIGITS,
    Bundle,
    Checked,
    check_bundle,
    write_bundle,
)
from monitoring_tasks.operations.governance.quotes import DISCLAIMER
from monitoring_tasks.operations.governance.record_lookup import (
    find_incident,
    record_of,
)
from monitoring_tasks.workspace.workspace import Workspace

FORMAT = "daywatch-evidence-bundle/1"
FOLDER = "bundles"
"""Where bundles lie in the workspace unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bundle that lies on disk.

    Attributes:
        path: Where.
        digest: SHA-256 of its manifest.
        incident: Id of the incident.
        hold_until: Last day on which it is held, unless something holds it longer.
        files: How many there are, the manifest left out.
    """

    path: Path
    digest: str
    incident: str
    hold_until: date
    files: int


def bundle_of(workspace: Workspace, incident: str, *, rows: bool = False) -> Bundle:
    """Return the bundle of an incident; the same store gives the same bundle.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.
        rows: Whether the frozen rows go with it, and not their manifests alone.

    Raises:
        LookupError: If there is no such incident.
        UnreadableDataError: If frozen rows are asked for and gone.
    """
    stored = find_incident(workspace, incident)
    files, known_at = evidence_files(workspace, stored, rows=rows)
    models = {stored.model, *(part.model for part in parts_of(workspace, stored))}
    about = {
        "format": FORMAT,
        "disclaimer": DISCLAIMER,
        "incident": incident,
        "models": sorted(models),
        "known_at": known_at.isoformat(),
        "retention": {
            "held_at_least_days": RETENTION_DAYS,
            "hold_until": hold_until(known_at).isoformat(),
            "sources": ["retention-provider", "retention-deployer"],
        },
        "has_rows": rows,
    }
    return Bundle(files=files, about=about)


def make_bundle(
    workspace: Workspace,
    incident: str,
    *,
    actor: str,
    folder: Path | None = None,
    rows: bool = False,
    as_zip: bool = True,
) -> Written:
    """Write the bundle of an incident, and its digest into the journal, once.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        actor: Who makes it.
        folder: Where to; None for `bundles` in the workspace.
        rows: Whether the frozen rows go with it.
        as_zip: Whether as one file rather than a folder.

    Raises:
        LookupError: If there is no such incident.
    """
    bundle = bundle_of(workspace, incident, rows=rows)
    target = folder or workspace.settings.home / FOLDER
    path = write_bundle(bundle, target, incident, as_zip=as_zip)
    held = date.fromisoformat(bundle.about["retention"]["hold_until"])
    lines = workspace.journal.lines_in(MADE)
    if bundle.digest not in {line.evidence_digest for line in lines}:
        text = f"evidence bundle of {len(bundle.files)} files, held until {held}"
        about = (find_incident(workspace, incident).model, incident)
        workspace.journal.append(
            _line(workspace, MADE, bundle.digest, about=about, actor=actor, reason=text)
        )
    return Written(
        path=path,
        digest=bundle.digest,
        incident=incident,
        hold_until=held,
        files=len(bundle.files),
    )


def verify_bundle(workspace: Workspace, path: Path) -> tuple[Checked, bool]:
    """Hold a bundle against its manifest, and say whether the journal knows it.

    Args:
        workspace: Whose journal is asked; only read.
        path: A folder or a zip.

    Raises:
        UnreadableDataError: If it is no bundle.
    """
    checked = check_bundle(path)
    lines = workspace.journal.lines_in(MADE)
    return checked, checked.digest in {line.evidence_digest for line in lines}


def remove_bundle(
    workspace: Workspace, path: Path, *, reason: str, actor: str
) -> tuple[str, ...]:
    """Remove a bundle, unless something holds it; the journal keeps that it was there.

    Args:
        workspace: The workspace.
        path: A folder or a zip.
        reason: Why, ten characters or more.
        actor: Who removes it.

    Returns:
        What holds it, a sentence each; empty when it was removed.

    Raises:
        ConfigurationError: If the reason says nothing.
        UnreadableDataError: If it is no bundle, or not as it was written.
    """
    require_reason(reason)
    checked = check_bundle(path)
    if checked.about.get("format") != FORMAT or checked.faults:
        faults = "; ".join(checked.faults) or "it has another format"
        msg = f"{path}: is no bundle as it was written ({faults}); nothing was removed"
        raise UnreadableDataError(msg)
    held = what_holds(workspace, checked.about)
    if held:
        return held
    about = (checked.about["models"][0], checked.about["incident"])
    why = reason.strip()
    line = _line(
        workspace, REMOVED, checked.digest, about=about, actor=actor, reason=why
    )
    # Before it is gone: a removal that nobody wrote down must not happen.
    workspace.journal.append(line)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    return ()


def what_holds(workspace: Workspace, about: Any) -> tuple[str, ...]:  # noqa: ANN401 (JSON)
    """Return why a bundle may not be removed, a sentence each; empty if it may.

    Args:
        workspace: The workspace; only read.
        about: What its manifest says.
    """
    holds = {
        hold.id: hold
        for model in about["models"]
        for hold in workspace.holds.active(model)
        if hold.kind is HoldKind.LEGAL_HOLD
    }
    held = [
        f"{hold.id}: a legal hold on {hold.model} by {hold.actor} ({hold.reason})"
        for hold in holds.values()
    ]
    until = date.fromisoformat(about["retention"]["hold_until"])
    if workspace.clock.now().date() <= until:
        held.append(f"it is held until {until}")
    if open_record := blocks_closing(record_of(workspace, about["incident"])):
        held.append(open_record)
    return tuple(held)


def _line(
    workspace: Workspace,
    state: str,
    digest: str,
    *,
    about: tuple[str, str],
    actor: str,
    reason: str,
) -> Line:
    """Return the journal line of a bundle; `about` is its model and its incident."""
    model, incident = about
    return Line(
        key=f"bundle-{digest[:NAME_DIGITS]}",
        state=state,
        at=workspace.clock.now(),
        model=model,
        reason=reason,
        actor=person(actor),
        incident=incident,
        evidence_digest=digest,
    )
