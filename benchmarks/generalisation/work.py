"""The pieces of work, each for a process of its own; what is done is not done again."""

import json
import logging
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

from benchmarks.generalisation import places
from benchmarks.generalisation.answers import Look
from benchmarks.generalisation.cases import Case
from benchmarks.generalisation.data.making import MadeWorld, make_world
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.harm import Harm
from benchmarks.generalisation.scoring import Judged
from benchmarks.generalisation.truths import truth_of
from monitoring_tasks.settings import switch_off_telemetry


def be_quiet() -> None:
    """Silence the libraries of a worker; one thread each, for workers share cores."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    switch_off_telemetry()


def world(name: str) -> None:
    """Make the files of a world."""
    make_world(name, places.worlds() / name)


def history(name: str) -> None:
    """Live a world without any fault."""
    from benchmarks.generalisation.living import live_history

    live_history(name)


def case(asked: Case) -> None:
    """Work a case out and let Daywatch live it."""
    path = _path(asked)
    if path.is_file():
        return
    from benchmarks.generalisation.delivery import Delivered
    from benchmarks.generalisation.living import live_case

    made = MadeWorld(world=WORLDS[asked.world], folder=places.worlds() / asked.world)
    delivered = Delivered(case=asked, made=made)
    with tempfile.TemporaryDirectory(prefix="daywatch-grammar-") as folder:
        looks = live_case(delivered, Path(folder))
    _save(
        path,
        {
            "harm": delivered.harm.to_json(),
            "looks": [look.to_json() for look in looks],
        },
    )


def judged(asked: Case) -> Judged | None:
    """Read what became of a case; None if it was not asked."""
    path = _path(asked)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text())
    harm = Harm(**kept["harm"])
    problem = WORLDS[asked.world].data.schema.problem
    truth = truth_of(asked.production, asked.cell.rows, harm, problem)
    looks = tuple(Look.from_json(look) for look in kept["looks"])
    return Judged(case=asked, harm=harm, truth=truth, looks=looks)


def clean_looks(name: str) -> list[Look]:
    """Read what was said of a world's history; nothing if it was not lived."""
    path = places.homes() / name / "clean.json"
    if not path.is_file():
        return []
    return [Look.from_json(look) for look in json.loads(path.read_text())]


def _path(asked: Case) -> Path:
    return places.answers() / f"{asked.name}.json"


def _save(path: Path, facts: dict[str, Any]) -> None:
    """Write an answer; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(facts))
    half.replace(path)
