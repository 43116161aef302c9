"""The inventory of models: a row a contract, what people said and how it stands."""

from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.errors import RegistryError
from monitoring_tasks.workspace.workspace import Workspace


def inventory(workspace: Workspace) -> list[dict[str, Any]]:
    """Return a row for each contract, by model.

    Args:
        workspace: The workspace; only read.

    Raises:
        ConfigurationError: If a contract cannot be read.
        SourceUnavailableError: If the registry does not answer.
    """
    files = contract_files(workspace.settings.expectations)
    return [model_row(workspace, path.parent.name) for path in files]


def model_row(workspace: Workspace, model: str) -> dict[str, Any]:
    """Return the row of a model; what nobody has said or judged is None or empty.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
    """
    contract, newest = workspace.contract(model), _newest(workspace, model)
    said = contract.governance
    due = said.next_validation
    row: dict[str, Any] = plain_json(
        {
            "model": model,
            "tier": contract.tier,
            "owners": contract.owners,
            **said.model_dump(mode="json"),
            # As of the newest judged day: no row depends on when it was asked for.
            "is_validation_due": newest.day >= due if newest and due else None,
            "problem": contract.problem.value,
            "live_version": _live_version(workspace, model),
            "last_day": newest and newest.day,
            "last_verdict": newest and newest.verdict,
            "open_incidents": [i.id for i in workspace.incidents.active(model)],
            "response_mode": contract.response.mode.value,
            "contract_digest": _digest(workspace, model),
        }
    )
    return row


def _newest(workspace: Workspace, model: str) -> Evaluation | None:
    days = workspace.results.days(model)
    if days is None:
        return None
    return workspace.results.current(model, days[1], days[1])[-1]


def _live_version(workspace: Workspace, model: str) -> str | None:
    """Return where the alias stands; None where nothing is registered."""
    if workspace.registry.is_absent:
        return None
    try:
        return workspace.registry.alias_version(model, workspace.contract(model).alias)
    except RegistryError:
        return None


def _digest(workspace: Workspace, model: str) -> str | None:
    versions = workspace.contract_versions.of_model(model)
    return versions[-1].digest if versions else None
