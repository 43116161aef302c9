"""Days in bulk: CPU seconds a day beyond start-up, and whether memory grows with days.

    python -m benchmarks.speed.bulk HOME MODEL FIRST LAST

judges a range of days in one process, as `daywatch backfill` does in as many as there
are processors.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.speed.cold_days import daywatch, least
from benchmarks.speed.measure import Spent, measure

DAYS = (15, 30, 60)
ROWS = 10_000
COLD = "cold"
"""One day alone, in a process of its own: what a day in bulk is read against."""
TYPED = "as typed"
"""`daywatch backfill` itself, which uses all processors, over the longest range."""


def model_of(days: int | str) -> str:
    """Return the model that a range is judged of: none judges a day twice.

    Args:
        days: How many, `COLD` or `TYPED`.
    """
    return f"bulk_{days}".replace(" ", "_")


def models() -> list[str]:
    """Return every model that is judged in bulk."""
    return [model_of(days) for days in (*DAYS, COLD, TYPED)]


def measure_backfill(
    home: Path, first: date, *, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Judge a day alone, ranges of days in one process each, the longest as typed.

    Args:
        home: The workspace; holds the days, and one day of each model is judged.
        first: First day.
        tell: Called with what is being done.

    Returns:
        `rows` a day; cost of a day alone, `cold_day`, and by number of `days`; CPU
        seconds of `start_up` and of `a_day` beyond it; `as_typed`, with its number of
        processes.
    """
    tell(f"a day of {ROWS:,} rows alone")
    cold = least(daywatch(home, first, model_of(COLD)), home.parent)
    costs = {}
    for days in DAYS:
        tell(f"{days} days of {ROWS:,} rows, one process")
        command = [sys.executable, "-m", "benchmarks.speed.bulk", str(home)]
        words = [model_of(days), str(first), str(_last(first, days))]
        costs[days] = _measure([*command, *words], home)
    tell(f"{DAYS[-1]} days of {ROWS:,} rows, as typed")
    program = str(Path(sys.executable).with_name("daywatch"))
    words = ["--from", str(first), "--to", str(_last(first, DAYS[-1]))]
    typed = _measure([program, "backfill", model_of(TYPED), *words], home)
    return {"rows": ROWS, "cold_day": asdict(cold), **line_through(costs)} | {
        "days": {str(days): asdict(spent) for days, spent in costs.items()},
        "as_typed": {"processes": os.cpu_count(), "days": DAYS[-1], **asdict(typed)},
    }


def _last(first: date, days: int) -> date:
    return first + timedelta(days=days - 1)


def _measure(command: list[str], home: Path) -> Spent:
    return measure(
        command,
        environment={"DAYWATCH_HOME": str(home), "PYTHONDONTWRITEBYTECODE": ""},
        log=home.parent / "output.log",
    )


def line_through(costs: Mapping[int, Spent]) -> dict[str, float]:
    """Return the line of least squares through CPU seconds by number of days.

    Args:
        costs: What each number of days cost; two of them at least.

    Returns:
        `start_up` at no day, `a_day` more for each, and `most_a_day`: the dearest
        stretch between two neighbouring numbers, which shows where days grow dearer.
    """
    import numpy as np

    seconds = [spent.cpu_seconds for spent in costs.values()]
    a_day, start_up = np.polyfit(list(costs), seconds, 1)
    stretches = [
        (costs[b].cpu_seconds - costs[a].cpu_seconds) / (b - a)
        for a, b in pairwise(sorted(costs))
    ]
    return {
        "start_up": float(start_up),
        "a_day": float(a_day),
        "most_a_day": max(stretches),
    }


def main() -> None:
    """Judge the range that is named, in this process alone."""
    from monitoring_tasks.operations.backfilling import backfill
    from monitoring_tasks.workspace.workspace import open_workspace

    home, model, first, last = sys.argv[1:]
    with open_workspace(Path(home)) as workspace:
        summary = backfill(model, first, last, workspace=workspace)
    print(summary)  # noqa: T201 (what a failed run is told by)


if __name__ == "__main__":
    main()
