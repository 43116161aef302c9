"""Model-days of a fleet through Airflow: what they cost; none lost, none doubled."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.fleet.compose import ROOT
from benchmarks.fleet.runs import connect, measure_runs, unpause, wait_for_dags
from benchmarks.fleet.stack import Stack, running_stack
from benchmarks.speed.made_model import FIRST_DAY, write_day

BUILD = """
import json, sys
from pathlib import Path
from benchmarks.speed.made_model import build
build(Path(sys.argv[1]), sys.argv[3:], schedule=json.loads(sys.argv[2]))
"""
STARTED_BY_HAND = '{"assets": ["fleet"]}'
"""Assets that never come: only the runs that are asked for run."""
STORED = "SELECT model, day, count(*) FROM evaluations GROUP BY model, day"


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
        By `daywatch` and `bare`: runs, wall seconds and CPU seconds by service; what
        of it is `a_model_day`; how many model-days were `lost` and `doubled`, counted
        in the store.
    """
    home, dags = folder / "home", folder / "dags"
    (home / "expectations").mkdir(parents=True)
    copy_dags(dags, bare=size.models)
    days = [FIRST_DAY + timedelta(days=number) for number in range(size.days + 1)]
    for day in days:
        write_day(home, day, size.rows)
    names = [f"model_{number:03d}" for number in range(size.models)]
    variables = service_variables(executor, size.side_by_side)
    with running_stack(folder / "stack", home, variables=variables, dags=dags) as stack:
        build_models(stack, home, names, schedule=STARTED_BY_HAND)
        ours = [f"monitor_{name}" for name in names]
        empty = [f"bare_{number:05d}" for number in range(size.models)]
        wait_for_dags(stack, [*ours, *empty])
        _run(stack, [*ours, *empty], days[:1])
        bare, daywatch = (_run(stack, dags, days[1:]) for dags in (empty, ours))
        stored = _stored(stack)
    wanted = {(name, day) for name in names for day in days}
    return asdict(size) | {
        "bare": bare,
        "daywatch": daywatch,
        "a_model_day": {"daywatch": _cpu_a_run(daywatch), "bare": _cpu_a_run(bare)},
        "lost": len(wanted - stored.keys()),
        "doubled": sum(count > 1 for count in stored.values()),
    }


def copy_dags(folder: Path, *, bare: int = 0) -> None:
    """Copy Daywatch's DAG files, and the file of empty DAGs where any are wanted.

    Args:
        folder: Where to; made.
        bare: How many empty DAGs.
    """
    shutil.copytree(ROOT / "dags", folder, ignore=shutil.ignore_patterns("__pycache__"))
    if bare:
        text = (ROOT / "benchmarks/fleet/bare_dags.py").read_text(encoding="utf-8")
        setting = 'os.environ.get("DAYWATCH_BENCH_BARE", "0")'
        (folder / "bare_dags.py").write_text(text.replace(setting, str(bare)))


def service_variables(executor: str, side_by_side: int) -> dict[str, str]:
    """Return what `docker/.env` would say of a small fleet.

    Args:
        executor: `LocalExecutor` or `CeleryExecutor`.
        side_by_side: Tasks that run at a time.
    """
    return {
        "EXECUTOR": executor,
        "WORKER_CONCURRENCY": str(side_by_side),
        "PARALLELISM": str(side_by_side),
        "API_WORKERS": "1",
        "MLFLOW_WORKERS": "1",
    }


def build_models(
    stack: Stack, home: Path, names: Sequence[str], *, schedule: str
) -> None:
    """Write the contracts, and register a version with its reference of each model.

    Args:
        stack: What runs.
        home: The workspace.
        names: Registered model names.
        schedule: The contracts' key `schedule`, as JSON.
    """
    command = [sys.executable, "-c", BUILD, str(home), schedule, *names]
    stack.processes.run("build", command, env=stack.environments["scheduler"])


def _run(stack: Stack, dags: Sequence[str], days: Sequence[date]) -> dict[str, Any]:
    """Trigger a run of every DAG for each day, and wait until all are over."""

    def start() -> None:
        for day in days:
            conf = {"day": str(day)}
            body = {"logical_date": None, "dag_run_id": str(day), "conf": conf}
            for dag in dags:
                url = f"/api/v2/dags/{dag}/dagRuns"
                stack.client.post(url, json=body).raise_for_status()
                unpause(stack, dag)

    return measure_runs(stack, dags, start, wanted=len(dags) * len(days))


def _cpu_a_run(measured: dict[str, Any]) -> float:
    total: float = sum(measured["cpu_seconds"].values())
    return total / float(measured["runs"])


def _stored(stack: Stack) -> dict[tuple[str, Any], int]:
    """Count what the store holds by model and day."""
    with connect(stack, "daywatch") as connection:
        rows = connection.execute(STORED.encode()).fetchall()
    return {(model, day): count for model, day, count in rows}
