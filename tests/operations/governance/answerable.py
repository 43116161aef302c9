"""A workspace with a judged day and an incident of it, for what is recorded of both."""

from pathlib import Path

from monitoring_tasks.domain.units import Mode
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, make_incident
from tests.operations.days import FIRST, Look, at, write_workspace

INCIDENT = f"{MODEL}-model-{FIRST}"
NOW = at(FIRST, 6)
"""What the clock shows: the morning after the day, six o'clock UTC."""
WHY = ("--reason", "told by the claims desk", "--by", "kim")
SAID = {
    "intended_purpose": 'ranks flights <b>"late"</b>',
    "organisation_role": "deployer",
    "next_validation": "2024-03-01",
}


def write_answerable(home: Path) -> Path:
    """Write a workspace with one day in two looks, and an incident of that day."""
    write_workspace(home, governance=SAID)
    with open_workspace(home) as workspace:
        Look(mode=Mode.BACKFILL, hour=5).write(workspace, FIRST)
        Look().write(workspace, FIRST)
        seen = make_incident(
            id=INCIDENT, onset_day=FIRST, last_day=FIRST, opened_at=NOW
        )
        workspace.incidents.report(seen, text="it broke", detail={"n": 1})
    return home
