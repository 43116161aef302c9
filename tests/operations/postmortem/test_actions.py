"""Action items: written down first, their issues made once, found again by number."""

from datetime import date

import pytest

from monitoring_tasks.domain.incident_actions import ActionType
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.incidents import said_now
from monitoring_tasks.operations.postmortem.actions import (
    Ticketed,
    add_action,
    finish_action,
    list_actions,
    plan_action,
    sync_actions,
)
from monitoring_tasks.workspace.workspace import Workspace
from tests.operations.postmortem.atlassian import Site

DUE = date(2024, 3, 30)


def add(workspace: Workspace, incident: Incident, text: str = "agree") -> Ticketed:
    """Write down an action item."""
    entry = said_now(workspace, text, actor="lee")
    return add_action(workspace, incident.id, ActionType.PREVENT, entry)


def test_action_gets_one_issue_however_often_it_is_added(
    workspace: Workspace, incident: Incident, site: Site
) -> None:
    """The same text is the same item, and its issue is found by its key."""
    made, again = add(workspace, incident), add(workspace, incident)
    assert made == again
    assert (made.action.ticket, made.fault) == ("OPS-1", "")
    assert len(site.issues) == 1
    assert "agree" in str(site.issues[0]["fields"]["summary"])


def test_jira_that_is_away_loses_no_action(
    workspace: Workspace, incident: Incident, site: Site
) -> None:
    """The item stands, the fault is said, and the issue is made later."""
    site.is_away = True
    made = add(workspace, incident)
    assert (made.action.ticket, "tickets" in made.fault) == ("", True)
    assert list(sync_actions(workspace).faults) == [made.action.id]
    site.is_away = False
    assert sync_actions(workspace).tickets == {made.action.id: "OPS-1"}
    assert sync_actions(workspace).tickets == {}


def test_issue_made_before_a_crash_is_found_again(
    workspace: Workspace, incident: Incident, site: Site
) -> None:
    """A second search comments on the first issue; no second one is made."""
    made = add(workspace, incident).action
    entry = said_now(workspace, "", actor="lee")
    workspace.incident_work.change_action(made.id, {"ticket": ""}, entry)
    assert sync_actions(workspace).tickets == {made.id: "OPS-1"}
    assert (len(site.issues), len(site.comments)) == (1, 1)


def test_plan_and_done_are_told_to_the_issue_and_on_the_time_line(
    workspace: Workspace, incident: Incident, site: Site
) -> None:
    """By the number alone; an item that is done is listed last."""
    add(workspace, incident)
    add(workspace, incident, "watch the unit")
    entry = said_now(workspace, "in the pipeline", actor="kim")
    planned = plan_action(workspace, incident.id, "2", entry, owner="kim", due=DUE)
    assert planned.action.is_planned
    assert planned.action.is_overdue(date(2024, 3, 31))
    done = finish_action(workspace, incident.id, "action-2", entry, is_verified=True)
    assert done.action.done_at == done.action.verified_at == entry.at
    assert [key for key, _ in site.comments] == ["OPS-2", "OPS-2"]
    listed = list_actions(workspace, incident.id)
    assert [item.text for item in listed] == ["agree", "watch the unit"]
    events = [event["text"] for event in workspace.incidents.events(incident.id)]
    assert "watch the unit: owner: kim, due: 2024-03-30. in the pipeline" in events


def test_what_says_nothing_is_refused(workspace: Workspace, incident: Incident) -> None:
    """No empty item, no plan without owner and day, no item that is not there."""
    entry = said_now(workspace, "", actor="kim")
    with pytest.raises(ConfigurationError):
        add(workspace, incident, " ")
    with pytest.raises(LookupError, match="no action item '3'"):
        finish_action(workspace, incident.id, "3", entry)
    add(workspace, incident)
    with pytest.raises(ConfigurationError, match="--owner"):
        plan_action(workspace, incident.id, "1", entry)
