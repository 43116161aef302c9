"""The pieces of work, each for a process of its own; what is done is not done again."""

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.judgement import places
from benchmarks.judgement.answers import Answer, load, save
from benchmarks.judgement.cases import Case
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.deliver import deliver, has_case, write_clean
from benchmarks.judgement.evidently_process import ask_evidently, evidently_job
from benchmarks.judgement.fleet import FleetCase
from benchmarks.judgement.worlds import WORLDS
from monitoring_tasks.settings import switch_off_telemetry

DONE = "done"
FLEET = "fleet"
BEGINNING = 3
"""Of the clean days Evidently is asked some, and the first ones of every case."""
A_WEEK = 7
"""Of a case Evidently is asked the decisive days, so many at most."""
Unit = tuple[str, str, list[list[str]]]
"""A name, the version it is held against, and days with their files."""


def be_quiet() -> None:
    """Silence the libraries of a worker; one thread each, for workers share cores."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    switch_off_telemetry()


def make_world(name: str) -> None:
    """Make the files of a world."""
    folder = places.worlds() / name
    if (folder / DONE).is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    WORLDS[name].make(folder)
    write_clean(folder, name)
    (folder / DONE).touch()


def delivered(case: Case) -> Path:
    """Say where the files of a case lie; make them first if they are not there."""
    folder = places.worlds() / "cases" / case.name
    if not has_case(folder, case):
        shutil.rmtree(folder, ignore_errors=True)
        deliver(case, places.worlds() / case.world, folder)
    return folder


def daywatch_clean(name: str) -> None:
    """Judge a world by Daywatch as it is."""
    from benchmarks.judgement import run_daywatch

    path = places.answers("daywatch") / f"{name}-clean.json"
    if path.is_file():
        return
    home = places.homes() / name
    run_daywatch.prepare(name, places.worlds() / name, home)
    save(path, run_daywatch.judge_clean(name, home))


def daywatch_case(case: Case) -> None:
    """Judge a case by Daywatch."""
    from benchmarks.judgement import run_daywatch

    path = places.answers("daywatch") / f"{case.name}.json"
    if path.is_file():
        return
    home = places.homes() / case.world
    with tempfile.TemporaryDirectory(prefix="daywatch-bench-") as folder:
        found = run_daywatch.judge_case(case, home, delivered(case), Path(folder))
    save(path, found)


def fleet_home() -> None:
    """Judge the fleet by Daywatch as it is."""
    from benchmarks.judgement import run_fleet

    home = places.homes() / FLEET
    if not (home / DONE).is_file():
        run_fleet.prepare(places.worlds(), home)
        (home / DONE).touch()


def daywatch_fleet(case: FleetCase) -> None:
    """Judge a case of the fleet by Daywatch."""
    from benchmarks.judgement import run_fleet

    path = places.answers("daywatch") / FLEET / f"{case.name}.json"
    if path.is_file():
        return
    broken = [delivered(part) for part in case.parts]
    with tempfile.TemporaryDirectory(prefix="daywatch-bench-") as folder:
        found = run_fleet.judge(
            case,
            broken,
            Path(folder),
            worlds=places.worlds(),
            home=places.homes() / FLEET,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))


def fleet_answer(case: FleetCase) -> dict[str, Any] | None:
    """Read what Daywatch made of a case of the fleet; None if it was not asked."""
    path = places.answers("daywatch") / FLEET / f"{case.name}.json"
    return dict(json.loads(path.read_text())) if path.is_file() else None


def nannyml(name: str, cases: Sequence[Case]) -> None:
    """Hold a world and its cases before NannyML."""
    from benchmarks.judgement import run_nannyml

    kept = places.answers("nannyml")
    for unit in _units(name, cases, kept):
        days = [(date.fromisoformat(day), Path(path)) for day, path in unit["days"]]
        contract = WORLDS[name].parsed
        found = run_nannyml.judge(days, Path(unit["reference"]), contract)
        save(kept / f"{unit['name']}.json", found)


def evidently(name: str, cases: Sequence[Case]) -> None:
    """Hold a world and its cases before Evidently, in its own environment."""
    kept = places.answers("evidently")
    units = _units(name, cases, kept, most=A_WEEK, every=WORLDS[name].every)
    if not units:
        return
    presets = {"presets": ["drift", "performance"]}
    job = evidently_job(WORLDS[name].parsed, [unit | presets for unit in units])
    for unit, answers in ask_evidently(job).items():
        save(kept / f"{unit}.json", answers)


def _units(
    name: str,
    cases: Sequence[Case],
    kept: Path,
    *,
    every: int = 1,
    most: int | None = None,
) -> list[dict[str, Any]]:
    """List what a peer has not answered: cases, or the clean days if none is given.

    Args:
        name: The world.
        cases: Cases of the world; none: its clean days.
        kept: Where the peer's answers lie.
        every: One clean day of so many, and the first ones of every case.
        most: How many decisive days of a case, at most; None: all faulty days.
    """
    folder = places.worlds() / name
    units = _of_cases(cases, most) if cases else _of_clean(name, every)
    return [
        {
            "name": unit,
            "reference": str(folder / "versions" / version / "peers.parquet"),
            "days": files,
        }
        for unit, version, files in units
        if not (kept / f"{unit}.json").is_file()
    ]


def _of_clean(name: str, every: int) -> Iterator[Unit]:
    world, folder = WORLDS[name], places.worlds() / name
    of_cases = {
        day for case in CASES if case.world == name for day in case.days[:BEGINNING]
    }
    for version in dict.fromkeys(world.served(day) for day in world.days):
        files = [
            [str(day), str(folder / "days" / f"{day}.parquet")]
            for number, day in enumerate(world.days)
            if world.served(day) == version and (number % every == 0 or day in of_cases)
        ]
        yield f"{name}-clean-{version}", version, files


def _of_cases(cases: Sequence[Case], most: int | None) -> Iterator[Unit]:
    for case in cases:
        place = delivered(case) / "days"
        asked = case.days if most is None else case.decisive[:most]
        files = [[str(day), str(place / f"{day}.parquet")] for day in asked]
        yield case.name, case.release or WORLDS[case.world].served(case.onset), files


def clean_answers(tool: str, name: str) -> list[Answer]:
    """Read what a tool said of a world as it is; nothing if it was not asked."""
    kept = places.answers(tool)
    found: list[Answer] = []
    whole, parts = kept / f"{name}-clean.json", kept.glob(f"{name}-clean-*.json")
    for path in (*filter(Path.is_file, [whole]), *sorted(parts)):
        found += load(path)
    return sorted(found, key=lambda answer: answer.day)


def case_answers(tool: str, case: Case) -> list[Answer] | None:
    """Read what a tool said of a case; None if it was not asked."""
    path = places.answers(tool) / f"{case.name}.json"
    return load(path) if path.is_file() else None
