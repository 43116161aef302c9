"""What Airflow's DAG processor spends on a fleet's contracts, beside empty DAGs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.fleet.compose import ROOT
from benchmarks.speed.made_model import write_contract

DAGS = ROOT / "dags"


def measure_parsing(folder: Path, models: int) -> dict[str, Any]:
    """Write contracts and parse the DAG folder once; then as many empty DAGs.

    Args:
        folder: An empty folder.
        models: How many contracts.

    Returns:
        CPU seconds of `daywatch` and of `bare`, their ratio, and our files one by one.

    Raises:
        RuntimeError: If a file has an import error, or a DAG is not there.
    """
    for number in range(models):
        write_contract(folder / "home" / "expectations", f"model_{number:05d}")
    env = os.environ | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DAYWATCH_BENCH_BARE": str(models),
        "DAYWATCH_BENCH_CRON": "0 6 * * *",
        "DAYWATCH_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT),
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    ours = _parse(DAGS, sorted(path.name for path in DAGS.glob("*.py")), env)
    bare = _parse(Path(__file__).parent, ["bare_dags.py"], env)
    if bare["bare_dags.py"]["dags"] != models or ours["monitor.py"]["dags"] != models:
        msg = "not every contract is a DAG"
        raise RuntimeError(msg)
    spent = {"daywatch": _seconds(ours), "bare": _seconds(bare)}
    return {
        "models": models,
        **spent,
        "ratio": spent["daywatch"] / spent["bare"],
        "files": ours,
    }


def _parse(folder: Path, names: list[str], env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 (ours)
        [sys.executable, "-m", "benchmarks.fleet.parse_folder", str(folder), *names],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if errors := [error for file in measured.values() for error in file["errors"]]:
        raise RuntimeError("\n".join(errors))
    return measured


def _seconds(files: dict[str, Any]) -> float:
    total: float = sum(
        file["parse_seconds"] + file["serialize_seconds"] for file in files.values()
    )
    return total
