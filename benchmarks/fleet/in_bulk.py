"""A year of days at once against a run a day of Airflow: what a day costs, same tables.

The same model, registry and rows: `airflow backfill create` fills one store, `daywatch
backfill` another, both in Postgres. Then the rows of both are compared.
"""

import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.fleet.compared_tables import Store, compare_tables
from benchmarks.fleet.running import build_models, copy_dags, service_variables
from benchmarks.fleet.runs import connect, measure_runs, unpause, wait_for_dags
from benchmarks.fleet.stack import ENTRY, Stack, running_stack
from benchmarks.results_file import say
from benchmarks.speed.made_model import FIRST_DAY, MODEL, write_day
from benchmarks.speed.measure import measure

BY_THE_CLOCK = '{"cron": "0 6 * * *"}'
DAG = f"monitor_{MODEL}"
OTHER_STORE = "bulk"
"""The database that `daywatch backfill` fills."""


def measure_in_bulk(
    folder: Path, *, days: int, in_bulk: int, rows: int
) -> dict[str, Any]:
    """Judge days through Airflow, and many in bulk; compare cost and tables.

    Args:
        folder: An empty folder.
        days: How many through Airflow.
        in_bulk: How many at once, `days` at least.
        rows: Rows of a day.

    Returns:
        `airflow` and `daywatch`: CPU and wall seconds, whole and a day, start-up
        included; `times` as much through Airflow; `tables`: by name the rows that are
        equal, and those that are not.
    """
    home, other_home = folder / "home", folder / "other"
    (home / "expectations").mkdir(parents=True)
    for number in range(in_bulk):
        write_day(other_home, FIRST_DAY + timedelta(days=number), rows)
    for number in range(days):
        write_day(home, FIRST_DAY + timedelta(days=number), rows)
    last = FIRST_DAY + timedelta(days=days - 1)
    copy_dags(folder / "dags")
    with running_stack(
        folder / "stack",
        home,
        variables=service_variables("LocalExecutor", 3),
        dags=folder / "dags",
    ) as stack:
        build_models(stack, home, [MODEL], schedule=BY_THE_CLOCK)
        shutil.copy(home / "daywatch.yaml", other_home)
        _make_database(stack)
        say(f"{days} days through Airflow")
        airflow = _through_airflow(stack, days)
        say(f"{in_bulk} days through daywatch backfill")
        daywatch = _at_once(stack, other_home, in_bulk, folder / "bulk.log")
        say(json.dumps({"airflow": airflow, "daywatch": daywatch}))
        tables = compare_tables(
            Store(connection=connect(stack, "daywatch"), home=home),
            Store(connection=connect(stack, OTHER_STORE), home=other_home),
            last=last,
        )
    return {
        "rows": rows,
        "airflow": airflow,
        "daywatch": daywatch,
        "times": {
            name: airflow[name] / daywatch[name]
            for name in ("cpu_seconds_a_day", "wall_seconds_a_day")
        },
        "tables": tables,
    }


def _through_airflow(stack: Stack, days: int) -> dict[str, Any]:
    """Let Airflow backfill days; whatever is due today is run before, unmeasured."""
    wait_for_dags(stack, [DAG])
    # Once it may run, the schedule's latest day does: one without rows.
    measure_runs(stack, [DAG], lambda: unpause(stack, DAG), wanted=1)

    def create() -> None:
        # The last interval of data begins on the last day, at six.
        words = ["--from-date", f"{FIRST_DAY}", "--to-date"]
        words += [f"{FIRST_DAY + timedelta(days=days)}", "--max-active-runs", "1"]
        command = ["airflow", "backfill", "create", "--dag-id", DAG, *words]
        stack.processes.run(
            "backfill", [ENTRY, *command], env=stack.environments["scheduler"]
        )

    measured = measure_runs(stack, [DAG], create, wanted=days)
    cpu = sum(measured["cpu_seconds"].values())
    return measured | _a_day(cpu, measured["wall_seconds"], days)


def _at_once(stack: Stack, home: Path, days: int, log: Path) -> dict[str, Any]:
    """Let `daywatch backfill` judge days, in a cold process, into its own store."""
    last = FIRST_DAY + timedelta(days=days - 1)
    words = [MODEL, "--from", f"{FIRST_DAY}", "--to", f"{last}"]
    environment = stack.environments["scheduler"] | {
        "DAYWATCH_HOME": str(home),
        "DAYWATCH_STORE_URL": _other_store(stack),
    }
    before = stack.cpu_seconds()
    spent = measure(
        [str(Path(sys.executable).with_name("daywatch")), "backfill", *words],
        environment=environment,
        log=log,
    )
    after = stack.cpu_seconds()
    served = {n: after[n] - before[n] for n in ("postgres", "mlflow")}
    cpu = {"daywatch": spent.cpu_seconds, **served}
    return {
        "days": days,
        "peak_mb": spent.peak_mb,
        "cpu_seconds": cpu,
        **_a_day(sum(cpu.values()), spent.wall_seconds, days),
    }


def _a_day(cpu: float, wall: float, days: int) -> dict[str, float]:
    return {
        "wall_seconds": wall,
        "cpu_seconds_a_day": cpu / days,
        "wall_seconds_a_day": wall / days,
    }


def _make_database(stack: Stack) -> None:
    with connect(stack, "daywatch") as connection:
        connection.autocommit = True
        connection.execute(f"CREATE DATABASE {OTHER_STORE}".encode())


def _other_store(stack: Stack) -> str:
    url = stack.environments["scheduler"]["DAYWATCH_STORE_URL"]
    return url.replace("/daywatch?", f"/{OTHER_STORE}?")
