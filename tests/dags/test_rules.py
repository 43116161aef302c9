import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.models.serialized_dag import SerializedDagModel
from airflow.sdk import RetryAction
from airflow.sdk.exceptions import ParamValidationError
from airflow.sdk.timezone import parse
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import TimeRestriction

from monitoring_tasks.domain.runs import run_instant
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.errors import DataError, SourceUnavailableError

ZONE = "America/New_York"
IDS = {
    "monitor_flights", "settle", "watchdog", "backfill", "rollback", "approval",
    "repair", "drill", "deliver", "retrospective",
}  # fmt: skip
STEPS = ["extract", "validate", "estimate", "compare", "decide", "respond", "learn"]
HEAVY = {"pandas", "mlflow", "nannyml", "great_expectations", "duckdb", "ibis"}
OURS = {
    "monitoring_tasks.daily",
    "monitoring_tasks.operations.approvals",
    "monitoring_tasks.store.database",
}

PARSE = """
import json, sys, logging
from pathlib import Path
logging.disable()
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.serialized_dag import SerializedDagModel
from airflow.serialization.serialized_objects import DagSerialization
dags = Path(sys.argv[1])
bag = BundleDagBag(dag_folder=dags, bundle_path=dags, bundle_name="dags-folder")
hashes = {
    name: SerializedDagModel.hash(DagSerialization.to_dict(dag))
    for name, dag in sorted(bag.dags.items())
}
print(json.dumps({"hashes": hashes, "modules": list(sys.modules)}))
"""
RANGE = {"model": "flights", "from": "2013-01-01", "to": "2013-02-01"}
BACK = {"model": "flights", "to": "3", "reason": "worse since May"}
ONE = {"rollback": "rollback-0123456789ab"}
Write = Callable[..., Path]
Load = Callable[[], Any]


def test_every_file_is_imported_without_an_error(
    write_contract: Write, load_dags: Load
) -> None:
    """A workspace with one model has a monitor for it and one DAG a purpose."""
    write_contract("flights")
    bag = load_dags()
    assert (bag.import_errors, set(bag.dags)) == ({}, IDS)


def test_a_workspace_without_contracts_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load_dags: Load
) -> None:
    """Before the first model there is nothing to monitor, and nothing wrong."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path))
    bag = load_dags()
    assert (bag.import_errors, set(bag.dags)) == ({}, IDS - {"monitor_flights"})


@pytest.mark.parametrize("mode", ["observe", "dry_run", "approve", "auto"])
def test_monitor_has_the_seven_steps_in_order(
    write_contract: Write, load_dags: Load, mode: str
) -> None:
    """The DAG is the flow; asking hangs on `respond`, and nothing on the answer.

    Where no rollback ever waits for a person, no task looks for one.
    """
    write_contract("flights", response={"mode": mode})
    monitor = load_dags().dags["monitor_flights"]
    edges = {task.task_id: set(task.downstream_task_ids) for task in monitor.tasks}
    follows = dict(zip(STEPS, [*({step} for step in STEPS[1:]), set()], strict=True))
    follows["respond"] |= {"deliver"}
    asks: dict[str, set[str]] = {}
    if mode in {"approve", "auto"}:
        follows["respond"] |= {"find_question"}
        asks = {"find_question": {"ask_a_person"}, "ask_a_person": set()}
    assert edges == follows | asks | {"deliver": set()}


@pytest.mark.parametrize(
    ("dag", "task", "models"),
    [
        ("monitor_flights", "extract", {"flights"}),
        ("settle", "flights", {"flights"}),
        ("watchdog", "loans", {"loans"}),
    ],
)
def test_a_task_starts_with_its_own_contract_alone(
    write_contract: Write,
    load_dags: Load,
    monkeypatch: pytest.MonkeyPatch,
    *,
    dag: str,
    task: str,
    models: set[str],
) -> None:
    """Airflow parses the file before each task: a thousand contracts would cost it."""
    for model in ("flights", "loans"):
        write_contract(model)
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", dag)
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_TASK_ID", task)
    dags = load_dags().dags
    assert task in {one.task_id for one in dags[dag].tasks}
    if dag.startswith("monitor_"):
        assert {name for name in dags if name.startswith("monitor_")} == {dag}
    else:
        assert {one.task_id for one in dags[dag].tasks} == models


def test_params_are_the_runs_and_not_copied_to_each_task(
    write_contract: Write, load_dags: Load
) -> None:
    """Airflow checks each copy again and again while it parses the file."""
    write_contract("flights")
    dags = load_dags().dags
    for name, params in {
        "monitor_flights": {"day", "mode", "as_of"},
        "settle": {"mode", "as_of"},
        "watchdog": {"mode", "as_of"},
    }.items():
        assert set(dags[name].params) == params
        assert dags[name].params.validate() == dict.fromkeys(params)
        assert not [task for task in dags[name].tasks if task.params]


def test_a_model_is_offered_by_its_folder_without_reading_it(
    write_contract: Write, load_dags: Load
) -> None:
    """Whoever starts a run of a broken contract is told what is wrong by the task."""
    write_contract("flights")
    write_contract("loans", problem="nonsense")
    offered = load_dags().dags["backfill"].params.get_param("model").schema["enum"]
    assert offered == ["flights", "loans"]


@pytest.mark.parametrize("name", sorted(IDS))
def test_every_dag_keeps_the_house_rules(dags: dict[str, Any], name: str) -> None:
    """Owned, tagged, documented, one run at a time, bounded; no cron string."""
    dag = dags[name]
    assert "daywatch" in dag.tags
    side_by_side = 32 if name == "approval" else 1  # one may wait for a day
    is_of_a_model = name in {"monitor_flights", "settle", "watchdog"}
    owner = "team" if is_of_a_model else "daywatch"  # the contract's owners
    assert (dag.owner, dag.catchup) == (owner, False)
    assert dag.max_active_runs == side_by_side
    assert len(dag.doc_md) > 80
    assert dag.dagrun_timeout > timedelta(0)
    assert not isinstance(dag.schedule, str)
    for task in dag.tasks:
        assert task.retries >= 1
        assert task.retry_exponential_backoff > 1


def test_question_outlives_the_longest_decision(
    write_contract: Write, load_dags: Load
) -> None:
    """Airflow may not give up before the answer can count, nor be paused."""
    write_contract("flights", response={"decision_hours": 72})
    approval = load_dags().dags["approval"]
    assert approval.dagrun_timeout > timedelta(hours=72)
    assert approval.is_paused_upon_creation is False


def test_only_transient_errors_are_tried_again(dags: dict[str, Any]) -> None:
    """A wrong file stays wrong: nothing but TransientError is retried."""
    policy = dags["monitor_flights"].get_task("extract").retry_policy
    actions = [
        policy.evaluate(error, 1, 3).action
        for error in (SourceUnavailableError(), DataError(), KeyError())
    ]
    assert actions == [RetryAction.RETRY, RetryAction.FAIL, RetryAction.FAIL]


@pytest.mark.parametrize("cron", ["0 6 * * *", "30 2 * * *", "30 1 * * *", "0 0 * * *"])
def test_a_day_asked_for_is_known_as_on_schedule(
    write_contract: Write, load_dags: Load, cron: str
) -> None:
    """For every day of a year our instant is when Airflow's scheduler runs it."""

    write_contract("flights", schedule={"cron": cron})
    timetable = load_dags().dags["monitor_flights"].timetable
    core = coerce_to_core_timetable(timetable)
    first = parse("2013-01-01T00:00:00-05:00")
    every = TimeRestriction(earliest=first, latest=None, catchup=True)
    interval = None
    for offset in range(365):
        interval = core.next_dagrun_info(
            last_automated_data_interval=interval, restriction=every
        ).data_interval
        day = date(2013, 1, 1) + timedelta(days=offset)
        due = run_instant(day, timezone=ZONE, cron=cron)
        assert (day_of(interval.start, ZONE), interval.end) == (day, due)


def test_assets_that_share_a_partition_trigger_the_day(
    write_contract: Write, load_dags: Load
) -> None:
    """A contract may wait for assets instead of the clock."""
    write_contract("flights", schedule={"assets": ["predictions", "labels"]})
    bag = load_dags()
    condition = bag.dags["monitor_flights"].timetable.asset_condition
    assert bag.import_errors == {}
    assert {asset.name for asset in condition.objects} == {"predictions", "labels"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"colour": "red"}, "colour: unknown key", id="unknown key"),
        pytest.param(
            {"schedule": {"cron": "0 6 * * 1-5"}}, "once every day", id="cron"
        ),
        pytest.param({"model": "other"}, "name the folder after", id="folder"),
    ],
)
def test_a_broken_contract_is_an_import_error_and_stops_no_other(
    write_contract: Write, load_dags: Load, changes: dict[str, Any], fault: str
) -> None:
    """The error names file and fault, in a file of its own: others stay."""
    write_contract("flights")
    broken = write_contract("broken", **changes)
    bag = load_dags()
    assert list(bag.import_errors) == ["contracts.py"]
    assert str(broken) in bag.import_errors["contracts.py"]
    assert fault in bag.import_errors["contracts.py"]
    assert set(bag.dags) == IDS


def test_all_broken_contracts_are_shown_at_once(
    write_contract: Write, load_dags: Load
) -> None:
    """One error may not hide another."""
    paths = [write_contract(name, colour="red") for name in ("a", "b")]
    text = load_dags().import_errors["contracts.py"]
    assert all(str(path) in text for path in paths)


@pytest.mark.parametrize(
    ("name", "conf", "accepted"),
    [
        ("monitor_flights", {}, True),
        ("monitor_flights", {"day": "2013-09-02", "mode": "live"}, True),
        ("monitor_flights", {"day": "yesterday"}, False),
        ("monitor_flights", {"mode": "loud"}, False),
        (
            "backfill",
            {"model": "flights", "from": "2013-01-01", "to": "2013-02-01"},
            True,
        ),
        ("backfill", RANGE, True),
        ("backfill", {"model": "flights", "from": "2013-01-01"}, False),
        ("backfill", RANGE | {"model": "unknown"}, False),
        ("backfill", RANGE | {"to": "2013-02-30"}, False),
        ("rollback", BACK, True),
        ("rollback", BACK | {"reason": "because"}, False),
        ("rollback", BACK | {"to": "latest"}, False),
        ("rollback", BACK | {"dry_run": True, "force": True}, True),
        ("rollback", BACK | {"force": "yes"}, False),
        ("repair", ONE, True),
        ("repair", {"rollback": "the last one"}, False),
        ("approval", ONE, True),
        ("approval", {}, False),
        ("drill", {"model": "flights"}, True),
        ("drill", {"model": "flights", "faults": ["unit_change"], "days": 7}, True),
        ("drill", {"model": "flights", "days": 0}, False),
        ("drill", {"model": "flights", "faults": "unit_change"}, False),
    ],
)
def test_params_are_checked_before_a_run_is_made(
    dags: dict[str, Any], name: str, conf: dict[str, str], *, accepted: bool
) -> None:
    """Airflow refuses a run whose parameters cannot be meant."""

    with nullcontext() if accepted else pytest.raises(ParamValidationError):
        dags[name].params.update(conf)
        dags[name].params.validate()


def test_parsing_is_light_and_the_same_in_every_process(
    write_contract: Write, load_dags: Load
) -> None:
    """Parsing loads no heavy library, and hash order makes no new DAG version."""
    for model in ("b", "a", "c"):
        write_contract(model, schedule={"assets": ["x", "y", "z"]})
    command = [sys.executable, "-c", PARSE, str(Path(__file__).parents[2] / "dags")]
    env = os.environ | {"PYTHONHASHSEED": "1"}
    done = subprocess.run(command, env=env, check=True, capture_output=True)  # noqa: S603 (fixed)
    there = json.loads(done.stdout.splitlines()[-1])
    assert (HEAVY | OURS).isdisjoint(there["modules"])
    assert there["hashes"] == {
        name: SerializedDagModel.hash(DagSerialization.to_dict(dag))  # type: ignore[no-untyped-call]  # Airflow
        for name, dag in load_dags().dags.items()
    }


@pytest.mark.slow
def test_the_dag_processor_keeps_the_other_dags_in_service(
    write_contract: Write, tmp_path: Path
) -> None:
    """In Airflow's own tables the error is there and no DAG has gone stale."""
    write_contract("flights")
    write_contract("broken", colour="red")
    env = os.environ | {"DAYWATCH_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "airflow", "dag-processor", "--num-runs", "2"]
    subprocess.run(  # noqa: S603 (fixed)
        command, env=env, check=True, capture_output=True, timeout=120
    )
    assert _rows("select filename from import_error") == [("contracts.py",)]
    assert ("monitor_flights", 0, 0) in _rows(
        "select dag_id, is_stale, has_import_errors from dag"
    )


def _rows(query: str) -> list[tuple[Any, ...]]:
    path = Path(os.environ["AIRFLOW_HOME"]) / "airflow.db"
    with sqlite3.connect(path) as connection:
        return connection.execute(query).fetchall()
