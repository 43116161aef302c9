"""What Daywatch itself knows of an incident, for a regulatory record: facts alone."""

from collections import Counter
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.regulatory_clocks import RETENTION_DAYS
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.workspace.workspace import Workspace

REGIME = "EU AI Act"
LEGAL_BASIS = "Regulation (EU) 2024/1689, as amended by Regulation (EU) 2026/1744"


def facts_of(workspace: Workspace, incident: Incident) -> JsonObject:
    """Return what the store, the contract and the journal say of an incident.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    return {
        "regime": REGIME,
        "legal_basis": LEGAL_BASIS,
        "model": incident.model,
        "version_at_onset": incident.version,
        "title": incident.title,
        "cause": incident.cause.value,
        "severity": incident.severity.value,
        "onset_day": incident.onset_day.isoformat(),
        "last_day": incident.last_day.isoformat(),
        "detected_at": incident.opened_at.isoformat(),
        "system": _system(workspace, incident.model),
        "rows_by_version": _rows(workspace, incident),
        "logs": _logs(workspace, incident.model),
        "alias_moves": alias_moves(workspace, incident),
    }


def alias_moves(workspace: Workspace, incident: Incident) -> list[dict[str, Any]]:
    """Return what was altered of the system since the onset: its alias moves.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    lines = workspace.journal.lines_in(
        RollbackState.APPLIED.value, "outside", model=incident.model
    )
    return [
        {
            "line": line.number,
            "at": line.at.isoformat(),
            "alias": line.alias,
            "from_version": line.from_version,
            "to_version": line.to_version,
            "actor": line.actor,
            "digest": line.digest,
        }
        for line in lines
        if line.at.date() >= incident.onset_day
    ]


def declared(workspace: Workspace, model: str) -> bool:
    """Whether a contract declares a model; incidents of the whole fleet have none.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
    """
    files = contract_files(workspace.settings.expectations)
    return model in {path.parent.name for path in files}


def _system(workspace: Workspace, model: str) -> dict[str, Any] | None:
    if not declared(workspace, model):
        return None
    contract = workspace.contract(model)
    said = contract.governance.model_dump(mode="json")
    return {"tier": contract.tier, "owners": list(contract.owners)} | said


def _rows(workspace: Workspace, incident: Incident) -> dict[str, int]:
    """Return how many rows of its days were scored, by the version of most of a day."""
    rows: Counter[str] = Counter()
    first, last = incident.onset_day, incident.last_day
    for evaluation in workspace.results.current(incident.model, first, last):
        rows[evaluation.version or "unknown"] += evaluation.rows
    return dict(sorted(rows.items()))


def _logs(workspace: Workspace, model: str) -> dict[str, Any]:
    days = workspace.results.days(model)
    first, last = days or (None, None)
    return {
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "held_at_least_days": RETENTION_DAYS,
    }
