"""How fast a model-day is, beside the peers: same rows, cold processes, one run.

    make bench                                  # 1,000 to 1,000,000 rows
    python -m benchmarks.speed --rows 10000     # one size
    python -m benchmarks.speed --json           # for a program

Made rows: fifteen numbers, five categories of 5 to 1,000 values, a score, labels, one
segment, one protected column. Daywatch runs its whole day, from the files to a verdict;
peers import, read, fit and compute. CPU seconds are what to read, and ratios: all sides
share the machine and its mood.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.speed.chart import draw
from benchmarks.speed.made_model import (
    FIRST_DAY,
    MODEL,
    ROWS_A_DAY,
    build,
    make_reference_rows,
    make_rows,
    write_day,
)
from benchmarks.speed.measure import Spent, measure

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RESULTS = Path(__file__).with_name("results.json")
PICTURE = Path(__file__).parents[2] / "docs" / "speed.svg"
EVIDENTLY = Path(".venv-evidently/bin/python")
DAYWATCH = "Daywatch"
BEFORE = FIRST_DAY - timedelta(days=1)
Answers = dict[str, dict[str, Spent]]
"""Rows -> side -> what it cost."""


def main() -> None:
    """Make the rows, measure every side, print the table and keep the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--repeat", type=int, default=1, help="the least CPU counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--keep", action="store_true", help=f"write {RESULTS.name}, draw the chart"
    )
    asked = parser.parse_args()
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        console.status("a model and its reference are made") as status,
    ):
        home = Path(folder) / "home"
        build(home)
        # As on any day but the first: the reference was fetched, answers are kept.
        write_day(home, BEFORE, ROWS_A_DAY)
        _least(_daywatch(home, BEFORE), 1, Path(folder))
        answers: Answers = {}
        for number, rows in enumerate(asked.rows or SIZES):
            write_day(home, FIRST_DAY + timedelta(days=number), rows)
            costs = answers[f"{rows}"] = {}
            for side, command in _commands(Path(folder), number, rows).items():
                status.update(f"{rows:,} rows: {side}")
                costs[side] = _least(command, asked.repeat, Path(folder))
    document = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "rows": {
            rows: {s: asdict(c) for s, c in of.items()} for rows, of in answers.items()
        },
    }
    if asked.keep:
        RESULTS.write_text(json.dumps(document, indent=2) + "\n")
        PICTURE.write_text(draw(document))
    if asked.json:
        print(json.dumps(document))  # noqa: T201 (what was asked for)
        return
    _print(answers)


def _commands(folder: Path, number: int, rows: int) -> dict[str, Sequence[str]]:
    """Write the day for the peers; return the command of every side."""
    day = FIRST_DAY + timedelta(days=number)
    place = folder / f"rows-{rows}"
    place.mkdir()
    make_reference_rows().to_parquet(place / "reference.parquet", index=False)
    make_rows(day, rows).to_parquet(place / "day.parquet", index=False)
    python = [sys.executable, "-m", "benchmarks.speed.peers"]
    commands: dict[str, Sequence[str]] = {
        DAYWATCH: _daywatch(folder / "home", day),
        "NannyML": [*python, "nannyml", str(place)],
        "Great Expectations": [*python, "gx", str(place)],
    }
    if EVIDENTLY.exists():
        script = str(Path(__file__).with_name("evidently_day.py"))
        commands["Evidently"] = [str(EVIDENTLY), script, str(place)]
    return commands


def _daywatch(home: Path, day: date) -> list[str]:
    program = str(Path(sys.executable).with_name("daywatch"))
    return [program, "run", MODEL, "--day", str(day), "--home", str(home)]


def _least(command: Sequence[str], repeat: int, folder: Path) -> Spent:
    """Measure a command some times; the least CPU time is the least disturbed."""
    costs = [
        measure(
            command,
            # 3: the day's verdict is not ok, which is an answer.
            allowed=(0, 3),
            environment={"PYTHONDONTWRITEBYTECODE": ""},
            log=folder / "output.log",
        )
        for _ in range(repeat)
    ]
    return min(costs, key=lambda spent: spent.cpu_seconds)


def _print(answers: Answers) -> None:
    table = Table(title="One model-day, cold process, imports and reads included")
    for name in ("rows", "", "CPU s", "wall s", "peak MB", "CPU, Daywatch = 1"):
        table.add_column(name, justify="left" if not name else "right")
    for rows, costs in answers.items():
        ours = costs[DAYWATCH]
        for side, spent in costs.items():
            table.add_row(
                f"{int(rows):,}" if side == DAYWATCH else "",
                side,
                f"{spent.cpu_seconds:.1f}",
                f"{spent.wall_seconds:.1f}",
                f"{spent.peak_mb:,.0f}",
                f"{spent.cpu_seconds / ours.cpu_seconds:.1f}",
            )
        table.add_section()
    Console().print(table)


if __name__ == "__main__":
    main()
