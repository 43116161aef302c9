"""Under which name a rebuilt pack stands on the time line."""

from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import FIRST_GUESS
from monitoring_tasks.domain.delivery_problem import NO_PROBLEM
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.operations.root_cause import read_pack, rebuild_pack
from monitoring_tasks.respond.root_cause.freezing import FAILED
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace
from tests.builders import NOW, make_decision, make_incident, make_unit
from tests.operations.messages.rooms import room


def opened(workspace: Workspace, *, is_guess: bool) -> Incident:
    """Open an incident whose pack could not be made."""
    day = Day(workspace, make_unit())
    day.record.start(predictions=None, labels=None, problem=NO_PROBLEM)
    evidence = {FIRST_GUESS: True} if is_guess else {}
    day.record.save_decision(make_decision(evidence=evidence))
    detail = {"evaluation": day.unit.key}
    incident = workspace.incidents.report(make_incident(), text="-", detail=detail)
    workspace.incidents.note(incident, FAILED, at=NOW, text="it could not be made")
    return incident


@pytest.mark.parametrize(
    ("is_guess", "line"), [(True, "pack-guess"), (False, "pack")], ids=str
)
def test_pack_that_failed_is_rebuilt_as_what_it_was_to_be(
    tmp_path: Path, *, is_guess: bool, line: str
) -> None:
    """A guess's pack takes no place: a day that confirms it has its own."""
    with room(tmp_path, {}, routes=[]) as here:
        incident = opened(here.workspace, is_guess=is_guess)
        made = rebuild_pack(here.workspace, incident.id, actor="ann")
        assert made.different is None
        assert read_pack(here.workspace, incident.id).digest == made.digest
        events = here.workspace.incidents.events(incident.id)
        assert [event["event"] for event in events] == ["opened", FAILED, line]
        assert events[-1]["text"].endswith("made again by ann")
