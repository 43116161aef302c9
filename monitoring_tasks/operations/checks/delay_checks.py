"""A contract's limits held against how long its labels take."""

from monitoring_tasks.contract.label_checks import label_faults, label_notes
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.checks.limit_noise_checks import has_store
from monitoring_tasks.workspace.label_delay import usual_label_delay
from monitoring_tasks.workspace.workspace import Workspace


def check_label_delay(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Hold label delay, as stated and as it was, against what the policy leaves it.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        What has to be fixed, and what is worth knowing; before the first judged day
        only what the contract itself says counts.
    """
    contract = workspace.contract(model)
    usual = None
    if has_store(workspace):
        try:
            now = workspace.now(model)
        except NoDataError:
            return label_faults(contract), label_notes(contract, None)
        usual = usual_label_delay(workspace, model, as_of=now)
    return label_faults(contract), label_notes(contract, usual)
