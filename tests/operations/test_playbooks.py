from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.operations.playbooks import SHIPPED, playbook_of
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, make_incident
from tests.operations.days import write_workspace


def test_own_playbook_is_used_and_a_broken_one_stops_nobody(tmp_path: Path) -> None:
    """The shipped one is shown instead, and the fault named with its line."""
    home = write_workspace(tmp_path / "home")
    own = home / "expectations" / MODEL / "playbooks" / "data.md"
    own.parent.mkdir()
    with open_workspace(home) as workspace:
        shown = make_incident(cause=Cause.DATA)
        incident = workspace.incidents.report(shown, text="broken", detail={})
        shipped = playbook_of(workspace, incident.id)
        own.write_text("Wake {{ owners }} for {{ incident.id }}.\n")
        used = playbook_of(workspace, incident.id)
        own.write_text("Wake {{ nobody }}.\n")
        broken = playbook_of(workspace, incident.id)
        (home / "expectations" / MODEL / "monitor.yaml").unlink()
        with pytest.raises(LookupError, match="daywatch incident list"):
            playbook_of(workspace, "no-such")
    with open_workspace(home) as workspace:
        lost = playbook_of(workspace, incident.id)
    assert (shipped.source, shipped.fault) == (SHIPPED, "")
    assert (used.source, used.text) == (str(own), f"Wake team for {incident.id}.\n")
    assert (broken.text, broken.source) == (shipped.text, SHIPPED)
    assert broken.fault.startswith(f"{own}:1: ")
    assert "no contract" in lost.fault or "nobody" in lost.fault
