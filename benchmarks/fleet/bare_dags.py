"""DAGs as many as the fleet's, of seven empty tasks each, written the plain way.

What Airflow itself asks for a graph of this shape. `DAYWATCH_BENCH_BARE` says how many,
`DAYWATCH_BENCH_CRON` when they are due; without it they wait to be triggered.
"""

import os
from datetime import UTC, datetime

from airflow.sdk import DAG, task

STEPS = ("extract", "validate", "estimate", "compare", "decide", "respond", "learn")


@task
def step(key: str) -> str:
    """Hand the key on."""
    return key


def bare(number: int) -> DAG:
    """Return a chain of the seven steps.

    Args:
        number: Names the DAG.
    """
    with DAG(
        f"bare_{number:05d}",
        schedule=os.environ.get("DAYWATCH_BENCH_CRON"),
        start_date=datetime(2000, 1, 1, tzinfo=UTC),
        catchup=False,
    ) as dag:
        key = "key"
        for name in STEPS:
            key = step.override(task_id=name)(key)  # type: ignore[assignment]  # XComArg
    return dag


for index in range(int(os.environ.get("DAYWATCH_BENCH_BARE", "0"))):
    globals()[f"bare_{index}"] = bare(index)
