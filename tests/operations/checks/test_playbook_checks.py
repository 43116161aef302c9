from pathlib import Path

from monitoring_tasks.operations.checks.playbook_checks import check_playbooks
from monitoring_tasks.operations.checks.workspace_check import check_workspace
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import write_workspace


def test_check_names_file_and_line_of_a_broken_playbook(tmp_path: Path) -> None:
    """One that is sound, one with an unknown name, one of no cause."""
    home = write_workspace(tmp_path / "home")
    folder = home / "expectations" / MODEL / "playbooks"
    folder.mkdir()
    (folder / "model.md").write_text("Call {{ owners }}.\n")
    (folder / "data.md").write_text("Call\n{{ nobody }}.\n")
    (folder / "no_cause.md").write_text("Call.\n")
    with open_workspace(home) as workspace:
        checked = check_playbooks(workspace, MODEL)
        faults = check_workspace(workspace, offline=True).faults
    assert checked[folder / "model.md"] == []
    (fault,) = checked[folder / "data.md"]
    assert fault.startswith(f"{folder / 'data.md'}:2: ")
    assert "nobody" in fault
    (fault,) = checked[folder / "no_cause.md"]
    assert "no cause is called that" in fault
    assert faults[str(folder / "data.md")] == checked[folder / "data.md"]
