"""The story of `docs/walkthrough-fairness.md`: a group is denied more often."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yaml

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.operations.incidents import (
    acknowledge_incident,
    move_incident,
    note_incident,
    said_now,
)
from monitoring_tasks.operations.judging import judge_one_day
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.operations.root_cause import read_pack
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds
from tests.transports.servers import WebServer, always, web_server

pytestmark = [pytest.mark.slow, *worlds.QUIET]
FIRST_BAD = world.RELEASE
LIMIT = {
    "metric": "demographic_parity_gap",
    "source": "fairness",
    "column": "gender",
    "max": 0.15,
}


def deliver_day(home: Path, number: int, *, broken: bool) -> None:
    """Score and deliver a day, counted from the first bad one.

    The change of the pipeline: the rate of women's applications is read from a table
    of list prices, some points above what was agreed. No value of it is unusual.
    """
    day = FIRST_BAD + timedelta(days=number)
    rows = world.make_rows(day)
    if broken:
        rows.loc[rows["gender"] == "f", "rate"] += 2.5
    scored = world._score(rows, "2")
    world.write(home, "predictions", day, scored[world.PREDICTIONS])
    arrived = datetime.combine(day + timedelta(days=1), time(3), ZoneInfo(world.ZONE))
    labels = scored[["id", "repaid"]].assign(arrived_at=pd.Timestamp(arrived))
    world.write(home, "labels", day, labels)


def judge(workspace: Workspace, number: int) -> Any:  # noqa: ANN401 (an evaluation)
    """Judge a day live, as its schedule would."""
    day = FIRST_BAD + timedelta(days=number)
    return judge_one_day(workspace, world.MODEL, day, live=True)


def settle_in(home: Path) -> None:
    """Promise a limit of unequal treatment, and name whom to tell."""
    path = home / "expectations" / world.MODEL / "monitor.yaml"
    contract = yaml.safe_load(path.read_text())
    contract["objectives"].append(LIMIT)
    world.write_contract(home, contract | {"tier": 1})
    channels = {"oncall": {"kind": "webhook", "connection": "hook"}}
    settings = yaml.safe_load((home / "daywatch.yaml").read_text())
    (home / "daywatch.yaml").write_text(
        yaml.safe_dump(settings | {"channels": channels})
    )


def told(server: WebServer) -> list[dict[str, Any]]:
    """Return what the receiver was told, in order."""
    return [json.loads(content) for *_, content in server.asked]


def incident_of(workspace: Workspace) -> Incident:
    """Return the one incident there is."""
    (incident,) = workspace.incidents.active(world.MODEL)
    return incident


def test_a_group_is_denied_more_often_after_a_change_of_the_pipeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Breach, page, triage, mitigation, cause, and the end, without a rollback."""
    home = world.copy(worlds.base(), tmp_path / "home")
    settle_in(home)
    with web_server(always(200)) as server, open_workspace(home) as workspace:
        monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
        for number in (-2, -1):
            judge(workspace, number)
        assert told(server) == []

        # One bad day is a candidate, of which nobody is told; the second day pages.
        for number in (0, 1):
            deliver_day(home, number, broken=True)
            bad = judge(workspace, number)
        assert (bad.severity, bad.cause) == (Severity.P1, Cause.SEGMENT)
        assert bad.rollback_to is None
        (page,) = [body for body in told(server) if body["occasion"] == "opened"]
        assert page["headline"].startswith(
            "P1 loan: fairness demographic_parity_gap of gender over 1 day: 0.249 "
            "[0.156, 0.339] lies above 0.150 (contract); since 26 Mar 2024; 2 of the "
        )
        assert "no rollback: the cause is segment" in page["headline"]

        # Triage: what was so when it opened is frozen, and names the column.
        incident = incident_of(workspace)
        pack = read_pack(workspace, incident.id)
        assert "rate" in json.dumps(pack, default=str)
        entry = said_now(workspace, "on it", actor="kim")
        acknowledge_incident(workspace, incident.id, entry)
        entry = said_now(workspace, "rates of women come from list prices", actor="kim")
        note_incident(workspace, incident.id, entry)

        # Mitigation: the pipeline reads the agreed rate again; good days show it.
        for number in (2, 3):
            deliver_day(home, number, broken=False)
            judge(workspace, number)
        assert incident_of(workspace).state is IncidentState.MONITORING
        entry = said_now(workspace, "agreed rates again, two good days", actor="kim")
        move_incident(workspace, incident.id, IncidentState.RESOLVED, entry)
        deliver_waiting(workspace)
        assert [body["occasion"] for body in told(server)] == [
            "opened",
            "acknowledged",
            "noted",
            "monitoring",
            "resolved",
        ]
        assert workspace.incidents.verify() is None
