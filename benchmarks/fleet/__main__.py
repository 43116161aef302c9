"""Many models: what parsing and running a fleet costs, beside empty DAGs.

    python -m benchmarks.fleet                       # all of it, some 20 minutes
    python -m benchmarks.fleet parse --models 1000   # the DAG processor
    python -m benchmarks.fleet run --executor LocalExecutor --days 3

`parse` reads contracts with the files of `dags/` as Airflow's DAG processor does, and
as many DAGs of seven empty tasks. `run` starts the services of the compose file on this
machine, runs a fleet's days and as many empty DAGs, and counts in the store what was
lost or doubled. CPU seconds are what to read: the machine may be shared.
"""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.fleet.parsing import measure_parsing
from benchmarks.fleet.running import Size, measure_running

RESULTS = Path(__file__).with_name("results.json")
EXECUTORS = ("LocalExecutor", "CeleryExecutor")


def main() -> None:
    """Measure what is asked for, print it, and keep it with `--keep`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("parse", "run"), nargs="?")
    parser.add_argument("--models", type=int, help="1,000 to parse, 7 to run")
    parser.add_argument("--days", type=int, default=3, help="of each model")
    parser.add_argument("--rows", type=int, default=1_000, help="of a day")
    parser.add_argument("--side-by-side", type=int, default=3, help="tasks at a time")
    parser.add_argument("--executor", choices=EXECUTORS, help="both by default")
    parser.add_argument("--keep", action="store_true", help=f"in {RESULTS.name}")
    asked = parser.parse_args()
    answers: dict[str, Any] = {}
    if asked.part != "run":
        with tempfile.TemporaryDirectory() as folder:
            answers["parse"] = measure_parsing(Path(folder), asked.models or 1_000)
    if asked.part != "parse":
        size = Size(
            models=asked.models or 7,
            days=asked.days,
            rows=asked.rows,
            side_by_side=asked.side_by_side,
        )
        for executor in [asked.executor] if asked.executor else EXECUTORS:
            with tempfile.TemporaryDirectory() as folder:
                answers[executor] = measure_running(
                    Path(folder), size, executor=executor
                )
    document = {
        "machine": {"processors": os.cpu_count(), "python": platform.python_version()},
        **answers,
    }
    if asked.keep:
        RESULTS.write_text(json.dumps(document, indent=2) + "\n")
    print(json.dumps(document, indent=2))  # noqa: T201 (what was asked for)


if __name__ == "__main__":
    main()
