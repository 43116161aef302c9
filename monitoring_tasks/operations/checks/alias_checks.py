"""A contract's alias held against those the registry has."""

from monitoring_tasks.decide.alias_checks import ACTING, missing_alias
from monitoring_tasks.errors import RegistryError, TransientError, VersionMissingError
from monitoring_tasks.workspace.workspace import Workspace


def check_alias(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Hold the alias a contract names against the registry.

    Args:
        workspace: Where the contract and the registry are.
        model: Registered model name.

    Returns:
        What has to be fixed, and what is worth knowing. An alias that is not there is
        a fault where moving it is what the contract asks for, else a note, as is a
        registry that could not be asked. A model that is not registered yet has none.
    """
    contract = workspace.contract(model)
    try:
        fault = missing_alias(contract, workspace.registry.aliases(model))
    # A contract may be written before its model is registered.
    except VersionMissingError:
        return [], []
    except (RegistryError, TransientError) as error:
        return [], [f"alias: was not looked up: {error}"]
    if not fault:
        return [], []
    # Other modes never move the alias: there it is only worth knowing.
    if contract.response.mode in ACTING:
        return [f"alias: {fault}"], []
    return [], [f"alias: {fault}"]
