"""The channels a contract's rules name, held against those of the settings."""

from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.workspace.routing import rules_for
from monitoring_tasks.workspace.workspace import Workspace


def check_channels(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Hold the channels that `notify` names against the settings.

    Args:
        workspace: Where the contract and the settings are.
        model: Registered model name.

    Returns:
        What has to be fixed, and what is worth knowing: a channel that is not there is
        a fault; a model about which nobody would be told of a P1 is a note.
    """
    contract = workspace.contract(model)
    settings = workspace.settings
    named = {name for rule in contract.notify.routes for name in rule.to}
    named |= {name for step in contract.notify.escalation for name in step.to}
    faults = [
        f"notify: there is no channel '{name}' in the settings"
        f"{did_you_mean(name, settings.channels)}"
        for name in sorted(named - set(settings.channels))
    ]
    rules = rules_for(contract, settings)
    is_told = any(not rule.severity or "P1" in rule.severity for rule in rules)
    if settings.channels and not is_told:
        return faults, ["notify: no rule sends a P1 anywhere"]
    return faults, []
