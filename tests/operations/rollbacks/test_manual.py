"""Which day a rollback by hand rests on, while an incident is open and without one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.operations.rollbacks.manual import _telling_day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_incident
from tests.operations.days import FIRST, Look, write_workspace

BROKE, NEWEST = FIRST + timedelta(days=2), FIRST + timedelta(days=5)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Six days of version 2, of which the last two have no labels yet."""
    with open_workspace(write_workspace(tmp_path / "home")) as opened:
        for ago in range(6):
            Look(labelled=90 if ago < 4 else 0).write(
                opened, FIRST + timedelta(days=ago)
            )
        yield opened


def test_open_incident_is_judged_by_its_last_labelled_day(workspace: Workspace) -> None:
    """Days that wait for labels do not take a proven breach's evidence away."""
    incident = make_incident(onset_day=BROKE, last_day=BROKE)
    workspace.incidents.report(incident, text="it broke", detail={})
    assert _telling_day(workspace, MODEL, "2").day == FIRST + timedelta(days=3)


def test_later_labels_of_a_day_count(workspace: Workspace) -> None:
    """The newest look at a day is the one that speaks."""
    incident = make_incident(onset_day=BROKE, last_day=BROKE)
    workspace.incidents.report(incident, text="it broke", detail={})
    late = Look(labelled=90, hour=9).write(workspace, NEWEST)
    assert _telling_day(workspace, MODEL, "2").unit == late


@pytest.mark.parametrize("version", ["1", None])
def test_without_an_incident_of_it_the_newest_day_speaks(
    workspace: Workspace, version: str | None
) -> None:
    """What another version did is no evidence against this one."""
    if version is not None:
        incident = make_incident(onset_day=BROKE, last_day=BROKE, version=version)
        workspace.incidents.report(incident, text="it broke", detail={})
    assert _telling_day(workspace, MODEL, "2").day == NEWEST


def test_incident_without_labelled_days_rests_on_the_newest(
    workspace: Workspace,
) -> None:
    """Labels of before it began say nothing of it."""
    incident = make_incident(onset_day=NEWEST, last_day=NEWEST)
    workspace.incidents.report(incident, text="it broke", detail={})
    assert _telling_day(workspace, MODEL, "2").day == NEWEST
