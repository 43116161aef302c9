from pathlib import Path
from typing import NoReturn

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations import moving_on
from monitoring_tasks.operations.incidents import move_incident, said_now
from monitoring_tasks.operations.moving_on import move_on
from tests.builders import NOW
from tests.operations.messages.rooms import room

S = IncidentState


@pytest.mark.parametrize(
    ("severity", "state"), [(Severity.P1, S.REVIEW_DUE), (Severity.P2, S.RESOLVED)]
)
def test_what_was_grave_is_reviewed(
    tmp_path: Path, severity: Severity, state: IncidentState
) -> None:
    """Once; the others wait until they have stayed away for long enough."""
    with room(tmp_path, {}, routes=[]) as here:
        incident = here.report(severity=severity)
        entry = said_now(here.workspace, "three good days", actor="kim")
        move_incident(here.workspace, incident.id, S.RESOLVED, entry)
        for _ in range(2):
            move_on(here.workspace, now=NOW)
        (after,) = here.workspace.incidents.find()
        assert after.state is state
        due = [e["text"] for e in here.workspace.incidents.events(incident.id)]
        assert sum("post-mortem is due" in text for text in due) == (
            state is S.REVIEW_DUE
        )


def test_file_nobody_can_read_stops_no_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot go on is said in the log; the round goes on."""

    def unreadable(*_: object) -> NoReturn:
        msg = "status: 'done' is none of draft, in_review, reviewed"
        raise ConfigurationError(msg)

    with room(tmp_path, {}, routes=[]) as here:
        incident = here.report(severity=Severity.P2)
        entry = said_now(here.workspace, "three good days", actor="kim")
        move_incident(here.workspace, incident.id, S.RESOLVED, entry)
        monkeypatch.setattr(moving_on, "close_incident", unreadable)
        monkeypatch.setattr(moving_on, "_stayed_away", lambda *_, now: now == NOW)
        assert move_on(here.workspace, now=NOW) == []
