"""How days grow whose rows stay in files (decision 27): each stage in a cold process.

    make bench-full                                        # all cases; 100 million rows
    python -m benchmarks.growth --case "500 columns"       # some of them
    python -m benchmarks.growth --stage "the whole day"    # of each case
    python -m benchmarks.growth --folder /large/disk --keep

Files are made in pieces and removed after each case. A case that would leave less than
30 GB of the disk free is skipped, and says so; a stage that needs more than half an
hour of CPU is ended, and says so. Four stages are looked at alone; `the whole day` is
`daywatch run` with `freeze: facts`, from the files to a verdict, before labels come.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.growth.made_files import write_files
from benchmarks.growth.shape import CASES, Shape
from benchmarks.growth.stages import ENGINE_MEMORY, ENGINE_THREADS, STAGES
from benchmarks.growth.whole_day import whole_day
from benchmarks.results_file import Figures, keep_parts, measured_part, say
from benchmarks.speed.measure import CommandFailedError, measure

RESULTS = Path(__file__).with_name("results.json")
WHOLE = "the whole day"
EVERY_STAGE = (*STAGES, WHOLE)
FREE_GB = 30
"""Of the disk, that a case has to leave to everything else."""
MOST_CPU_SECONDS = 1800


def main() -> None:
    """Measure the cases, print the table, and keep the figures with `--keep`."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--case", choices=CASES, action="append", help="all by default")
    parser.add_argument(
        "--stage", choices=EVERY_STAGE, action="append", help="all by default"
    )
    parser.add_argument("--folder", type=Path, help="where the files are made")
    parser.add_argument("--keep", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    answers: Figures = {}
    for name in options.case or CASES:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            stages = options.stage or EVERY_STAGE
            measured = _measure(name, Path(folder) / "day", stages)
            answers[name] = measured_part(measured)
        if options.keep:
            kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
            keep_parts(RESULTS, {name: kept.get(name, {}) | answers[name]})
    _print(answers)


def _measure(name: str, folder: Path, asked: Sequence[str]) -> Figures:
    """Make a case's files and run stages on them, those first that others read."""
    shape = CASES[name]
    if sentence := too_large(shape, folder.parent):
        say(f"{name}: {sentence}")
        return {"skipped": sentence}
    say(f"{name}: some {shape.gigabytes:.1f} GB of files are made")
    write_files(folder, shape, say)
    size = sum(path.stat().st_size for path in folder.glob("part-*.parquet"))
    answers: Figures = {"file_gb": size / 1e9}
    for stage in (stage for stage in EVERY_STAGE if stage in asked):
        say(f"{name}: {stage}")
        answers[stage] = _run(stage, name, folder)
        say(f"{name}: {stage}: {json.dumps(answers[stage])}")
    return answers


def too_large(shape: Shape, folder: Path) -> str:
    """Say why a case is skipped; empty where the disk suffices.

    Args:
        shape: What the day looks like.
        folder: Where its files would be made.
    """
    free = shutil.disk_usage(folder).free / 1e9
    left = free - shape.gigabytes
    if left >= FREE_GB:
        return ""
    return (
        f"skipped: its files take {shape.gigabytes:.0f} GB and {free:.0f} GB are free; "
        f"{FREE_GB} GB have to stay free. Name another disk with --folder"
    )


def _run(stage: str, name: str, folder: Path) -> dict[str, Any]:
    """Run a stage in a process of its own; what fails is a figure too."""
    failed: Figures = {}
    for memory in ENGINE_MEMORY:
        answer = _run_within(memory, [stage, name, str(folder)], folder / "output.log")
        if "failed" not in answer:
            return answer | ({"failed_with": failed} if failed else {})
        failed[memory] = answer["failed"]
    return {"failed": failed}


def _run_within(memory: str, words: list[str], log: Path) -> Figures:
    """Run a stage while DuckDB may use so much memory."""
    stage, name, folder = words
    command = [sys.executable, "-m", "benchmarks.growth.stages", *words]
    command += ["--memory", memory]
    if stage == WHOLE:
        command = [*whole_day(CASES[name], Path(folder))]
    try:
        spent = measure(
            command,
            # 3: the day's verdict is not ok, which is an answer.
            allowed=(0, 3) if stage == WHOLE else (0,),
            environment={
                "PYTHONDONTWRITEBYTECODE": "",
                "DAYWATCH_ENGINE_MEMORY": memory,
                "DAYWATCH_ENGINE_THREADS": str(ENGINE_THREADS),
            },
            log=log,
            most_cpu_seconds=MOST_CPU_SECONDS,
        )
    except CommandFailedError as error:
        lines = str(error).splitlines()
        faults = [line for line in lines if "Error" in line or "Exception" in line]
        # Where the files were made is of no interest to whoever reads the figures.
        return {"failed": [*lines, *faults][-1].replace(f"{folder}/", "")}
    lines = log.read_text().splitlines()
    answer = lines[0 if stage == WHOLE else -1]
    return asdict(spent) | {"memory": memory, "answer": answer}


def _print(answers: Figures) -> None:
    title = f"CPU seconds and peak MB, cold processes, DuckDB with {ENGINE_MEMORY[0]}"
    table = Table("", "GB", *EVERY_STAGE, title=title)
    for name, stages in answers.items():
        if "skipped" in stages:
            table.add_row(name, "", stages["skipped"])
            continue
        cells = [_cell(stages[s]) if s in stages else "" for s in EVERY_STAGE]
        table.add_row(name, f"{stages['file_gb']:.1f}", *cells)
    Console().print(table)


def _cell(spent: dict[str, Any]) -> str:
    if "failed" in spent:
        return "failed"
    cell = f"{spent['cpu_seconds']:.1f} s, {spent['peak_mb']:,.0f} MB"
    return f"{cell} (with {spent['memory']})" if "failed_with" in spent else cell


if __name__ == "__main__":
    main()
