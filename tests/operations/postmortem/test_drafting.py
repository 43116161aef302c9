"""A draft never writes over what people wrote, and says when a review is due."""

from pathlib import Path

import pytest

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.errors import UnwritableError
from monitoring_tasks.operations.incidents import said_now
from monitoring_tasks.operations.postmortem.drafting import (
    draft_postmortem,
    path_of,
    postmortem_of,
)
from monitoring_tasks.workspace.workspace import Workspace


def test_draft_is_written_again_until_somebody_edits_it(
    workspace: Workspace, incident: Incident
) -> None:
    """An edit is kept; only --force writes over it."""
    drafted = draft_postmortem(workspace, incident.id, seconds=0, with_page=True)
    assert drafted.path == workspace.settings.home / "postmortems" / (
        f"{incident.id}.md"
    )
    assert drafted.page is not None
    assert drafted.page.read_text().startswith("<!doctype html>")
    assert not draft_postmortem(workspace, incident.id, seconds=0).is_new
    edited = drafted.path.read_text().replace("## Summary", "## Summary\n\nMine.")
    drafted.path.write_text(edited)
    with pytest.raises(UnwritableError, match="--force"):
        draft_postmortem(workspace, incident.id, seconds=0)
    assert drafted.path.read_text() == edited
    draft_postmortem(workspace, incident.id, seconds=0, force=True)
    assert "Mine." not in drafted.path.read_text()


def test_file_elsewhere_is_found_again(
    workspace: Workspace, incident: Incident, tmp_path: Path
) -> None:
    """The time line remembers where the post-mortem lies; the guards read it there."""
    elsewhere = tmp_path / "repository" / "pm.md"
    draft_postmortem(workspace, incident.id, seconds=0, out=elsewhere)
    assert path_of(workspace, incident.id) == elsewhere
    read = postmortem_of(workspace, incident.id)
    assert read is not None
    assert read.status == "draft"


def test_draft_of_what_is_over_makes_its_review_due(
    workspace: Workspace, incident: Incident
) -> None:
    """A P1 that is resolved is `review_due`, with its day in the head of the file."""
    draft_postmortem(workspace, incident.id, seconds=0)
    assert workspace.incidents.get(incident.id) == incident
    over = said_now(workspace, "three good days", actor="kim")
    workspace.incidents.take_to(incident.id, IncidentState.RESOLVED, over)
    drafted = draft_postmortem(workspace, incident.id, seconds=0)
    assert drafted.facts.incident.state is IncidentState.REVIEW_DUE
    assert "review_due: '2024-03-08'" in drafted.path.read_text()
    assert drafted.facts.findings == []
    assert [took.name for took in drafted.facts.took] == [
        "detect", "acknowledge", "mitigate", "resolve",
    ]  # fmt: skip
