"""Objectives over many days as they are shown: what is left of every error budget."""

from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.workspace.slo_statuses import last_due_day, slo_statuses
from monitoring_tasks.workspace.workspace import Workspace


def slos_of_models(
    workspace: Workspace, model: str | None, *, day: date | None, is_complete: bool
) -> list[dict[str, Any]]:
    """Return how the objectives over many days of a model stand, or of all models.

    Models that declare none are left out.

    Args:
        workspace: The workspace.
        model: Registered model name; None for all.
        day: Last day of every window; None for the last due one.
        is_complete: Whether one of all models that was never evaluated is an error;
            else it is left out.

    Raises:
        ConfigurationError: If there are no objectives where some have to be.
        NoDataError: If a model was never evaluated that has to be.
    """
    models = [model] if model else watched_models(workspace)
    promised = [name for name in models if workspace.contract(name).slos]
    if not promised and (is_complete or model):
        who = model or "the workspace"
        msg = f"the contract of {who} declares no slos, so nothing can be said"
        raise ConfigurationError(msg)
    if not model and not is_complete:  # one that was never evaluated hides no other
        promised = [name for name in promised if workspace.results.days(name)]
    return [slos_view(workspace, name, day) for name in promised]


def watched_models(workspace: Workspace) -> list[str]:
    """List the models that have a contract, by name."""
    files = contract_files(workspace.settings.expectations)
    return [path.parent.name for path in files]


def slos_view(
    workspace: Workspace, model: str, day: date | None = None
) -> dict[str, Any]:
    """Return how objectives over many days stand, up to `day` or the last due one.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        day: Last day of every window; None for the last due one.

    Raises:
        NoDataError: If no day of the model has been judged yet.
    """
    as_of = workspace.now(model)
    last = day or last_due_day(workspace, model, as_of)
    statuses = slo_statuses(workspace, model, last=last, as_of=as_of)
    return {
        "model": model,
        "day": last.isoformat(),
        "as_of": as_of.isoformat(),
        "freezes_promotions": any(status.freezes_promotions for status in statuses),
        "slos": [_slo(status) for status in statuses],
    }


def _slo(status: SloStatus) -> dict[str, Any]:
    return {
        "name": status.slo.name,
        "state": status.state.value,
        "reason": status.reason,
        "note": status.slo.note,
        "freezes_promotions": status.freezes_promotions,
        "good_days": status.good_days,
        "bad_days": status.bad_days,
        "not_valid_days": len(status.days) - status.valid_days,
        "budget_days": status.slo.budget_days,
        "remaining_days": status.remaining_days,
        "burn_rate": status.burn_rate,
        "recent_burn_rate": status.recent_burn_rate,
        "slo": status.slo.model_dump(),
        "days": [asdict(graded) for graded in status.days],
    }
