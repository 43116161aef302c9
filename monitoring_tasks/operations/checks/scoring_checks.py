"""Whether the interpreter that a contract names can score."""

from monitoring_tasks.store.interpreters import interpreter_fault
from monitoring_tasks.workspace.workspace import Workspace


def check_scoring(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """What `check` says of `response.scoring`: faults, and no notes."""
    python = workspace.contract(model).response.scoring.python
    fault = interpreter_fault(python) if python else ""
    return ([f"response.scoring.python: {fault}"] if fault else []), []
