"""A day that starts when its assets have its partition.

The slow test takes the real path, in processes of their own: events come in through
Airflow's REST API, the scheduler makes the run of them, and the local executor hands
each task to a supervised process, which cannot reach Airflow's database. The processes
are those of `make up`, without a DAG processor, and with SQLite. The quick test runs no
DAG: it gives the rules of all DAGs a run as a task sees it.
"""

import importlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from airflow.sdk.api.datamodels._generated import DagRun

from monitoring_tasks import daily as real_daily
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.settings import load_settings
from monitoring_tasks.up.layout import AIRFLOW, HOST, Layout, commands, environment
from monitoring_tasks.up.processes import Processes
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import NOW
from tests.scenarios import world, worlds

pytestmark = [
    *worlds.QUIET,
    # skops looks into every module there is; Airflow warns of its old names.
    pytest.mark.filterwarnings(
        "ignore::airflow.utils.deprecation_tools.DeprecatedImportWarning"
    ),
]
SECONDS = 300
"""For Airflow to answer, and again for the run to end."""
MONITOR = f"/api/v2/dags/monitor_{world.MODEL}"


@pytest.fixture
def bad_days(tmp_path: Path) -> list[date]:
    """Version 3 was released; its first bad day is judged, its second is delivered.

    The clock is the system's, for the scheduler has no other: the days are of this
    week. Labels arrive at three in the morning, so the second is the day before
    yesterday.
    """
    home = world.copy(worlds.base(), tmp_path / "home")
    (home / "daywatch.yaml").write_text("clock: system\n")
    world.write_contract(
        home, {**world.CONTRACT, "schedule": {"assets": ["scores", "truth"]}}
    )
    world.amend(home, "response", max_target_age_days=36500)  # trained in 2024
    today = datetime.now(ZoneInfo(world.ZONE)).date()  # noqa: TID251 (as above)
    healthy, *bad = (today - timedelta(days=number) for number in (4, 3, 2))
    for day, version in ((healthy, "2"), (bad[0], "3"), (bad[1], "3")):
        world.write_day(home, day, version=version)
    with open_workspace(home) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        for day in (healthy, bad[0]):
            real_daily.run_day(workspace, next_noon(workspace, day))
    return bad


def next_noon(workspace: Workspace, day: date) -> Unit:
    """Return the unit of a run by assets at noon of the day after."""
    as_of = workspace.as_of(world.MODEL, day) + timedelta(hours=12)
    return Unit(model=world.MODEL, day=day, as_of=as_of, mode=Mode.LIVE)


@pytest.fixture
def api(bad_days: list[date], tmp_path: Path) -> Iterator[httpx.Client]:
    """Scheduler and API server of an Airflow that knows the workspace's DAGs."""
    del bad_days  # the workspace must be there when the DAGs are read
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    settings = load_settings(tmp_path / "home")
    layout = Layout(
        settings=settings,
        dags=Path(__file__).parents[2] / "dags",
        airflow_port=port,
        asks_for_login=False,
    )
    (layout.folder / "airflow").mkdir(parents=True)
    layout.logs.mkdir()
    env = environment(
        layout,
        inherited=os.environ,
        database=f"sqlite:///{layout.folder}/airflow.db",
        secret=secrets.token_urlsafe(64),
    )
    # One task at a time needs no MLflow server.
    env |= {"DAYWATCH_REGISTRY_URL": settings.registry_url, "PYTHONWARNINGS": "ignore"}
    with (
        Processes(layout.folder, layout.logs, env) as processes,
        httpx.Client(
            base_url=layout.airflow_url, timeout=60, trust_env=False
        ) as client,
    ):
        processes.run("db-migrate", [*AIRFLOW, "db", "migrate"])
        processes.run("dags", [*AIRFLOW, "dags", "reserialize"])
        for name in ("api-server", "scheduler"):
            processes.start(name, commands(layout)[name])
        wait_for(lambda: is_healthy(client), processes)
        yield client


def wait_for(
    condition: Callable[[], object], processes: Processes | None = None
) -> None:
    """Wait until something holds, and say so if a process ends before."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        if processes:
            processes.check()
        time.sleep(1)


def is_healthy(client: httpx.Client) -> bool:
    """Whether the scheduler beats; no answer is not health."""
    try:
        health = client.get("/api/v2/monitor/health").json()
    except httpx.HTTPError:
        return False
    return bool(health["scheduler"]["status"] == "healthy")


def runs(client: httpx.Client) -> list[dict[str, Any]]:
    """List the runs of the monitor."""
    found: list[dict[str, Any]] = client.get(f"{MONITOR}/dagRuns").json()["dag_runs"]
    return found


def has_ended(client: httpx.Client) -> bool:
    """Whether there is a run, and it is over."""
    return any(run["state"] in {"success", "failed"} for run in runs(client))


def deliver(client: httpx.Client, asset: str, day: date) -> None:
    """Tell Airflow that an asset has the partition of a day."""
    known = client.get("/api/v2/assets").json()["assets"]
    (number,) = (one["id"] for one in known if one["name"] == asset)
    event = {"asset_id": number, "partition_key": day.isoformat()}
    client.post("/api/v2/assets/events", json=event).raise_for_status()


@pytest.mark.slow
def test_assets_of_a_day_start_a_live_run_that_rolls_back(
    api: httpx.Client, bad_days: list[date], tmp_path: Path
) -> None:
    """One run, once all assets have the day; it is live, knows what is there, acts.

    What came while the DAG was paused counts for nothing: the first day starts no run.
    """
    first, second = bad_days
    deliver(api, "scores", first)
    api.patch(MONITOR, json={"is_paused": False}).raise_for_status()
    for asset, day in (("scores", second), ("truth", first), ("truth", second)):
        deliver(api, asset, day)
    wait_for(lambda: has_ended(api))
    (run,) = runs(api)
    made = (run["run_type"], run["partition_key"], run["state"])
    assert made == ("asset_triggered", second.isoformat(), "success")
    tasks = api.get(f"{MONITOR}/dagRuns/{run['dag_run_id']}/taskInstances").json()
    states = {one["task_id"]: one["state"] for one in tasks["task_instances"]}
    assert states.pop("ask_a_person") == "skipped"  # nobody had to be asked
    assert len(states) == 9
    assert set(states.values()) == {"success"}
    home = tmp_path / "home"
    with open_workspace(home) as workspace:
        (row,) = workspace.results.current(world.MODEL, second, second)
        (incident,) = workspace.incidents.find()
        own, *upstream = workspace.results.airflow_runs(row.unit)
    assert (own.dag_id, own.run_id) == (run["dag_id"], run["dag_run_id"])
    reported = {(part.asset, part.partition_key) for part in upstream}
    assert reported == {("scores", second.isoformat()), ("truth", second.isoformat())}
    due = datetime.fromisoformat(run["run_after"]).replace(microsecond=0)
    assert (row.as_of, row.mode) == (due.astimezone(UTC), Mode.LIVE)
    assert (row.verdict, row.action.kind) == ("breach", "rollback")
    assert (incident.onset_day, incident.last_day) == (first, second)
    # Both are sound; which of them looks better hangs on the rows of this week.
    assert worlds.alias(home) == row.rollback_to != "3"
    steps = worlds.journal(home)
    assert (steps.count("applied"), steps[-1]) == (1, "verifying")
    assert (home / "reports" / world.MODEL / f"{second}.html").is_file()


@pytest.mark.parametrize(
    ("run_type", "mode"), [("asset_triggered", "live"), ("manual", "dry_run")]
)
def test_the_partition_key_is_the_day(
    load_dags: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    run_type: str,
    mode: str,
) -> None:
    """By hand or by assets; what there was when the run was due may be known."""
    load_dags()  # puts the folder of the DAGs where Python looks
    rules = importlib.import_module("daywatch_rules")
    known = dict.fromkeys(DagRun.model_fields) | {"dag_id": "d", "run_id": "r"}
    known |= {"run_type": run_type, "state": "running", "run_after": NOW}
    known |= {"consumed_asset_events": [], "partition_key": "2013-09-02"}
    run = DagRun.model_validate(known)
    monkeypatch.setattr(rules, "get_current_context", lambda: {"dag_run": run})
    about = {"model": "flights", "day": "2013-09-02", "mode": mode}
    found = rules.this_day("flights", "America/New_York", None)
    assert found == about | {"as_of": NOW.isoformat()}
