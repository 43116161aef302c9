"""From resolved to closed: what lacks is said, and nothing moves until it is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.incident_actions import ActionType
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.operations.closing import close_incident, review_incident
from monitoring_tasks.operations.holds import place_hold, release_hold
from monitoring_tasks.operations.incident_tests.leaving import leave_drill
from monitoring_tasks.operations.incidents import said_now
from monitoring_tasks.operations.postmortem.actions import add_action, plan_action
from monitoring_tasks.operations.postmortem.drafting import draft_postmortem
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_incident
from tests.operations.days import FIRST, Look, at, write_workspace

S = IncidentState
WHY = "all of it was read together"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """One judged day, no channels."""
    with open_workspace(write_workspace(tmp_path / "home")) as workspace:
        Look().write(workspace, FIRST)
        yield workspace


def resolved(workspace: Workspace, severity: Severity) -> str:
    """Return the id of an incident that is over."""
    shown = make_incident(severity=severity, onset_day=FIRST, opened_at=at(FIRST, 6))
    workspace.incidents.report(shown, text="it broke", detail={})
    workspace.incidents.take_to(shown.id, S.RESOLVED, said(workspace))
    return shown.id


def said(workspace: Workspace) -> Entry:
    """Return what a person says."""
    return said_now(workspace, WHY, actor="kim")


def test_a_p1_is_closed_step_by_step(workspace: Workspace) -> None:
    """Post-mortem, review, plan, test, hold: each is asked for until it is there."""
    p1, entry = resolved(workspace, Severity.P1), said(workspace)

    def lacks() -> list[str]:
        moved = close_incident(workspace, p1, entry)
        assert moved.incident.state is not S.CLOSED or not moved.lacks
        return [lack.text for lack in moved.lacks]

    assert "has no post-mortem" in lacks()[0]
    path = draft_postmortem(workspace, p1, seconds=0).path
    assert review_incident(workspace, p1, entry).lacks
    path.write_text(path.read_text().replace("status: draft", "status: reviewed"))
    assert review_incident(workspace, p1, entry).incident.state is S.REVIEWED
    add_action(workspace, p1, ActionType.DETECT, entry)
    hold = place_hold(workspace, MODEL, HoldKind.LEGAL_HOLD, reason=WHY, actor="kim")
    owner, test, law = lacks()
    assert ("no owner" in owner, "no test" in test, hold.id in law) == (True,) * 3
    plan_action(workspace, p1, "1", entry, owner="kim", due=FIRST)
    leave_drill(workspace, p1, "unit_change", entry)
    release_hold(workspace, hold.id, reason=WHY, actor="kim")
    path.write_text(path.read_text() + "one more sentence\n")
    assert "was changed since it was reviewed" in lacks()[0]
    assert not review_incident(workspace, p1, entry).lacks
    assert lacks() == []
    stored = workspace.incidents.get(p1)
    assert stored is not None
    assert stored.state is S.CLOSED


def test_a_p2_is_closed_straight_from_resolved(workspace: Workspace) -> None:
    """Nobody has to write about it; saying so twice changes nothing."""
    p2 = resolved(workspace, Severity.P2)
    closed = close_incident(workspace, p2, said(workspace)).incident
    assert closed.state is S.CLOSED
    events = workspace.incidents.events(p2)
    assert close_incident(workspace, p2, said(workspace)).incident == closed
    assert workspace.incidents.events(p2) == events
