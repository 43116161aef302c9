"""What a playbook may name: an incident's own numbers. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import upstream_of
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.rollbacks import DONE, Rollback, RollbackState

DRIFT_EFFECTS = "drift_effects"
WEAK = "weak_segments"
UNKNOWN = "unknown"


def playbook_facts(
    incident: Incident,
    *,
    evaluation: Evaluation | None = None,
    contract: Contract | None = None,
    rollbacks: Sequence[Rollback] = (),
    parts: Sequence[Incident] = (),
    pack: str = "",
) -> dict[str, Any]:
    """Return all that a playbook may name; the same names for every incident.

    Args:
        incident: The incident.
        evaluation: Its last day, as it was decided; None of one of many models.
        contract: What is expected of the model; None of one of many models.
        rollbacks: Those of the model.
        parts: The incidents one of many models speaks for.
        pack: Digest of its root-cause pack; empty without one.
    """
    models = sorted({part.model for part in parts}) or [incident.model]
    own = [r for r in rollbacks if r.incident == incident.id]
    waiting = [r.id for r in own if r.state is RollbackState.AWAITING_APPROVAL]
    return {
        "incident": incident,
        "model": models[0],
        "models": models,
        "parts": [part.id for part in parts],
        "day": incident.last_day.isoformat(),
        "version": incident.version,
        "upstreams": list(incident.upstreams),
        "other_cause": "model" if incident.cause is Cause.DATA else "data",
        "pack": pack,
        "waiting": waiting,
        "done": [r.id for r in own if r.state in DONE],
        **_of_contract(contract),
        **_of_day(incident, evaluation),
    }


def sample_facts(contract: Contract, incident: Incident) -> list[dict[str, Any]]:
    """Return facts a playbook is tried on: one of an incident of which little is known.

    Args:
        contract: What is expected of the model.
        incident: Any incident of the model.
    """
    bare = playbook_facts(incident, contract=contract)
    full = bare | {
        "parts": [incident.id],
        "pack": "0" * 64,
        "waiting": ["rollback-000000000001"],
        "done": ["rollback-000000000002"],
        "reasons": ["a reason"],
        "rows": 1000,
        "labelled": 900,
        "action": "what was done",
        "failed_checks": [_SAMPLE_CHECK],
        "failing_id": "4711",
        "rollback_to": "1",
        "better": [_SAMPLE_COMPARISON],
        "segments": [_SAMPLE_SEGMENT],
        "columns": [ColumnEffect(version="2", column="a", metric="f1", loss=0.1)],
    }
    return [bare, full]


_SAMPLE_CHECK = {
    "name": "no_nulls",
    "column": "a",
    "observed": "nulls 40 %",
    "failing_rows": 3,
    "failing_ids": ["4711"],
}
_SAMPLE_COMPARISON = {
    "version": "1", "metric": "roc_auc", "champion": 0.6, "candidate": 0.7,
    "gain": 0.1, "lower": 0.05, "upper": 0.15, "rows": 900,
}  # fmt: skip
_SAMPLE_SEGMENT = {
    "rule": "a > 1", "rows": 90, "share": 0.1, "value": 0.9, "elsewhere": 0.4,
}  # fmt: skip


_NOTHING: Mapping[str, Any] = {
    "rows": 0, "labelled": 0, "action": "", "failed_checks": [], "failing_id": "",
    "rollback_to": "", "better": [], "segments": [], "columns": [],
}  # fmt: skip
"""What is known of a day that was not judged."""


def _of_contract(contract: Contract | None) -> Mapping[str, Any]:
    if contract is None:
        return {
            "owners": "the owners of the models",
            "alias": "",
            "tier": None,
            "mode": UNKNOWN,
            "fallback": "",
            "predictions_from": UNKNOWN,
            "labels_from": UNKNOWN,
        }
    return {
        "owners": ", ".join(contract.owners),
        "alias": contract.alias,
        "tier": contract.tier,
        "mode": contract.response.mode.value,
        "fallback": contract.response.fallback or "",
        "predictions_from": upstream_of(contract.sources.predictions),
        "labels_from": upstream_of(contract.sources.labels),
    }


def _of_day(incident: Incident, evaluation: Evaluation | None) -> Mapping[str, Any]:
    if evaluation is None:
        return {**_NOTHING, "reasons": [incident.title]}
    evidence = evaluation.evidence
    failed = [c for c in evaluation.checks if c.status in {"failed", "errored"}]
    failed.sort(key=lambda check: check.severity != "critical")
    return {
        "reasons": list(evaluation.reasons),
        "rows": evaluation.rows,
        "labelled": evaluation.labelled or 0,
        "action": evaluation.action.text if evaluation.action else "",
        "failed_checks": failed,
        "failing_id": next((c.failing_ids[0] for c in failed if c.failing_ids), ""),
        "rollback_to": evaluation.rollback_to or "",
        "better": [c for c in evaluation.comparisons if c.is_better_by(0.0)],
        "segments": list((evidence.get(WEAK) or {}).get("segments", ())),
        "columns": [ColumnEffect(**plain) for plain in evidence.get(DRIFT_EFFECTS, ())],
    }
