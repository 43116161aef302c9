"""A model's own playbooks, each tried on incidents of much and of little knowledge."""

from datetime import UTC, datetime
from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.playbooks import read_own
from monitoring_tasks.respond.playbook_facts import sample_facts
from monitoring_tasks.respond.playbook_rendering import FOLDER, render_playbook
from monitoring_tasks.workspace.workspace import Workspace

SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


def check_playbooks(workspace: Workspace, model: str) -> dict[Path, list[str]]:
    """Try every playbook that lies beside a sound contract.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        File -> what has to be fixed, with its line; empty for a sound one.
    """
    loaded = workspace.loaded(model)
    own = sorted((loaded.folder / FOLDER).glob("*.md"))
    return {path: _faults(path, loaded.contract) for path in own}


def _faults(path: Path, contract: Contract) -> list[str]:
    causes = [cause.value for cause in Cause]
    if path.stem not in causes:
        names = ", ".join(f"{cause}.md" for cause in causes)
        return [f"{path}: no cause is called that; name it one of {names}"]
    incident = Incident(
        id=f"{contract.model}-{path.stem}-2000-01-01",
        model=contract.model,
        cause=Cause(path.stem),
        state=IncidentState.OPEN,
        severity=Severity.P2,
        version="2",
        onset_day=SOME_INSTANT.date(),
        last_day=SOME_INSTANT.date(),
        title="a title",
        opened_at=SOME_INSTANT,
    )
    try:
        text = read_own(path)
        for facts in sample_facts(contract, incident):
            render_playbook(text, facts, name=str(path))
    except ConfigurationError as error:
        return [str(error)]
    return []
