"""Everything that governance records, as files with a manifest; the same every time."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.governance.bundle_files import (
    MANIFEST,
    Bundle,
    document,
    write_files,
)
from monitoring_tasks.operations.governance.bundles import bundle_of
from monitoring_tasks.operations.governance.changes import changes_view
from monitoring_tasks.operations.governance.controls import control_map
from monitoring_tasks.operations.governance.inventory import inventory
from monitoring_tasks.operations.governance.pages import render
from monitoring_tasks.operations.governance.plans import monitoring_plan
from monitoring_tasks.operations.governance.quotes import DISCLAIMER
from monitoring_tasks.operations.governance.record_views import (
    all_records,
    clock_rows,
    record_fields,
)
from monitoring_tasks.store.slo_days import newest_as_of
from monitoring_tasks.workspace.workspace import Workspace

FORMAT = "daywatch-governance-export/1"


def export_governance(
    workspace: Workspace,
    folder: Path,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Bundle:
    """Write inventory, plans, changes, evidence, records and controls to a folder.

    Nothing in it depends on when it was asked for: clocks stand as they did at the
    newest evaluation.

    Args:
        workspace: The workspace; only read.
        folder: Where to; empty, or not there yet.
        first: First day of what is told of incidents and changes; None for all.
        last: Last day, included; None for all.

    Returns:
        What was written, and its digest.

    Raises:
        ConfigurationError: If the folder holds something.
    """
    if folder.is_dir() and any(folder.iterdir()):
        msg = f"--out {folder}: is not empty; name a new folder"
        raise ConfigurationError(msg)
    bundle = export_of(workspace, first=first, last=last)
    write_files(folder, {**bundle.files, MANIFEST: bundle.manifest})
    return bundle


def export_of(workspace: Workspace, *, first: date | None, last: date | None) -> Bundle:
    """Return the files of an export, by path.

    Args:
        workspace: The workspace; only read.
        first: First day of what is told of incidents and changes; None for all.
        last: Last day, included; None for all.
    """
    known_at = newest_as_of(workspace.database)
    models = inventory(workspace)
    names = sorted({row["model"] for row in models})
    plans = [monitoring_plan(workspace, model) for model in names]
    changes = [
        change
        for model in sorted({*names, *workspace.contract_versions.models()})
        for change in changes_view(workspace, model, first=first, last=last)["changes"]
    ]
    records, controls = _records(workspace, known_at), list(control_map())
    bundles = _bundles(workspace, first, last)
    span = f"Incidents and changes from {first or 'the first'} to {last or 'the last'}"
    page = render(
        "export",
        disclaimer=DISCLAIMER,
        span=span,
        known_at=known_at.isoformat() if known_at else None,
        models=models,
        plans=plans,
        changes=changes,
        incidents=[_listed(incident, bundle) for incident, bundle in bundles],
        records=records,
        controls=controls,
    )
    files = {
        "index.html": page.encode(),
        "inventory.json": document(models),
        "changes.json": document(changes),
        "records.json": document(records),
        "controls.json": document([asdict(control) for control in controls]),
    }
    files |= {f"plans/{plan.model}.md": plan.text.encode() for plan in plans}
    for incident, bundle in bundles:
        whole = {**bundle.files, MANIFEST: bundle.manifest}
        files |= {f"evidence/{incident.id}/{path}": whole[path] for path in whole}
    about = {
        "format": FORMAT,
        "disclaimer": DISCLAIMER,
        "known_at": known_at and known_at.isoformat(),
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
    }
    return Bundle(files=files, about=about)


def _bundles(
    workspace: Workspace, first: date | None, last: date | None
) -> list[tuple[Incident, Bundle]]:
    """Return the incidents whose days meet the span, with their bundles, by id."""
    incidents = [
        incident
        for incident in workspace.incidents.find()
        if (first is None or incident.last_day >= first)
        and (last is None or incident.onset_day <= last)
    ]
    return [
        (incident, bundle_of(workspace, incident.id))
        for incident in sorted(incidents, key=lambda incident: incident.id)
    ]


def _records(workspace: Workspace, known_at: datetime | None) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for record in all_records(workspace):
        clocks = clock_rows(record, known_at or record.opened_at)
        records.append(plain_json(record_fields(record) | {"clocks": clocks}))
    return records


def _listed(incident: Incident, bundle: Bundle) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity.value,
        "state": incident.state.value,
        "onset_day": incident.onset_day,
        "last_day": incident.last_day,
        "bundle": f"evidence/{incident.id}/{MANIFEST}",
        "digest": bundle.digest,
    }
