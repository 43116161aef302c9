"""Runs of DAGs through the services: started, waited for, and what they cost."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from benchmarks.fleet.stack import Stack

STALL_SECONDS = 1800
"""So long without a run that ends, and something is wrong."""
STATES = ("success", "failed")


def wait_for_dags(stack: Stack, dags: Sequence[str]) -> None:
    """Wait until Airflow has read every DAG.

    Args:
        stack: What runs.
        dags: Ids of the DAGs.

    Raises:
        TimeoutError: If one does not come.
    """
    deadline = time.monotonic() + STALL_SECONDS
    for dag in dags:
        while stack.client.get(f"/api/v2/dags/{dag}").status_code != 200:
            stack.processes.check()
            if time.monotonic() > deadline:
                msg = f"{dag} is not there; see {stack.place.folder / 'logs'}"
                raise TimeoutError(msg)
            time.sleep(2)


def unpause(stack: Stack, dag: str) -> None:
    """Let a DAG's runs begin.

    Args:
        stack: What runs.
        dag: Its id.
    """
    url = f"/api/v2/dags/{dag}"
    stack.client.patch(url, json={"is_paused": False}).raise_for_status()


def measure_runs(
    stack: Stack, dags: Sequence[str], start: Callable[[], None], *, wanted: int
) -> dict[str, Any]:
    """Start runs, wait until all are over, and say what that took.

    Args:
        stack: What runs.
        dags: Ids of the DAGs whose runs are counted.
        start: Starts the runs.
        wanted: How many.

    Returns:
        `runs`, `wall_seconds` and `cpu_seconds` by service.

    Raises:
        RuntimeError: If one fails, or none ends for long.
    """
    ended = count_runs(stack, dags)
    before, started = stack.cpu_seconds(), time.monotonic()
    start()
    _wait(stack, dags, ended, wanted)
    wall, after = time.monotonic() - started, stack.cpu_seconds()
    return {
        "runs": wanted,
        "wall_seconds": wall,
        "cpu_seconds": {name: after[name] - before[name] for name in after},
    }


def count_runs(stack: Stack, dags: Sequence[str]) -> dict[str, int]:
    """Return how many runs of some DAGs have ended, by state.

    Args:
        stack: What runs.
        dags: Ids of the DAGs.
    """
    return {state: _count(stack, dags, state) for state in STATES}


def _wait(
    stack: Stack, dags: Sequence[str], ended: dict[str, int], wanted: int
) -> None:
    over, deadline = 0, time.monotonic() + STALL_SECONDS
    while over < wanted:
        time.sleep(2)
        stack.processes.check()
        counted = count_runs(stack, dags)
        now = counted["success"] - ended["success"]
        if now > over:
            over, deadline = now, time.monotonic() + STALL_SECONDS
        if counted["failed"] > ended["failed"] or time.monotonic() > deadline:
            msg = f"{over} of {wanted} runs; see {stack.place.folder / 'logs'}"
            raise RuntimeError(msg)


def _count(stack: Stack, dags: Sequence[str], state: str) -> int:
    # One request however many runs there are: asking must not be what costs.
    body = {"dag_ids": list(dags), "states": [state], "page_limit": 1}
    answer = stack.client.post("/api/v2/dags/~/dagRuns/list", json=body)
    return int(answer.raise_for_status().json()["total_entries"])


def connect(stack: Stack, database: str) -> psycopg.Connection:
    """Return a connection to a database of the services.

    Args:
        stack: What runs.
        database: `daywatch`, or another one.
    """
    environment = stack.environments["backup"]
    return psycopg.connect(
        host=str(stack.place.sockets),
        user=environment["PGUSER"],
        password=environment["PGPASSWORD"],
        dbname=database,
    )
