"""A throw-away Airflow: its own home, SQLite metadata, the project's dags folder.

Airflow reads its configuration when it is first imported, so the environment is set
here, before any test is; `airflow db migrate` runs once for all. Runs go
through `dag.test`, in this process: unlike a worker it lets a task reach Airflow's
database, so passing here does not show that a task leaves it alone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import monitoring_tasks
from monitoring_tasks import operations
from monitoring_tasks.operations import backfilling, settling, watching
from monitoring_tasks.operations.messages import rounds
from tests.templates import template

ROOT = Path(__file__).parents[2]
DAGS = ROOT / "dags"
HOME = Path(tempfile.mkdtemp(prefix="daywatch-airflow-"))
os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME / 'airflow.db'}",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "PYTHONPATH": str(ROOT),
}
CONTRACT = {
    "problem": "binary",
    "owners": ["team"],
    "timezone": "America/New_York",
    "sources": {
        "predictions": {"kind": "files", "path": "predictions/{day}.parquet"},
        "labels": {"kind": "files", "path": "labels/{day}.parquet"},
    },
    "columns": {
        "id": "id",
        "timestamp": "at",
        "model_version": "version",
        "score": "score",
        "prediction": "prediction",
        "label": "label",
    },
}
STEPS = ("validate", "estimate", "compare", "decide", "respond", "learn")
READERS = ("validate", "estimate", "settle", "backfill")
"""They open sources, so they look connections up."""
JOBS = {"settle": settling, "watch": watching, "backfill": backfilling}
"""What people and schedules ask for beside the day's steps, and where it lies."""
PEOPLE = ("request_rollback", "plan_repair", "repair_days")
PAGE = "https://pages.example.org/flights/2013-09-02.html"


def migrate(home: Path) -> None:
    """Make an Airflow of its own with a migrated database."""
    home.mkdir()
    env = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
    }
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, env=env, check=True, capture_output=True)  # noqa: S603 (fixed)


@pytest.fixture(scope="session", autouse=True)
def airflow() -> Iterator[Path]:
    """Copy a migrated database; remove the home at the end."""
    shutil.copy(template("airflow", migrate) / "airflow.db", HOME)
    yield HOME
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture
def write_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """Write contracts that can be scheduled, with changes to their top level."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path))

    def write(folder: str, **changes: object) -> Path:
        path = tmp_path / "expectations" / folder / "monitor.yaml"
        path.parent.mkdir(parents=True)
        contract = CONTRACT | {"model": folder} | changes
        path.write_text(yaml.safe_dump(contract), encoding="utf-8")
        return path

    return write


@pytest.fixture
def load_dags() -> Callable[[], Any]:
    """Parse the dags folder as Airflow does; give the bag."""
    # Airflow may only be imported once the environment above is set.
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415 (late)

    return lambda: BundleDagBag(
        dag_folder=DAGS, bundle_path=DAGS, bundle_name="dags-folder"
    )


@pytest.fixture
def dags(
    write_contract: Callable[..., Path],
    load_dags: Callable[[], Any],
    daily: SimpleNamespace,
    people: SimpleNamespace,
) -> dict[str, Any]:
    """Every DAG of a workspace with one model, in New York time, judged at six."""
    del daily, people  # asked for so that no test runs the real ones
    write_contract("flights")
    found: dict[str, Any] = load_dags().dags
    return found


@pytest.fixture
def calls() -> list[tuple[str, Any]]:
    """What the tasks asked of `daily`, in order."""
    return []


@pytest.fixture
def daily(
    calls: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    """Put a stub in the place of `daily`: what the tasks ask of it is recorded."""

    runs: list[dict[str, Any]] = []

    def extract(*, look_up: object, airflow: list[dict[str, Any]], **about: str) -> str:
        assert callable(look_up)
        runs[:] = airflow
        calls.append(("extract", about))
        return f"{about['model']}/{about['day']}"

    def stub_of(name: str) -> Callable[..., object]:
        def step(*args: object, **named: object) -> object:
            if name in READERS:
                assert callable(named.pop("look_up"))
            calls.append((name, (*args, named) if named else args))
            return {} if name in JOBS else args[0]

        return step

    stub = SimpleNamespace(extract=extract, runs=runs, **{n: stub_of(n) for n in STEPS})
    monkeypatch.setattr(monitoring_tasks, "daily", stub, raising=False)
    for name, module in JOBS.items():
        monkeypatch.setattr(module, name, stub_of(name))

    def make_round(*args: object, look_up: object, **named: object) -> object:
        assert callable(look_up)
        calls.append(("deliver", (*args, named) if named else args))
        return {}

    for name in ("make_round", "make_round_after"):
        monkeypatch.setattr(rounds, name, make_round)
    return stub


@pytest.fixture
def people(
    calls: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    """Put a stub in the place of what people ask; no day asks unless told."""

    def stub_of(name: str) -> Callable[..., object]:
        def ask(*args: object, **named: object) -> object:
            calls.append((name, (*args, named)))
            return {}

        return ask

    stubs = {name: stub_of(name) for name in PEOPLE}
    judged = {
        "model": "flights",
        "day": "2013-09-02",
        "mode": "live",
        "verdict": "breach",
        "severity": "P1",
        "cause": "model",
        "reasons": ["roc_auc is 0.61, at least 0.7"],
        "page": PAGE,
    }
    stub = SimpleNamespace(
        rollback_to_approve=lambda _: None,
        judgement=lambda _: judged,
        alert=lambda _: {"task": "success", "text": "2013-09-02 has no severity"},
        **stubs,
    )
    for module in ("approvals", "judgements"):
        monkeypatch.setattr(operations, module, stub, raising=False)
    return stub
