"""Whether the interpreter that a contract names can score."""

from monitoring_tasks.store.interpreters import interpreter_fault
from monitoring_tasks.workspace.workspace import Workspace


def check_scoring(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Check whether the interpreter of `response.scoring` can score.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        What has to be fixed, and no notes; nothing where no interpreter is named.
    """
    python = workspace.contract(model).response.scoring.python
    fault = interpreter_fault(python) if python else ""
    return ([f"response.scoring.python: {fault}"] if fault else []), []
