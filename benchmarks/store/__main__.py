"""How fast the store answers when it holds what years of many models leave.

    python -m benchmarks.store                      # 1,000 models x 3 years, SQLite
    python -m benchmarks.store --database postgres  # the same in Postgres
    python -m benchmarks.store --models 50 --json   # a part of it, for a program

Made rows in a new database: a day of each model has an evaluation, ten numbers, counts
and two partitions; every sixty days an incident with its messages, rollback and lines.
Each query is asked by the function that commands call: once after the system has let
go of the files, then again and again. CPU is that of this process, so all of it where
the store is SQLite; where others share the machine it is the figure to read.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.store.databases import forget, quickly, running
from benchmarks.store.made_incidents import fill_incidents
from benchmarks.store.made_store import Size, fill, gather_statistics
from benchmarks.store.queries import queries
from monitoring_tasks.store.database import Database

LIMIT_MS = 200
"""What no query may take."""
WARM = 7
"""So often a query is asked again."""


def main() -> None:
    """Fill a store, ask every question, print how long the answers took."""
    parser = argparse.ArgumentParser(prog="benchmarks.store", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=1_096)
    parser.add_argument("--profile-bytes", type=int, default=4_000)
    parser.add_argument(
        "--folder", type=Path, help="keep the store there; ask it again"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    size = Size(models=asked.models, days=asked.days, profile_bytes=asked.profile_bytes)
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with running(asked.database, folder) as url:
            times = _measure(url, folder, size)
    if asked.json:
        json.dump(times, sys.stdout, indent=2)
        return
    _print(f"{asked.database}, {size.models:,} models x {size.days:,} days", times)


def _measure(url: str, folder: Path, size: Size) -> dict[str, dict[str, float]]:
    console = Console(stderr=True)
    with console.status("the store is made") as status:
        database = Database(url)
        if not (folder / "filled").exists():
            begun = time.perf_counter()

            def progress(name: str) -> None:
                elapsed = time.perf_counter() - begun
                status.update(f"{name} are made ({elapsed:.0f} s so far)")

            with quickly(database):
                fill(database, size, progress)
                fill_incidents(database, size, progress)
            gather_statistics(database)
            (folder / "filled").touch()
            console.print(f"filled in {time.perf_counter() - begun:.0f} s")
        asked = queries(database, size)
        times = {}
        for name, ask in asked.items():
            status.update(name)
            database.engine.dispose()
            forget(folder)
            (cold, _), *warm = [_milliseconds(ask) for _ in range(WARM + 1)]
            walls, cpus = zip(*warm, strict=True)
            times[name] = {
                "cold_ms": cold,
                "median_ms": statistics.median(walls),
                "worst_ms": max(walls),
                "cpu_ms": statistics.median(cpus),
            }
        database.engine.dispose()
    return times


def _milliseconds(ask: Callable[[], object]) -> tuple[float, float]:
    """Return how long an answer took, and what of it this process computed."""
    begun, spent = time.perf_counter(), time.process_time()
    ask()
    wall, cpu = time.perf_counter() - begun, time.process_time() - spent
    return wall * 1000, cpu * 1000


def _print(title: str, times: dict[str, dict[str, float]]) -> None:
    table = Table(title=f"Milliseconds: {title}")
    table.add_column("query")
    for name in ("cold", "median", "worst", "CPU"):
        table.add_column(name, justify="right")
    for name, spent in sorted(times.items(), key=lambda item: -item[1]["worst_ms"]):
        style = "bold red" if spent["worst_ms"] > LIMIT_MS else ""
        table.add_row(name, *(f"{ms:,.1f}" for ms in spent.values()), style=style)
    Console().print(table)


if __name__ == "__main__":
    main()
