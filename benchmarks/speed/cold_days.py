"""A day in cold processes: Daywatch beside the peers, and beside fits made before."""

import itertools
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from benchmarks.speed.made_model import (
    FIRST_DAY,
    MODEL,
    make_reference_rows,
    make_rows,
    write_day,
)
from benchmarks.speed.measure import Spent, measure
from monitoring_tasks.compare.reproduction import schedule
from monitoring_tasks.contract.rescore import RescorePolicy

EVIDENTLY = Path(".venv-evidently/bin/python")
DAYWATCH = "Daywatch"
RESCORED = "Daywatch, rows scored again"
"""A day of three: a sample is scored again with the version its rows state."""
KEPT = "NannyML, fitted before"
Answers = dict[str, dict[str, Spent]]
"""Rows -> side -> what it cost."""
Commands = Mapping[str, Sequence[str]]


def measure_days(
    folder: Path,
    sizes: Sequence[int],
    commands: Callable[[Path, Sequence[str]], Commands],
    *,
    repeat: int,
    tell: Callable[[str], None],
) -> Answers:
    """Measure a day of each size on every side.

    Args:
        folder: Holds the workspace, `home`; takes the peers' rows.
        sizes: Rows of each day.
        commands: Of every side, from the folder of the peers' rows and our command.
        repeat: How often each is run; the least CPU time counts.
        tell: Called with what is being done.
    """
    answers: Answers = {}
    plain, turns = days_of(MODEL, len(sizes)), days_of(MODEL, len(sizes), is_turn=True)
    for rows, day, turn in zip(sizes, plain, turns, strict=True):
        peers = write_peers_rows(folder, day, rows)
        of_sides = {
            **commands(peers, daywatch(folder / "home", day)),
            RESCORED: daywatch(folder / "home", turn),
        }
        costs = answers[f"{rows}"] = {}
        for delivered in (day, turn):
            write_day(folder / "home", delivered, rows)
        for side, command in of_sides.items():
            tell(f"{rows:,} rows: {side}")
            costs[side] = least(command, folder, repeat)
    return answers


def days_of(model: str, count: int, *, is_turn: bool = False) -> list[date]:
    """Return days on which it is a model's turn to have rows scored again, or is not.

    Args:
        model: Registered model name.
        count: How many.
        is_turn: Which of the two.
    """
    turn = partial(schedule.is_turn, model, every_days=RescorePolicy().every_days)
    later = (FIRST_DAY + timedelta(days=number) for number in itertools.count())
    wanted = (day for day in later if turn(day) is is_turn)
    return list(itertools.islice(wanted, count))


def write_peers_rows(folder: Path, day: date, rows: int) -> Path:
    """Write the reference and a day as the peers read them; return their folder.

    Args:
        folder: Takes a folder of them.
        day: The day.
        rows: How many rows it has.
    """
    peers = folder / f"rows-{rows}"
    peers.mkdir(exist_ok=True)
    make_reference_rows().to_parquet(peers / "reference.parquet", index=False)
    make_rows(day, rows).to_parquet(peers / "day.parquet", index=False)
    return peers


def beside_peers(folder: Path, ours: Sequence[str]) -> Commands:
    """Return the command of every side, the peers at their defaults.

    Args:
        folder: Of the peers' rows.
        ours: The command of Daywatch.
    """
    commands: dict[str, Sequence[str]] = {
        DAYWATCH: ours,
        "NannyML": _peer("nannyml", folder),
        "Great Expectations": _peer("gx", folder),
    }
    if EVIDENTLY.exists():
        script = str(Path(__file__).with_name("evidently_day.py"))
        commands["Evidently"] = [str(EVIDENTLY), script, str(folder)]
    return commands


def beside_kept_fits(folder: Path, ours: Sequence[str]) -> Commands:
    """Fit and pickle NannyML's calculators; return the commands of a day after that.

    Args:
        folder: Of the peers' rows.
        ours: The command of Daywatch.
    """
    measure(_peer("nannyml-fit", folder), log=folder / "output.log")
    return {
        DAYWATCH: ours,
        KEPT: _peer("nannyml-kept", folder),
    }


def daywatch(home: Path, day: date, model: str = MODEL) -> list[str]:
    """Return the command that judges a day.

    Args:
        home: The workspace.
        day: The day.
        model: Registered model name.
    """
    program = str(Path(sys.executable).with_name("daywatch"))
    return [program, "run", model, "--day", str(day), "--home", str(home)]


def least(
    command: Sequence[str],
    folder: Path,
    repeat: int = 1,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Spent:
    """Measure a command some times; the least CPU time is the least disturbed.

    Args:
        command: Program and arguments.
        folder: Takes its output.
        repeat: How often.
        variables: Of its environment, on top of this process' own.
    """
    costs = [
        measure(
            command,
            # 3: the day's verdict is not ok, which is an answer.
            allowed=(0, 3),
            environment={"PYTHONDONTWRITEBYTECODE": "", **variables},
            log=folder / "output.log",
        )
        for _ in range(repeat)
    ]
    return min(costs, key=lambda spent: spent.cpu_seconds)


def _peer(name: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.speed.peers", name, str(folder)]
