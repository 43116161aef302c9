"""What people said of the version that serves, as days before and after know it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.release_history import mended_on
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import make_incident
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
LAST_BAD = world.HISTORY[0]
SAID = LAST_BAD + timedelta(days=2)


def noon(day: date) -> datetime:
    """Return an instant of a day."""
    return window_of(day, world.ZONE).start + timedelta(hours=12)


def resolve(
    workspace: Workspace, *, by: str, day: date | None, **parts: object
) -> None:
    """Open an incident about version 3 and resolve it on the day `SAID`."""
    opened: Incident = workspace.incidents.report(
        make_incident(
            model=world.MODEL,
            **{"version": "3", "cause": Cause.MODEL} | parts,
            onset_day=LAST_BAD,
            last_day=LAST_BAD,
        ),
        text="-",
        detail={},
    )
    workspace.incidents.move(
        opened.id,
        IncidentState.RESOLVED,
        at=noon(SAID),
        actor=by,
        text="the feed is mended",
        day=day,
    )


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        pytest.param(Mode.LIVE, SAID, id="live"),
        pytest.param(Mode.BACKFILL, None, id="judged in bulk"),
    ],
)
def test_release_is_mended_on_the_day_of_a_persons_word(
    home: Path, mode: Mode, expected: date | None
) -> None:
    """Other modes show what Daywatch finds by itself."""
    with open_workspace(home) as workspace:
        resolve(workspace, by="kim", day=None)
        unit = world.unit_of(workspace, SAID + timedelta(days=1), mode)
        assert mended_on(Day(workspace, unit), "3") == expected


@pytest.mark.parametrize(
    ("by", "good_day", "parts"),
    [
        pytest.param("kim", None, {"version": "2"}, id="about another version"),
        pytest.param("kim", None, {"cause": Cause.DATA}, id="about its data"),
        pytest.param("daywatch", SAID, {}, id="good days ended it, no person"),
    ],
)
def test_other_incidents_that_ended_mend_no_release(
    home: Path, by: str, good_day: date | None, parts: dict[str, object]
) -> None:
    """Only a person's word, on this version being worse."""
    with open_workspace(home) as workspace:
        resolve(workspace, by=by, day=good_day, **parts)
        unit = world.unit_of(workspace, SAID + timedelta(days=1))
        assert mended_on(Day(workspace, unit), "3") is None


def test_word_that_was_not_yet_said_is_not_heard(home: Path) -> None:
    """A day is judged by what was known at its instant."""
    with open_workspace(home) as workspace:
        resolve(workspace, by="kim", day=None)
        unit = world.unit_of(workspace, LAST_BAD)
        assert mended_on(Day(workspace, unit), "3") is None
