from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.operations.governance.changes import changes_view
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, at, write_workspace


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A contract, and no rows of any day."""
    return write_workspace(tmp_path / "home")


def extract(home: Path, day: date, mode: Mode = Mode.LIVE) -> None:
    """Let a process of its own take a day's first step."""
    with open_workspace(home) as workspace:
        unit = Unit(model=MODEL, day=day, as_of=at(day, 6), mode=mode)
        extract_day(Day(workspace, unit))


def amend(home: Path, **parts: object) -> None:
    """Change keys of the contract."""
    path = home / "expectations" / MODEL / "monitor.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | parts))


def test_contract_is_on_record_from_the_first_live_day_on(home: Path) -> None:
    """Day after day, and in a second run, once; other modes write nothing."""
    for mode in (Mode.BACKFILL, Mode.DRY_RUN, Mode.REPLAY):
        extract(home, FIRST, mode)
    with open_workspace(home) as workspace:
        assert workspace.contract_versions.of_model(MODEL) == []
    for day in (FIRST, FIRST, FIRST + timedelta(days=1)):
        extract(home, day)
    with open_workspace(home) as workspace:
        (seen,) = workspace.contract_versions.of_model(MODEL)
    assert (seen.day, seen.seen_at) == (FIRST, at(FIRST, 6))
    assert seen.content["contract"]["policy"]["min_rows"] == 100
    assert seen.content["suites"] == {"predictions": None, "labels": None}


def test_changes_are_told_with_the_day_they_were_in_force_from(home: Path) -> None:
    """A limit, then a suite; each with old and new; a range leaves out the others."""
    extract(home, FIRST)
    amend(home, policy={"min_rows": 50})
    second, third = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
    extract(home, second)
    (home / "expectations" / MODEL / "labels.json").write_text("{}")
    extract(home, third)
    with open_workspace(home) as workspace:
        limit, suite = changes_view(workspace, MODEL)["changes"]
        (later,) = changes_view(workspace, MODEL, first=third)["changes"]
        (earlier,) = changes_view(workspace, MODEL, last=second)["changes"]
    assert limit["changes"] == [
        {"key": "contract.policy.min_rows", "before": 100, "after": 50}
    ]
    assert limit["in_force_from"] == at(second, 6).isoformat()
    (key,) = suite["changes"]
    assert (key["key"], key["before"], len(key["after"])) == ("suites.labels", None, 64)
    assert (earlier, later) == (limit, suite)
