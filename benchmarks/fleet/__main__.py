"""Many models: what parsing and running a fleet costs, beside empty DAGs.

    python -m benchmarks.fleet                       # all of it, some 40 minutes
    python -m benchmarks.fleet parse --models 1000   # the DAG processor
    python -m benchmarks.fleet run --executor LocalExecutor --models 20 --days 50
    python -m benchmarks.fleet bulk --days 20        # a year at once, and a run a day

`parse` reads contracts with the files of `dags/` as Airflow's DAG processor does, and
as many DAGs of seven empty tasks. `run` starts the services of the compose file on this
machine, runs a fleet's days and as many empty DAGs, and counts in the store what was
lost or doubled. `bulk` judges days through `airflow backfill create` and a year through
`daywatch backfill`, and holds the tables of both against each other. CPU seconds are
what to read: the machine may be shared.
"""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.fleet.in_bulk import measure_in_bulk
from benchmarks.fleet.parsing import measure_parsing
from benchmarks.fleet.running import Size, measure_running
from benchmarks.results_file import Figures, keep_parts, measured_part, say

RESULTS = Path(__file__).with_name("results.json")
EXECUTORS = ("LocalExecutor", "CeleryExecutor")
PARTS = ("parse", "run", "bulk")


def main() -> None:
    """Measure what is asked for, print it, and keep it with `--keep`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=PARTS, nargs="?")
    parser.add_argument("--models", type=int, help="1,000 to parse, 7 to run")
    parser.add_argument("--days", type=int, help="of each model: 3 to run, 20 in bulk")
    parser.add_argument("--in-bulk", type=int, default=365, help="days at once")
    parser.add_argument("--rows", type=int, default=1_000, help="of a day")
    parser.add_argument("--side-by-side", type=int, default=3, help="tasks at a time")
    parser.add_argument("--executor", choices=EXECUTORS, help="both by default")
    parser.add_argument("--keep", action="store_true", help=f"in {RESULTS.name}")
    options = parser.parse_args()
    answers: Figures = {}
    for part in [options.part] if options.part else PARTS:
        for name, figures in _measure(part, options).items():
            answers[name] = measured_part(figures)
            if options.keep:
                keep_parts(RESULTS, {name: answers[name]})
    print(json.dumps(answers, indent=2))  # noqa: T201 (what was asked for)


def _measure(part: str, options: argparse.Namespace) -> Figures:
    """Measure one part; return figures by the name they are kept under."""
    match part:
        case "parse":
            return {"parse": _parse(options)}
        case "bulk":
            return {"bulk": _bulk(options)}
        case _:
            executors = [options.executor] if options.executor else EXECUTORS
            return {executor: _run(executor, options) for executor in executors}


def _parse(options: argparse.Namespace) -> Figures:
    say("contracts are parsed")
    with tempfile.TemporaryDirectory() as folder:
        return measure_parsing(Path(folder), options.models or 1_000)


def _run(executor: str, options: argparse.Namespace) -> Figures:
    size = Size(
        models=options.models or 7,
        days=options.days or 3,
        rows=options.rows,
        side_by_side=options.side_by_side,
    )
    say(f"{size.models * size.days} model-days run with {executor}")
    with tempfile.TemporaryDirectory() as folder:
        return measure_running(Path(folder), size, executor=executor)


def _bulk(options: argparse.Namespace) -> Figures:
    days = options.days or 20
    say(f"{days} days run through Airflow, and {options.in_bulk} at once")
    with tempfile.TemporaryDirectory() as folder:
        return measure_in_bulk(
            Path(folder), days=days, in_bulk=options.in_bulk, rows=options.rows
        )


if __name__ == "__main__":
    main()
