"""Model-days of a fleet through Airflow: what they cost; none lost, none doubled."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.fleet.compose import ROOT
from benchmarks.fleet.stack import Stack, running_stack
from benchmarks.speed.made_model import FIRST_DAY, write_day

BUILD = """
import sys
from pathlib import Path
from benchmarks.speed.made_model import build
build(Path(sys.argv[1]), sys.argv[2:], schedule={"assets": ["fleet"]})
"""
"""Started by assets that never come, so that only the runs that are asked for run."""
STORED = "SELECT model, day, count(*) FROM evaluations GROUP BY model, day"
WAIT_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is run.

    Attributes:
        models: How many models.
        days: Days of each that are measured; one more is run before, unmeasured.
        rows: Rows of a day.
        side_by_side: Tasks that run at a time.
    """

    models: int
    days: int
    rows: int
    side_by_side: int


def measure_running(folder: Path, size: Size, *, executor: str) -> dict[str, Any]:
    """Run a fleet's days through the services, and as many runs of empty DAGs.

    A model's first day is not measured: it fetches the reference and draws what its
    limits promise, once.

    Args:
        folder: An empty folder.
        size: How much.
        executor: `LocalExecutor` or `CeleryExecutor`.

    Returns:
        By `daywatch` and `bare`: runs, wall seconds and CPU seconds by service; and
        how many model-days were `lost` and `doubled`, counted in the store.
    """
    home, dags = folder / "home", folder / "dags"
    (home / "expectations").mkdir(parents=True)
    shutil.copytree(ROOT / "dags", dags, ignore=shutil.ignore_patterns("__pycache__"))
    bare = (ROOT / "benchmarks/fleet/bare_dags.py").read_text(encoding="utf-8")
    setting = 'os.environ.get("DAYWATCH_BENCH_BARE", "0")'
    (dags / "bare_dags.py").write_text(bare.replace(setting, str(size.models)))
    for number in range(size.days + 1):
        write_day(home, FIRST_DAY + timedelta(days=number), size.rows)
    names = [f"model_{number:03d}" for number in range(size.models)]
    variables = {
        "EXECUTOR": executor,
        "WORKER_CONCURRENCY": str(size.side_by_side),
        "PARALLELISM": str(size.side_by_side),
        "API_WORKERS": "1",
        "MLFLOW_WORKERS": "1",
    }
    with running_stack(folder / "stack", home, variables=variables, dags=dags) as stack:
        command = [sys.executable, "-c", BUILD, str(home), *names]
        stack.processes.run("build", command, env=stack.environments["scheduler"])
        ours = [f"monitor_{name}" for name in names]
        empty = [f"bare_{number:05d}" for number in range(size.models)]
        _wait_for_dags(stack, [*ours, *empty])
        _run(stack, [*ours, *empty], [0])
        measured = {
            "bare": _run(stack, empty, range(1, size.days + 1)),
            "daywatch": _run(stack, ours, range(1, size.days + 1)),
        }
        stored = _stored(stack)
    wanted = {
        (name, FIRST_DAY + timedelta(days=number))
        for name in names
        for number in range(size.days + 1)
    }
    return measured | {
        "lost": len(wanted - stored.keys()),
        "doubled": sum(count > 1 for count in stored.values()),
    }


def _run(stack: Stack, dags: Sequence[str], numbers: Sequence[int]) -> dict[str, Any]:
    """Trigger a run of every DAG for each day, and wait until all are over."""
    before, started = stack.cpu_seconds(), time.monotonic()
    for number in numbers:
        day = FIRST_DAY + timedelta(days=number)
        body = {"logical_date": None, "dag_run_id": str(day), "conf": {"day": str(day)}}
        for dag in dags:
            url = f"/api/v2/dags/{dag}"
            stack.client.post(f"{url}/dagRuns", json=body).raise_for_status()
            stack.client.patch(url, json={"is_paused": False}).raise_for_status()
    wanted = len(dags) * len(numbers)
    while (states := _states(stack, dags, numbers))["success"] < wanted:
        if states["failed"] or time.monotonic() - started > WAIT_SECONDS:
            msg = f"{dict(states)} of {wanted} runs; see {stack.place.folder / 'logs'}"
            raise RuntimeError(msg)
        stack.processes.check()
        time.sleep(2)
    wall, after = time.monotonic() - started, stack.cpu_seconds()
    return {
        "runs": wanted,
        "wall_seconds": wall,
        "cpu_seconds": {name: after[name] - before[name] for name in after},
    }


def _states(
    stack: Stack, dags: Sequence[str], numbers: Sequence[int]
) -> Mapping[str, int]:
    """Count the runs of these days by state."""
    days = {str(FIRST_DAY + timedelta(days=number)) for number in numbers}
    states: Counter[str] = Counter()
    for dag in dags:
        answer = stack.client.get(f"/api/v2/dags/{dag}/dagRuns").raise_for_status()
        runs = answer.json()["dag_runs"]
        states.update(run["state"] for run in runs if run["dag_run_id"] in days)
    return states


def _wait_for_dags(stack: Stack, dags: Sequence[str]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    for dag in dags:
        while stack.client.get(f"/api/v2/dags/{dag}").status_code != 200:
            stack.processes.check()
            if time.monotonic() > deadline:
                msg = f"{dag} is not there; see {stack.place.folder / 'logs'}"
                raise TimeoutError(msg)
            time.sleep(2)


def _stored(stack: Stack) -> dict[tuple[str, Any], int]:
    """Count what the store holds by model and day."""
    environment = stack.environments["backup"]
    with psycopg.connect(
        host=str(stack.place.sockets),
        user=environment["PGUSER"],
        password=environment["PGPASSWORD"],
        dbname="daywatch",
    ) as connection:
        rows = connection.execute(STORED.encode()).fetchall()
    return {(model, day): count for model, day, count in rows}
