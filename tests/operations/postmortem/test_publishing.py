"""The post-mortem as people left it becomes one page, always the same."""

import pytest

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.operations.postmortem.drafting import draft_postmortem
from monitoring_tasks.operations.postmortem.publishing import publish_postmortem
from monitoring_tasks.workspace.workspace import Workspace
from tests.operations.postmortem.atlassian import Site


def test_text_of_people_is_published_and_their_notes_on_the_page_stay(
    workspace: Workspace, incident: Incident, site: Site
) -> None:
    """A second time writes the same page anew, but for what stands below `Notes`."""
    path = draft_postmortem(workspace, incident.id, seconds=0).path
    publish_postmortem(workspace, incident.id, "wiki", actor="kim")
    (page,) = site.pages
    assert page["title"] == f"Post-mortem: {incident.id} (production)"
    assert "<h2>Summary</h2>" in page["body"]["storage"]["value"]
    noted = page["body"]["storage"]["value"] + "<p>asked legal</p>"
    page["body"]["storage"]["value"] = noted
    path.write_text(path.read_text().replace("## Summary", "## In short"))
    receipt = publish_postmortem(workspace, incident.id, "wiki", actor="kim")
    value = site.pages[0]["body"]["storage"]["value"]
    assert receipt == {"page": "0", "version": 2}
    assert ("<h2>In short</h2>" in value, "asked legal" in value) == (True, True)


def test_nothing_is_published_without_text_or_to_another_kind(
    workspace: Workspace, incident: Incident
) -> None:
    """The refusal names what to type."""
    with pytest.raises(NoDataError, match="postmortem draft"):
        publish_postmortem(workspace, incident.id, "wiki", actor="kim")
    draft_postmortem(workspace, incident.id, seconds=0)
    with pytest.raises(ConfigurationError, match="of kind jira"):
        publish_postmortem(workspace, incident.id, "tickets", actor="kim")
