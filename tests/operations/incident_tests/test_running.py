"""Tests that incidents left: what holds passes, what is lost or untried fails."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from monitoring_tasks.domain.contract_versions import ContractVersion
from monitoring_tasks.domain.incident_tests import IncidentTestKind
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.operations.incident_tests.leaving import (
    leave_drill,
    leave_expectation,
    leave_limit,
    leave_replay,
)
from monitoring_tasks.operations.incident_tests.running import hold, hold_tests
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, NOW, make_contract, make_incident
from tests.operations.days import FIRST, Look, write_workspace

ENTRY = Entry(at=NOW, actor="kim", text="")
MEAN = {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "fare"}}
EXPECTATION = "predictions:expect_column_mean_to_be_between/fare"
BAD_DAYS = "policy.persistence.bad_days"
INCIDENT = make_incident().id


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An incident of a model with a suite and a limit."""
    home = write_workspace(tmp_path / "home", policy={"persistence": {"bad_days": 1}})
    (home / "expectations" / MODEL / "predictions.json").write_text(
        json.dumps({"name": "p", "expectations": [MEAN]})
    )
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
        workspace.incidents.report(make_incident(), text="it broke", detail={})
        yield workspace


def passed(home: Path) -> dict[str, bool]:
    """Hold all tests in a new process' view; give which passed, by their targets."""
    with open_workspace(home) as workspace:
        return {r.test.target: r.passed for r in hold_tests(workspace)}


def test_expectation_and_limit_fail_once_they_are_lost_again(
    workspace: Workspace,
) -> None:
    """Whoever takes the expectation out, or puts the limit back, hears of it."""
    leave_expectation(workspace, INCIDENT, EXPECTATION, ENTRY)
    left = leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY, was=2)
    assert left == leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY, was=2)
    home = workspace.settings.home
    assert passed(home) == {EXPECTATION: True, BAD_DAYS: True}
    folder = home / "expectations" / MODEL
    (folder / "predictions.json").write_text('{"name": "p", "expectations": []}')
    contract = yaml.safe_load((folder / "monitor.yaml").read_text())
    contract["policy"]["persistence"]["bad_days"] = 2
    (folder / "monitor.yaml").write_text(yaml.safe_dump(contract))
    assert passed(home) == {EXPECTATION: False, BAD_DAYS: False}


def test_test_that_holds_nothing_is_not_taken(workspace: Workspace) -> None:
    """Missing, unchanged, unknown and without rows: each refused when it is left."""
    with pytest.raises(ConfigurationError, match="no expectation"):
        leave_expectation(workspace, INCIDENT, "predictions:expect_nothing", ENTRY)
    with pytest.raises(ConfigurationError, match="as it was"):
        leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY, was=1)
    with pytest.raises(ConfigurationError):
        leave_drill(workspace, INCIDENT, "no_such_fault", ENTRY)
    with pytest.raises(NoDataError, match="no frozen rows"):
        leave_replay(workspace, INCIDENT, ENTRY)
    assert workspace.incident_work.tests() == []


def test_limit_in_force_then_is_taken_from_the_record(workspace: Workspace) -> None:
    """What a person says otherwise is refused; without a record they have to say."""
    with pytest.raises(ConfigurationError, match="--was"):
        leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY)
    then = make_contract(policy={"persistence": {"bad_days": 2}})
    version = ContractVersion(
        model=MODEL,
        seen_at=NOW,
        day=FIRST,
        digest="d",
        daywatch="0",
        content={"contract": then.model_dump(mode="json"), "suites": {}},
    )
    workspace.contract_versions.see(version)
    with pytest.raises(ConfigurationError, match="by the record"):
        leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY, was=3)
    left = leave_limit(workspace, INCIDENT, BAD_DAYS, ENTRY)
    assert left.detail == {"was": 2, "became": 1}


def test_what_cannot_be_tried_fails(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model without healthy days drills nothing; that is no pass."""
    leave_drill(workspace, INCIDENT, "unit_change", ENTRY)
    monkeypatch.setenv("DAYWATCH_HOME", str(workspace.settings.home))
    summary = hold(MODEL)
    assert summary["failed"] == [f"{INCIDENT}-test-1"]
    assert "could not be held" in summary["results"][0]["text"]
    assert summary["results"][0]["kind"] == IncidentTestKind.DRILL
