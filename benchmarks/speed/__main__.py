"""How fast a model-day is, beside the peers: same rows, cold processes, one run.

    make bench                                  # 1,000 to 1,000,000 rows, and backfill
    python -m benchmarks.speed days --rows 10000
    python -m benchmarks.speed postgres         # rows that stay in a database
    python -m benchmarks.speed backfill         # 15, 30 and 60 days of 10,000 rows
    python -m benchmarks.speed fitted           # NannyML spared its fits; `bench-full`
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
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from benchmarks.results_file import Figures, keep_parts
from benchmarks.speed import warehouse
from benchmarks.speed.bulk import DAYS, ROWS, measure_backfill, models
from benchmarks.speed.chart import draw
from benchmarks.speed.cold_days import (
    Answers,
    beside_kept_fits,
    beside_peers,
    daywatch,
    least,
    measure_days,
)
from benchmarks.speed.made_model import FIRST_DAY, MODEL, ROWS_A_DAY, build, write_day
from benchmarks.speed.tables import print_backfill, print_days
from benchmarks.speed.warehouse import measure_in_postgres

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RESULTS = Path(__file__).with_name("results.json")
PICTURE = Path(__file__).parents[2] / "docs" / "speed.svg"
BEFORE = FIRST_DAY - timedelta(days=1)
FIRST_IN_BULK = date(2026, 4, 1)
PARTS = {
    "days": ("rows", [MODEL]),
    "backfill": ("backfill", models()),
    "fitted": ("fitted", [MODEL]),
    "postgres": ("postgres", []),
}
"""Part -> the key it is kept under, and the models it judges."""
USUAL = ("days", "postgres", "backfill")


def main() -> None:
    """Make the rows, measure every side, print the tables and keep the figures."""
    options = _options()
    parts = [options.part] if options.part else USUAL
    document: Figures = {"python": platform.python_version(), "cpus": os.cpu_count()}
    with (
        tempfile.TemporaryDirectory() as folder,
        Console(stderr=True).status("models and references are made") as status,
    ):
        _build(Path(folder), [name for part in parts for name in PARTS[part][1]])
        for part in parts:
            figures = _measure(part, Path(folder), options, status.update)
            document[PARTS[part][0]] = figures
    if options.keep:
        keep_parts(RESULTS, document)
        PICTURE.write_text(draw(json.loads(RESULTS.read_text())))
    if options.json:
        print(json.dumps(document))  # noqa: T201 (what was asked for)
        return
    for part in parts:
        show = print_backfill if part == "backfill" else print_days
        show(document[PARTS[part][0]])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", choices=PARTS, nargs="?")
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--repeat", type=int, default=1, help="the least CPU counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--keep", action="store_true", help=f"write {RESULTS.name}, draw the chart"
    )
    return parser.parse_args()


def _build(folder: Path, names: list[str]) -> None:
    """Make the workspace and judge a day of each model.

    As on any day but the first: the reference was fetched, answers are kept.
    """
    home = folder / "home"
    in_bulk = [name for name in names if name in models()]
    build(home, [name for name in names if name not in in_bulk])
    if in_bulk:
        # Days as large as those of their reference: nothing of them warns.
        build(home, in_bulk, rows_a_day=ROWS)
    write_day(home, BEFORE, ROWS_A_DAY)
    for name in names:
        least(daywatch(home, BEFORE, name), folder)


def _measure(
    part: str, folder: Path, options: argparse.Namespace, tell: Callable[[str], None]
) -> Figures:
    """Measure one part; return its figures as they are kept."""
    if part == "backfill":
        tell("days are made")
        for number in range(max(DAYS)):
            write_day(folder / "home", FIRST_IN_BULK + timedelta(days=number), ROWS)
        return measure_backfill(folder / "home", FIRST_IN_BULK, tell=tell)
    if part == "postgres":
        own = folder / part
        own.mkdir()
        sizes = options.rows or warehouse.SIZES
        answers = measure_in_postgres(own, sizes, repeat=options.repeat, tell=tell)
        return _as_kept(answers)
    answers = measure_days(
        folder,
        options.rows or SIZES,
        beside_peers if part == "days" else beside_kept_fits,
        repeat=options.repeat,
        tell=tell,
    )
    return _as_kept(answers)


def _as_kept(answers: Answers) -> Figures:
    return {rows: {s: asdict(c) for s, c in of.items()} for rows, of in answers.items()}


if __name__ == "__main__":
    main()
